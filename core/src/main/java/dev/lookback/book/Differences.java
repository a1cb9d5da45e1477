package dev.lookback.book;

import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * Derivatives from values alone: the judge that knows nothing of backpropagation.
 *
 * <p>With a step of the caller's: central differences, error of order step^2. Without: central
 * differences at three steps, extrapolated to step 0 (Richardson 1911), error of order step^6; on
 * smooth functions of moderate size some twelve digits are right. Where the function has a kink
 * nearby (relu), give a step too small to reach it.
 */
public final class Differences {
  // Its sixth power over 64 and the rounding of f over a quarter of it are both near 1e-13.
  private static final double STEP = 0x1p-6;

  private Differences() {}

  /** {@code f'(x)}, extrapolated. */
  public static double derivative(DoubleUnaryOperator f, double x) {
    double step = STEP * Math.max(1, Math.abs(x));
    double whole = derivative(f, x, step);
    double half = derivative(f, x, step / 2);
    double quarter = derivative(f, x, step / 4);
    double coarse = (4 * half - whole) / 3;
    double fine = (4 * quarter - half) / 3;
    return (16 * fine - coarse) / 15;
  }

  /** {@code (f(x + step) - f(x - step)) / (2 step)}. */
  public static double derivative(DoubleUnaryOperator f, double x, double step) {
    double above = x + step;
    double below = x - step;
    return (f.applyAsDouble(above) - f.applyAsDouble(below)) / (above - below);
  }

  /** {@code df/dw_i} for every i, extrapolated. */
  public static double[] gradient(ToDoubleFunction<double[]> f, double[] w) {
    double[] gradient = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      gradient[i] = derivative(along(f, w, i), w[i]);
    }
    return gradient;
  }

  /** {@code df/dw_i} for every i, by central differences of the given step. */
  public static double[] gradient(ToDoubleFunction<double[]> f, double[] w, double step) {
    double[] gradient = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      gradient[i] = derivative(along(f, w, i), w[i], step);
    }
    return gradient;
  }

  private static DoubleUnaryOperator along(ToDoubleFunction<double[]> f, double[] w, int i) {
    return value -> {
      double[] moved = w.clone();
      moved[i] = value;
      return f.applyAsDouble(moved);
    };
  }
}
