package dev.lookback.book;

import java.util.Arrays;
import java.util.Locale;

/**
 * The coupling vector, {@code [T][B]}: {@code xi[t][b]} scales what step t sends back to step t - 1
 * in lane b, {@code xi[0]} what reaches h0.
 */
public final class Xi {
  private Xi() {}

  /** Every link whole: the exact gradient. */
  public static double[][] whole(int steps, int lanes) {
    return fixed(steps, lanes, Math.max(steps, 1));
  }

  /** 0 on every tau-th link counted from the first step, else 1. */
  public static double[][] fixed(int steps, int lanes, int tau) {
    if (tau < 1) {
      throw new IllegalArgumentException("tau is " + tau + " but has to be 1 or more");
    }
    double[] xi = new double[steps];
    for (int t = 0; t < steps; t++) {
      xi[t] = t > 0 && t % tau == 0 ? 0 : 1;
    }
    return shared(xi, lanes);
  }

  /** The same factors in every lane. */
  public static double[][] shared(double[] xi, int lanes) {
    double[][] each = new double[xi.length][lanes];
    for (int t = 0; t < xi.length; t++) {
      Arrays.fill(each[t], xi[t]);
    }
    return each;
  }

  static void requireFits(double[][] xi, int steps, int lanes) {
    if (xi.length != steps || xi[0].length != lanes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "xi is [%d][%d] but the trace has %d steps of %d lanes",
              xi.length,
              xi[0].length,
              steps,
              lanes));
    }
  }
}
