package dev.lookback.cli.words;

import java.util.regex.Pattern;

/** A word of a command that a reader is to type. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_@%+=:,./-]+");

  private ShellWord() {}

  /** As a POSIX shell takes it for one word: in single quotes where it has to be. */
  public static String of(Object value) {
    String word = value.toString();
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
