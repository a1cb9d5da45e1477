package dev.lookback.math;

import java.util.Arrays;

/**
 * A matrix that multiplies rows from the right, {@code [k, n]}, packed as the kernels of a {@link
 * Team} like it. Packed once and read by many products; the packing is the team's secret, and a
 * matrix is used with the kind of team that packed it.
 *
 * <p>A product may start from a row of its own instead of from zero: {@code c = start + a b}.
 */
public final class Panels {
  private final int n;
  private int k;
  // The kernels with SIMD want panels of a few columns, each panel's rows one after another, the
  // scalar ones an array for each row, because the compiler vectorises loops over whole arrays.
  private float[] panels = new float[0];
  private float[][] rows = new float[0][];
  private final float[] start;

  /** Room for a matrix of k rows and n columns, and for a start of zeros. */
  public Panels(int k, int n) {
    if (k < 1 || n < 1) {
      throw new IllegalArgumentException(
          "a matrix of " + k + " rows and " + n + " columns: both have to be 1 or more");
    }
    this.k = k;
    this.n = n;
    this.start = new float[n];
  }

  /** Numbers in a row that it multiplies. */
  public int inputs() {
    return k;
  }

  /** Numbers in a row that comes out. */
  public int outputs() {
    return n;
  }

  /** The row that a product starts from, {@code [n]}: zeros, unless it is overwritten here. */
  public float[] start() {
    return start;
  }

  /** Holds other matrices of n columns from now on. */
  void resize(int k) {
    this.k = k;
  }

  /** Makes room for all columns in panels of {@code width}, the last one padded. */
  void reservePanels(int width) {
    int needed = Math.multiplyExact(Math.multiplyExact((n + width - 1) / width, width), k);
    if (panels.length < needed) {
      panels = new float[needed];
    }
  }

  /** Makes room for all rows, each an array of its own. */
  void reserveRows() {
    if (rows.length < k) {
      float[][] more = Arrays.copyOf(rows, k);
      for (int l = rows.length; l < k; l++) {
        more[l] = new float[n];
      }
      rows = more;
    }
  }

  float[] panels() {
    return panels;
  }

  float[][] rows() {
    return rows;
  }
}
