package dev.lookback.analysis;

import dev.lookback.math.Randomness;
import java.util.Arrays;

/** Sizes of a square matrix that decide whether a recurrence forgets or explodes. */
public final class Spectrum {
  private static final int SQUARINGS = 24;
  private static final int POWER_STEPS = 500;
  private static final Randomness START = Randomness.of(0).with("spectrum");

  private Spectrum() {}

  /**
   * The spectral radius: the largest magnitude of an eigenvalue, by Gelfand's formula rho = lim
   * |W^k|^(1/k) with k doubled by squaring. Complex pairs do no harm. Cost: 24 products of n^3.
   *
   * @param w row-major {@code [n, n]}
   */
  public static double radius(float[] w, int n) {
    double[][] power = square(w, n);
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

  /**
   * The largest singular value, by power iteration on W^T W.
   *
   * @param w row-major {@code [n, n]}
   */
  public static double norm(float[] w, int n) {
    requireSquare(w, n);
    double[] v = new double[n];
    // In no direction that a matrix is likely to have: from one in its null space, or from a lesser
    // singular vector, the iteration would never leave.
    Arrays.setAll(v, i -> START.gaussian(i));
    scale(new double[][] {v}, 1 / frobenius(new double[][] {v}));
    double sigma = 0;
    for (int step = 0; step < POWER_STEPS; step++) {
      double[] u = new double[n];
      double[] next = new double[n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          u[i] += w[i * n + j] * v[j];
        }
      }
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          next[j] += w[i * n + j] * u[i];
        }
      }
      double length = 0;
      for (double x : next) {
        length += x * x;
      }
      length = Math.sqrt(length);
      if (length == 0) {
        return 0;
      }
      for (int j = 0; j < n; j++) {
        v[j] = next[j] / length;
      }
      double found = Math.sqrt(length);
      if (Math.abs(found - sigma) <= 1e-10 * found) {
        return found;
      }
      sigma = found;
    }
    return sigma;
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
