package dev.lookback.analysis;

/** Sizes of a square matrix that decide whether a recurrence forgets or explodes. */
public final class Spectrum {
  private static final int SQUARINGS = 24;

  private Spectrum() {}

  /**
   * The spectral radius: the largest magnitude of an eigenvalue, by Gelfand's formula rho = lim
   * |W^k|^(1/k) with k doubled by squaring. Complex pairs do no harm. Cost: 24 products of n^3.
   *
   * @param w row-major {@code [n, n]}
   */
  public static double radius(float[] w, int n) {
    return radius(square(w, n));
  }

  private static double radius(double[][] w) {
    double[][] power = w;
    double log = 0;
    double exponent = 1;
    for (int i = 0; i < SQUARINGS; i++) {
      double norm = frobenius(power);
      if (norm == 0) {
        return 0;
      }
      // The scale leaves the matrix and is kept as a logarithm, so that nothing overflows.
      log += StrictMath.log(norm) / exponent;
      scale(power, 1 / norm);
      power = multiply(power, power);
      exponent *= 2;
    }
    double norm = frobenius(power);
    return norm == 0 ? 0 : StrictMath.exp(log + StrictMath.log(norm) / exponent);
  }

  /** The largest singular value: the root of the spectral radius of W^T W, by the same formula. */
  public static double norm(float[] w, int n) {
    double[][] a = square(w, n);
    double[][] transposed = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        transposed[k][i] = a[i][k];
      }
    }
    return Math.sqrt(radius(multiply(transposed, a)));
  }

  private static void requireSquare(float[] w, int n) {
    if (w.length != n * n) {
      throw new IllegalArgumentException(
          "the matrix has " + w.length + " numbers but [" + n + ", " + n + "] needs " + n * n);
    }
  }

  private static double[][] square(float[] w, int n) {
    requireSquare(w, n);
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a[i][j] = w[i * n + j];
      }
    }
    return a;
  }

  private static double frobenius(double[][] a) {
    double sum = 0;
    for (double[] row : a) {
      for (double x : row) {
        sum += x * x;
      }
    }
    return Math.sqrt(sum);
  }

  private static void scale(double[][] a, double factor) {
    for (double[] row : a) {
      for (int j = 0; j < row.length; j++) {
        row[j] *= factor;
      }
    }
  }

  private static double[][] multiply(double[][] a, double[][] b) {
    int n = a.length;
    double[][] c = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double factor = a[i][k];
        for (int j = 0; j < n; j++) {
          c[i][j] += factor * b[k][j];
        }
      }
    }
    return c;
  }
}
