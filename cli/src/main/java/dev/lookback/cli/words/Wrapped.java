package dev.lookback.cli.words;

/** Sentences on lines of a terminal. */
public final class Wrapped {
  private Wrapped() {}

  /** Breaks at spaces; lines after the first are indented by the width of {@code bullet}. */
  public static String of(String sentence, int width, String bullet) {
    StringBuilder text = new StringBuilder(bullet);
    int column = bullet.length();
    boolean first = true;
    for (String word : sentence.split(" ", -1)) {
      if (!first && column + 1 + word.length() > width) {
        text.append(System.lineSeparator()).append(" ".repeat(bullet.length()));
        column = bullet.length();
      } else if (!first) {
        text.append(' ');
        column++;
      }
      text.append(word);
      column += word.length();
      first = false;
    }
    return text.toString();
  }
}
