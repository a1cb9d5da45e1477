package dev.lookback.book;

import java.util.Locale;

/** Matrices as arrays of rows, {@code [rows][columns]}. */
public final class Matrices {
  private Matrices() {}

  /** {@code A B}. */
  public static double[][] multiply(double[][] a, double[][] b) {
    double[][] product = new double[a.length][b.length == 0 ? 0 : b[0].length];
    for (int i = 0; i < a.length; i++) {
      requireSame("the left matrix has columns", a[i].length, "the right one rows", b.length);
      for (int j = 0; j < product[i].length; j++) {
        for (int k = 0; k < b.length; k++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  /** {@code A v}, v a column. */
  public static double[] multiply(double[][] a, double[] v) {
    double[] product = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      product[i] = dot(a[i], v);
    }
    return product;
  }

  /** {@code v A}, v a row. */
  public static double[] multiply(double[] v, double[][] a) {
    requireSame("the row has numbers", v.length, "the matrix rows", a.length);
    double[] product = new double[a.length == 0 ? 0 : a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < product.length; j++) {
        product[j] += v[i] * a[i][j];
      }
    }
    return product;
  }

  /** {@code A^T}. */
  public static double[][] transpose(double[][] a) {
    double[][] transposed = new double[a.length == 0 ? 0 : a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        transposed[j][i] = a[i][j];
      }
    }
    return transposed;
  }

  /** {@code A^n}, by n multiplications; {@code A^0} is the identity. */
  public static double[][] power(double[][] a, int n) {
    if (n < 0) {
      throw new IllegalArgumentException("the power is " + n + " but has to be 0 or more");
    }
    double[][] power = identity(a.length);
    for (int i = 0; i < n; i++) {
      power = multiply(power, a);
    }
    return power;
  }

  /** The identity of n rows. */
  public static double[][] identity(int n) {
    double[][] identity = new double[n][n];
    for (int i = 0; i < n; i++) {
      identity[i][i] = 1;
    }
    return identity;
  }

  /** {@code u v^T}: {@code [i][j]} is {@code u_i v_j}. */
  public static double[][] outer(double[] u, double[] v) {
    double[][] outer = new double[u.length][v.length];
    for (int i = 0; i < u.length; i++) {
      for (int j = 0; j < v.length; j++) {
        outer[i][j] = u[i] * v[j];
      }
    }
    return outer;
  }

  /** {@code sum_i u_i v_i}. */
  public static double dot(double[] u, double[] v) {
    requireSame("the left vector has numbers", u.length, "the right one", v.length);
    double sum = 0;
    for (int i = 0; i < u.length; i++) {
      sum += u[i] * v[i];
    }
    return sum;
  }

  /** {@code u + v}. */
  public static double[] add(double[] u, double[] v) {
    requireSame("the left vector has numbers", u.length, "the right one", v.length);
    double[] sum = u.clone();
    for (int i = 0; i < v.length; i++) {
      sum[i] += v[i];
    }
    return sum;
  }

  /** {@code factor v}. */
  public static double[] scale(double factor, double[] v) {
    double[] scaled = new double[v.length];
    for (int i = 0; i < v.length; i++) {
      scaled[i] = factor * v[i];
    }
    return scaled;
  }

  /** {@code u * v}: {@code [i]} is {@code u_i v_i}. */
  public static double[] elementwise(double[] u, double[] v) {
    requireSame("the left vector has numbers", u.length, "the right one", v.length);
    double[] product = new double[u.length];
    for (int i = 0; i < u.length; i++) {
      product[i] = u[i] * v[i];
    }
    return product;
  }

  /** The Euclidean norm. */
  public static double norm(double[] v) {
    return Math.sqrt(dot(v, v));
  }

  /** The Frobenius norm, {@code sqrt(sum_ij A_ij^2)}. */
  public static double norm(double[][] a) {
    return norm(flatten(a));
  }

  /** All rows one after another. */
  public static double[] flatten(double[][] a) {
    int size = 0;
    for (double[] row : a) {
      size += row.length;
    }
    double[] flat = new double[size];
    int at = 0;
    for (double[] row : a) {
      System.arraycopy(row, 0, flat, at, row.length);
      at += row.length;
    }
    return flat;
  }

  /** Rows with a 1 at each id and zeros elsewhere, {@code [T][B][V]} from ids {@code [T][B]}. */
  public static double[][][] oneHot(int[][] ids, int vocabulary) {
    double[][][] rows = new double[ids.length][][];
    for (int t = 0; t < ids.length; t++) {
      rows[t] = new double[ids[t].length][vocabulary];
      for (int b = 0; b < ids[t].length; b++) {
        if (ids[t][b] < 0 || ids[t][b] >= vocabulary) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "the id of step %d, lane %d is %d but has to be in 0 to %d",
                  t,
                  b,
                  ids[t][b],
                  vocabulary - 1));
        }
        rows[t][b][ids[t][b]] = 1;
      }
    }
    return rows;
  }

  /** {@code sum += addend}. */
  static void addTo(double[][] sum, double[][] addend) {
    for (int i = 0; i < sum.length; i++) {
      addTo(sum[i], addend[i]);
    }
  }

  /** {@code sum += addend}. */
  static void addTo(double[] sum, double[] addend) {
    requireSame("the sum has numbers", sum.length, "the addend", addend.length);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += addend[i];
    }
  }

  private static void requireSame(String what, int found, String other, int needed) {
    if (found != needed) {
      throw new IllegalArgumentException(what + ": " + found + ", " + other + ": " + needed);
    }
  }
}
