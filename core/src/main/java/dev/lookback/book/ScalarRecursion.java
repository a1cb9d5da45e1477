package dev.lookback.book;

/**
 * The recursion in which the chapter develops dh_t/dw, one number at a time.
 *
 * <pre>
 *   a_t = b_t + c_t a_{t-1},   a_0 = 0
 *   a_t = dh_t/dw,   b_t = df/dw (immediate),   c_t = df/dh_{t-1}
 * </pre>
 *
 * <p>All methods return the T values for t = 1..T.
 *
 * <p><b>Source.</b> "Dive into Deep Learning", section "Analysis of Gradients in RNNs".
 *
 * @param b {@code b_1 .. b_T}
 * @param c {@code c_1 .. c_T}; c_1 multiplies a_0 = 0
 */
public record ScalarRecursion(double[] b, double[] c) {

  /** Checks that there are as many c as b. */
  public ScalarRecursion {
    if (b.length != c.length) {
      throw new IllegalArgumentException(
          "there are " + b.length + " b and " + c.length + " c but each step needs one of each");
    }
  }

  /**
   * Mean and spread of the randomised z in its stationary state.
   *
   * @param mean E z
   * @param secondMoment E z^2; infinite where no finite one exists
   * @param variance E z^2 - (E z)^2
   */
  public record Moments(double mean, double secondMoment, double variance) {}

  /** {@code a_t = b_t + c_t a_{t-1}}. */
  public double[] recursive() {
    double[] a = new double[b.length];
    double before = 0;
    for (int t = 0; t < b.length; t++) {
      a[t] = b[t] + c[t] * before;
      before = a[t];
    }
    return a;
  }

  /** {@code a_t = b_t + sum_{i=1}^{t-1} (prod_{j=i+1}^{t} c_j) b_i}: every term. */
  public double[] expanded() {
    return truncated(b.length);
  }

  /**
   * The same sum stopped after its {@code tau} most recent terms, i = t down to t - tau + 1.
   *
   * <p>Lags 0 to tau - 1 remain: tau = 1 keeps b_t alone, tau = T or more is the whole sum.
   */
  public double[] truncated(int tau) {
    if (tau < 1) {
      throw new IllegalArgumentException("tau is " + tau + " but has to be 1 or more");
    }
    double[] a = new double[b.length];
    for (int t = 0; t < b.length; t++) {
      for (int i = t; i >= 0 && t - i < tau; i--) {
        double product = 1;
        for (int j = i + 1; j <= t; j++) {
          product *= c[j];
        }
        a[t] += product * b[i];
      }
    }
    return a;
  }

  /**
   * {@code z_t = b_t + xi_t c_t a_{t-1}}: as the chapter writes it, with the exact dh_{t-1}/dw on
   * the right. It needs what it is meant to avoid, so it is for reading, not for running.
   */
  public double[] randomizedOnce(double[] xi) {
    double[] a = recursive();
    double[] z = new double[b.length];
    for (int t = 0; t < b.length; t++) {
      z[t] = b[t] + xi[t] * c[t] * (t == 0 ? 0 : a[t - 1]);
    }
    return z;
  }

  /**
   * {@code z_t = b_t + xi_t c_t z_{t-1}}: the form that can be run. {@code E z_t = a_t} as long as
   * each xi_t has mean 1 given those before it, because z_{t-1} depends on those alone.
   */
  public double[] randomized(double[] xi) {
    double[] z = new double[b.length];
    double before = 0;
    for (int t = 0; t < b.length; t++) {
      z[t] = b[t] + xi[t] * c[t] * before;
      before = z[t];
    }
    return z;
  }

  /**
   * Moments of {@code z = b + xi c z'} where xi is 1/pi with probability pi and else 0, so that
   * segments have geometric lengths of mean 1/(1 - pi).
   *
   * <pre>
   *   E z = b / (1 - c)
   *   E z^2 = (b^2 + 2 b c E z) / (1 - c^2 / pi)     finite if and only if c^2 is below pi (or b = 0)
   * </pre>
   *
   * @throws IllegalArgumentException unless |c| is below 1 and pi in (0, 1]
   */
  public static Moments geometric(double b, double c, double pi) {
    if (!(Math.abs(c) < 1)) {
      throw new IllegalArgumentException(
          "c is " + c + " but has to be between -1 and 1: beyond, the sum has no limit");
    }
    if (!(pi > 0 && pi <= 1)) {
      throw new IllegalArgumentException("pi is " + pi + " but has to be above 0 and at most 1");
    }
    double mean = b / (1 - c);
    if (b != 0 && c * c >= pi) {
      return new Moments(mean, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    double second = b == 0 ? 0 : (b * b + 2 * b * c * mean) / (1 - c * c / pi);
    return new Moments(mean, second, second - mean * mean);
  }
}
