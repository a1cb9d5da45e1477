package dev.lookback.analysis;

/** Student's t distribution with a whole number of degrees of freedom. */
public final class Student {
  private static final int HALVINGS = 200;

  private Student() {}

  /**
   * P(|t| &lt; x), as the finite sums of Abramowitz and Stegun (1964, 26.7.3 and 26.7.4).
   *
   * @param freedom degrees of freedom, 1 or more
   */
  static double within(double x, int freedom) {
    double theta = StrictMath.atan(x / Math.sqrt(freedom));
    double sin = StrictMath.sin(theta);
    double cos2 = 1 - sin * sin;
    boolean odd = freedom % 2 == 1;
    double term = odd ? StrictMath.cos(theta) : 1;
    double sum = freedom == 1 ? 0 : term;
    for (int i = odd ? 3 : 2; i <= freedom - 2; i += 2) {
      term *= cos2 * (i - 1) / i;
      sum += term;
    }
    return odd ? 2 / Math.PI * (theta + sin * sum) : sin * sum;
  }

  /** The x with P(|t| &lt; x) = share, 0 &lt; share &lt; 1. */
  public static double quantile(double share, int freedom) {
    double low = 0;
    double high = 1;
    while (within(high, freedom) < share) {
      high *= 2;
    }
    for (int i = 0; i < HALVINGS && low < high; i++) {
      double middle = (low + high) / 2;
      if (middle <= low || middle >= high) {
        break;
      }
      if (within(middle, freedom) < share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}
