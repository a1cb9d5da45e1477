package dev.lookback.analysis;

import java.util.List;

/**
 * Inner products between the windows' exact gradients g_i and what an estimate is off by, d_i, over
 * some of the weights. Lengths and angles of a mean over any of the windows follow from these few
 * numbers, so that an interval costs no further gradient.
 *
 * @param gg g_i . g_j
 * @param dg d_i . g_j
 * @param dd d_i . d_j
 */
record Products(double[][] gg, double[][] dg, double[][] dd) {

  static Products of(List<float[]> g, List<float[]> d, int from, int to) {
    return new Products(table(g, g, from, to), table(d, g, from, to), table(d, d, from, to));
  }

  private static double[][] table(List<float[]> a, List<float[]> b, int from, int to) {
    double[][] table = new double[a.size()][b.size()];
    for (int i = 0; i < a.size(); i++) {
      for (int j = 0; j < b.size(); j++) {
        table[i][j] = dot(a.get(i), b.get(j), from, to);
      }
    }
    return table;
  }

  private static double dot(float[] a, float[] b, int from, int to) {
    double sum = 0;
    for (int k = from; k < to; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }

  /** |sum w d| / |sum w g|; 0 where both are 0, not a number where only the latter is. */
  double relativeBias(double[] w) {
    double off = Math.max(0, sum(dd, w));
    return off == 0 ? 0 : exact(w) == 0 ? Double.NaN : Math.sqrt(off / exact(w));
  }

  /** The cosine between sum w (g + d) and sum w g; 0 where either is 0. */
  double cosine(double[] w) {
    double exact = exact(w);
    double cross = sum(dg, w);
    double estimate = Math.max(0, exact + 2 * cross + Math.max(0, sum(dd, w)));
    double norms = Math.sqrt(exact * estimate);
    return norms == 0 ? 0 : Math.max(-1, Math.min(1, (exact + cross) / norms));
  }

  /** Whether a small step along sum w (g + d) lowers the loss. */
  boolean descends(double[] w) {
    return exact(w) + sum(dg, w) > 0;
  }

  /** The share of single windows whose estimate descends on that window's own loss. */
  double descendingWindows() {
    int descending = 0;
    for (int i = 0; i < gg.length; i++) {
      descending += gg[i][i] + dg[i][i] > 0 ? 1 : 0;
    }
    return (double) descending / gg.length;
  }

  /**
   * sum_i |g_i - mean|^2 / (N - 1) / |mean|^2. The mean is that of these N windows, whose own noise
   * is in its length: where the true mean is far smaller than that noise, this goes to N at most.
   */
  double variance() {
    int n = gg.length;
    double[] ones = new double[n];
    double squares = 0;
    for (int i = 0; i < n; i++) {
      ones[i] = 1;
      squares += gg[i][i];
    }
    double mean = exact(ones) / n / n;
    double spread = Math.max(0, squares - n * mean) / (n - 1);
    return spread == 0 ? 0 : mean == 0 ? Double.NaN : spread / mean;
  }

  private double exact(double[] w) {
    return Math.max(0, sum(gg, w));
  }

  private static double sum(double[][] table, double[] w) {
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      for (int j = 0; j < w.length; j++) {
        sum += w[i] * w[j] * table[i][j];
      }
    }
    return sum;
  }
}
