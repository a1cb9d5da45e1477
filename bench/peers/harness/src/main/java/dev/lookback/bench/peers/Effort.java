package dev.lookback.bench.peers;

/**
 * How long to measure.
 *
 * @param iterations timed iterations at most
 * @param warmup iterations before them at most
 * @param seconds the longest that the warm-up may take, and after it the timed iterations; three of
 *     these are timed whatever they take
 */
public record Effort(int iterations, int warmup, double seconds) {
  /** Timed even when the seconds are over, so that there is a median. */
  static final int FEWEST = 3;

  /** Checks the numbers. */
  public Effort {
    Options.atLeast(1, iterations, "--iterations");
    Options.atLeast(0, warmup, "--warmup");
    if (!(seconds > 0)) {
      throw new IllegalArgumentException(
          "--seconds is " + seconds + ", but something above 0 is needed");
    }
  }

  /** The first ten iterations of a fresh JVM, nothing before them. */
  static Effort start() {
    return new Effort(10, 0, Double.POSITIVE_INFINITY);
  }
}
