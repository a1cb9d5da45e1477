package dev.lookback.bench.peers;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/** Runs iterations and takes their times. */
final class Stopwatch {
  private static final int TENTH = 10;

  private final DoubleSupplier iteration;
  private final long startMillis;
  private int count;
  private double lossFirst = Double.NaN;
  private double lossLast = Double.NaN;
  private double firstMs = Double.NaN;
  private double tenthMs = Double.NaN;

  /**
   * A stopwatch that has not run.
   *
   * @param iteration what is timed; answers with its loss
   * @param startMillis when the JVM started, by the wall clock
   */
  Stopwatch(DoubleSupplier iteration, long startMillis) {
    this.iteration = iteration;
    this.startMillis = startMillis;
  }

  /** Warms up, and times. */
  Times run(Effort effort) {
    long end = later(effort.seconds());
    for (int i = 0; i < effort.warmup() && System.nanoTime() < end; i++) {
      once();
    }
    double[] milliseconds = new double[effort.iterations()];
    end = later(effort.seconds());
    int done = 0;
    while (done < milliseconds.length && (done < Effort.FEWEST || System.nanoTime() < end)) {
      milliseconds[done++] = once();
    }
    return new Times(Arrays.copyOf(milliseconds, done), lossFirst, lossLast, firstMs, tenthMs);
  }

  private double once() {
    long before = System.nanoTime();
    double loss = iteration.getAsDouble();
    long after = System.nanoTime();
    count++;
    lossLast = loss;
    if (count == 1) {
      lossFirst = loss;
      firstMs = System.currentTimeMillis() - startMillis;
    }
    if (count == TENTH) {
      tenthMs = System.currentTimeMillis() - startMillis;
    }
    return (after - before) / 1e6;
  }

  // An infinite number of seconds is a century; nanoTime must not wrap around.
  private static long later(double seconds) {
    return System.nanoTime() + (long) (Math.min(seconds, 3e9) * 1e9);
  }
}
