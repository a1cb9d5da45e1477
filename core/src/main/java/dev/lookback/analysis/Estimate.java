package dev.lookback.analysis;

/**
 * A number measured on some windows, and its 95 % confidence interval over the choice of windows.
 *
 * @param value what these windows give
 * @param low lower end
 * @param high upper end
 */
public record Estimate(double value, double low, double high) {

  /** A number that the windows leave no doubt about. */
  static Estimate certain(double value) {
    return new Estimate(value, value, value);
  }
}
