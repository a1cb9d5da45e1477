package dev.lookback.testkit;

import java.util.function.DoubleSupplier;

/**
 * Central differences of a function that is computed in float, extrapolated to steps of zero
 * (Richardson 1911).
 *
 * <pre>
 *   D(e) = (f(x + e) - f(x - e)) / 2e = f' + c e^2 + d e^4 + ...
 *   f'   = (64 D(e) - 20 D(2e) + D(4e)) / 45 + O(e^6)
 * </pre>
 *
 * <p>Float's rounding asks for large e, and the extrapolation bears it.
 */
final class Differences {
  private static final float E = 1f / 32;

  private Differences() {}

  /** df / d x[i]; leaves x as it was. */
  static double of(float[] x, int i, DoubleSupplier f) {
    double one = central(x, i, E, f);
    double two = central(x, i, 2 * E, f);
    double four = central(x, i, 4 * E, f);
    return (64 * one - 20 * two + four) / 45;
  }

  private static double central(float[] x, int i, float e, DoubleSupplier f) {
    float at = x[i];
    float up = at + e;
    float down = at - e;
    x[i] = up;
    double above = f.getAsDouble();
    x[i] = down;
    double below = f.getAsDouble();
    x[i] = at;
    // Not 2 e: x + e is rounded.
    return (above - below) / ((double) up - down);
  }

  /** The gradient by all of x. */
  static double[] gradient(float[] x, DoubleSupplier f) {
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      gradient[i] = of(x, i, f);
    }
    return gradient;
  }
}
