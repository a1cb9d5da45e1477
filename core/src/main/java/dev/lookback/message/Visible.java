package dev.lookback.message;

import java.util.Locale;

/**
 * Shows text that a file or a person gave: what a terminal obeys or hides instead of showing it is
 * written as an escape, such as {@code \u001b} for the escape character and {@code \u202e} for the
 * one that turns the direction of writing. The escapes are those of JSON, so that JSON stays the
 * same JSON.
 */
public final class Visible {
  private static final String CUT = "...";

  private Visible() {}

  /** The text on one line: line ends and tabs are escapes too. */
  public static String of(String text) {
    return escaped(text, "");
  }

  /** The text with its lines and tabs as they are. */
  public static String lines(String text) {
    return escaped(text, "\n\t");
  }

  /** The text on one line, cut behind so many characters. */
  public static String brief(String text, int most) {
    if (text.length() <= most) {
      return of(text);
    }
    boolean splits = Character.isHighSurrogate(text.charAt(most - 1));
    return of(text.substring(0, splits ? most - 1 : most)) + CUT;
  }

  private static String escaped(String text, String kept) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isHidden(c) && kept.indexOf(c) < 0) {
                shown.append(escape(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  /** Whether a terminal does not show a character but obeys it, or shows nothing. */
  public static boolean isHidden(int c) {
    return c < 0x20
        || (c >= 0x7f && c < 0xa0)
        || isDirection(c)
        || c == 0x2028 // ends a line, for some programs
        || c == 0x2029
        || c == 0x200b // no width
        || c == 0x2060
        || c == 0xfeff
        || (c >= 0xd800 && c < 0xe000) // half of a character
        || (c >= 0xe0000 && c < 0xe0080); // tags, which carry text that nobody sees
  }

  // Unicode's bidirectional controls: a line may read otherwise than it is.
  private static boolean isDirection(int c) {
    return c == 0x061c
        || c == 0x200e
        || c == 0x200f
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }

  /** The escape that stands for a character. */
  public static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        StringBuilder units = new StringBuilder();
        for (char unit : Character.toChars(c)) {
          units.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
        }
        yield units.toString();
      }
    };
  }
}
