package dev.lookback.cli.bench;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How long steps took.
 *
 * @param sorted nanoseconds of each measured step, shortest first
 * @param firstEnd when the first step of all was done, in milliseconds of the clock on the wall
 * @param tenthEnd when the tenth was, if there were so many
 * @param loss of the last step
 */
public record Timing(long[] sorted, long firstEnd, OptionalLong tenthEnd, OptionalDouble loss) {
  private static final double MILLI = 1e-6;

  /**
   * How many steps, and for how long at most.
   *
   * @param warmUp steps before those that are measured
   * @param iterations steps that are measured
   * @param seconds the most that either may take; one step is measured in any case
   */
  public record Plan(int warmUp, int iterations, double seconds) {}

  /** Takes the times of a step done over and over. */
  static Timing of(Step step, Plan plan) {
    Clock clock = new Clock();
    long start = System.nanoTime();
    long most = (long) Math.min(Long.MAX_VALUE / 4.0, plan.seconds() * 1e9);
    for (int i = 0; i < plan.warmUp() && System.nanoTime() - start < most; i++) {
      step.run();
      clock.done();
    }
    long[] nanos = new long[Math.min(plan.iterations(), 1024)];
    int count = 0;
    start = System.nanoTime();
    long before = start;
    while (count < plan.iterations() && (count == 0 || before - start < most)) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, Math.min(plan.iterations(), 2 * count));
        before = System.nanoTime();
      }
      step.run();
      long after = System.nanoTime();
      nanos[count++] = after - before;
      before = after;
      clock.done();
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return new Timing(sorted, clock.first, clock.tenth, step.loss());
  }

  private static final class Clock {
    private int steps;
    private long first;
    private OptionalLong tenth = OptionalLong.empty();

    void done() {
      steps++;
      if (steps == 1) {
        first = System.currentTimeMillis();
      } else if (steps == 10) {
        tenth = OptionalLong.of(System.currentTimeMillis());
      }
    }
  }

  /** How many steps were measured. */
  int count() {
    return sorted.length;
  }

  /** Half of the steps took no longer: the middle one, or the mean of the two in the middle. */
  double medianMillis() {
    int middle = sorted.length / 2;
    long upper = sorted[middle];
    return MILLI * (sorted.length % 2 == 1 ? upper : (sorted[middle - 1] + upper) / 2.0);
  }

  /** The shortest. */
  double minMillis() {
    return MILLI * sorted[0];
  }

  /** The shortest that nine tenths of the steps do not exceed. */
  double p90Millis() {
    return MILLI * sorted[(int) Math.ceil(0.9 * sorted.length) - 1];
  }
}
