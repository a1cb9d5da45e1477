package dev.lookback.analysis;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Confidence intervals over the choice of windows: the statistic is computed anew without each
 * window, and its standard error is
 *
 * <pre>  se^2 = (N - 1)/N  sum_i (s_(i) - mean of s_(i))^2</pre>
 *
 * <p>(Tukey 1958; Efron and Stein 1981). The interval is s +- t se with Student's t for 95 % and N
 * - 1 degrees of freedom. Nothing is drawn, so it has no seed. It takes the windows for
 * independent; neighbours of one text are not quite.
 */
final class Jackknife {
  private static final double SHARE = 0.95;

  private Jackknife() {}

  /**
   * The statistic of all windows with its interval.
   *
   * @param statistic of the windows' weights, each 0 or 1
   */
  static Estimate of(int windows, ToDoubleFunction<double[]> statistic) {
    double[] all = new double[windows];
    Arrays.fill(all, 1);
    double value = statistic.applyAsDouble(all);
    double radius = radius(windows, statistic);
    return new Estimate(value, value - radius, value + radius);
  }

  /** The same for a share or a cosine, whose interval ends where its values end. */
  static Estimate bounded(
      int windows, double least, double most, ToDoubleFunction<double[]> statistic) {
    Estimate free = of(windows, statistic);
    return new Estimate(free.value(), Math.max(least, free.low()), Math.min(most, free.high()));
  }

  /**
   * The same for a ratio of lengths: the interval is that of its logarithm, so that it stays above
   * 0 and reaches as many times as far to both sides. Where all windows say 0 it is 0; where only
   * some do, nothing is known but that it is not negative.
   */
  static Estimate ratio(int windows, ToDoubleFunction<double[]> statistic) {
    Estimate log = of(windows, w -> StrictMath.log(statistic.applyAsDouble(w)));
    double[] all = new double[windows];
    Arrays.fill(all, 1);
    double value = statistic.applyAsDouble(all);
    if (value == 0) {
      return Estimate.certain(0);
    }
    if (Double.isNaN(log.low()) && !Double.isNaN(value)) {
      return new Estimate(value, 0, Double.POSITIVE_INFINITY);
    }
    return new Estimate(value, StrictMath.exp(log.low()), StrictMath.exp(log.high()));
  }

  private static double radius(int windows, ToDoubleFunction<double[]> statistic) {
    if (windows < 2) {
      return Double.NaN;
    }
    double[] without = new double[windows];
    double mean = 0;
    for (int i = 0; i < windows; i++) {
      double[] weights = new double[windows];
      Arrays.fill(weights, 1);
      weights[i] = 0;
      without[i] = statistic.applyAsDouble(weights);
      mean += without[i] / windows;
    }
    double squares = 0;
    for (double value : without) {
      squares += (value - mean) * (value - mean);
    }
    double error = Math.sqrt(squares * (windows - 1) / windows);
    return Student.quantile(SHARE, windows - 1) * error;
  }
}
