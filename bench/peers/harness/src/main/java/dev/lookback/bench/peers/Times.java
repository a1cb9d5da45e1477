package dev.lookback.bench.peers;

import java.util.Arrays;

/**
 * What a stopwatch read.
 *
 * @param milliseconds of each timed iteration
 * @param lossFirst the loss of the first iteration, before any update
 * @param lossLast the loss of the last
 * @param firstMs from the JVM's start to the end of the first iteration
 * @param tenthMs to the end of the tenth; NaN if there were fewer
 */
record Times(
    double[] milliseconds, double lossFirst, double lossLast, double firstMs, double tenthMs) {

  /** Sorts a copy of the times. */
  Times {
    milliseconds = milliseconds.clone();
    Arrays.sort(milliseconds);
  }

  double median() {
    int n = milliseconds.length;
    return (milliseconds[(n - 1) / 2] + milliseconds[n / 2]) / 2;
  }

  double min() {
    return milliseconds[0];
  }

  /** The least time that nine tenths of the iterations did not exceed. */
  double p90() {
    return milliseconds[(int) Math.ceil(0.9 * milliseconds.length) - 1];
  }
}
