package dev.lookback.cli;

/** A text that is printed while it is made, for as long as somebody reads it. */
final class GeneratedText {
  // Often enough for a reader to see it grow, and seldom enough to cost nothing.
  private static final long FLUSH_EVERY_NANOS = 50_000_000L;
  private static final int FLUSH_EVERY = 4096;

  private final Output out;
  private final boolean shown;
  private final String prompt;
  private boolean begun;
  private int sinceFlush;
  private long flushed = System.nanoTime();

  /**
   * Prints nothing yet.
   *
   * @param prompt what the text begins with
   * @param shown whether what a terminal would obey becomes an escape
   */
  GeneratedText(Output out, String prompt, boolean shown) {
    this.out = out;
    this.prompt = prompt;
    this.shown = shown;
  }

  /** Prints a character, and tells whether anybody wants another. */
  boolean add(String symbol) {
    if (!begun) {
      begun = true;
      print(prompt);
    }
    print(symbol);
    sinceFlush++;
    long now = System.nanoTime();
    if (sinceFlush < FLUSH_EVERY && now - flushed < FLUSH_EVERY_NANOS) {
      return true;
    }
    flushed = now;
    sinceFlush = 0;
    return out.failure().isEmpty();
  }

  /** Ends the text's last line. */
  void end() {
    out.println();
  }

  private void print(String text) {
    if (shown) {
      out.print(text);
    } else {
      out.raw(text);
    }
  }
}
