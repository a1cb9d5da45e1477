package dev.lookback.cli.report;

import java.util.function.IntUnaryOperator;

/**
 * How much room text takes: in cells of a terminal, and, estimated, in pixels of a proportional
 * font. The estimate errs on the wide side, so that what is laid out by it does not collide.
 */
final class Glyphs {
  private static final String NARROW = "iIjl.,:;'|!()[]{}·` ";
  private static final String SLIM = "frt-/\\\"*°";
  private static final String BROAD = "mwMWQGOCDNHUA%@&±×→∞Σ";

  private Glyphs() {}

  /** Cells in a terminal: none for combining marks, two for East Asian characters and emoji. */
  static int cells(String text) {
    return sum(text, Glyphs::cells);
  }

  static int cells(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return isWide(c) ? 2 : 1;
  }

  /** Text that moves no cursor: control characters and lone surrogates become U+FFFD. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean safe = type != Character.CONTROL && type != Character.SURROGATE;
              out.appendCodePoint(safe && !isBidirectionalControl(c) ? c : 0xFFFD);
            });
    return out.toString();
  }

  /** Pixels in the pictures' sans-serif font. */
  static double pixels(String text, double size) {
    return sum(text, Glyphs::thousandths) * size / 1000;
  }

  /** Pixels in the same font, half bold. */
  static double strongPixels(String text, double size) {
    return 1.1 * pixels(text, size);
  }

  /** The text itself where it fits, else its beginning and an ellipsis. */
  static String shortened(String text, double size, double room) {
    if (pixels(text, size) <= room) {
      return text;
    }
    int end = text.length();
    while (end > 0 && pixels(text.substring(0, end) + "…", size) > room) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end).stripTrailing() + "…";
  }

  private static int sum(String text, IntUnaryOperator width) {
    return text.codePoints().map(width).sum();
  }

  private static int thousandths(int c) {
    if (cells(c) != 1) {
      return cells(c) * 520;
    }
    if (NARROW.indexOf(c) >= 0) {
      return 330;
    }
    if (SLIM.indexOf(c) >= 0) {
      return 420;
    }
    return BROAD.indexOf(c) >= 0 ? 860 : 640;
  }

  private static boolean isBidirectionalControl(int c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }

  private static boolean isWide(int c) {
    // The wide and full-width ranges of Unicode's East Asian Width (UAX 11), joined where only
    // unassigned characters lie between.
    return (c >= 0x1100 && c <= 0x115F)
        || (c >= 0x2E80 && c <= 0x303E)
        || (c >= 0x3041 && c <= 0xA4CF)
        || (c >= 0xA960 && c <= 0xA97F)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60)
        || (c >= 0xFFE0 && c <= 0xFFE6)
        || (c >= 0x1F300 && c <= 0x1F64F)
        || (c >= 0x1F680 && c <= 0x1F6FF)
        || (c >= 0x1F900 && c <= 0x1F9FF)
        || (c >= 0x20000 && c <= 0x3FFFD);
  }
}
