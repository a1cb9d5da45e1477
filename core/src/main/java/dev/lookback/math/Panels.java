package dev.lookback.math;

/**
 * A matrix that multiplies rows from the right, {@code [k, n]}, packed for the product kernels:
 * panels of {@value #WIDTH} columns, each panel's rows one after another, the last panel padded
 * with zeros. Packed once per update and read by every step.
 */
public final class Panels {
  /** Columns in a panel. */
  static final int WIDTH = 32;

  private final int k;
  private final int n;
  private final float[] packed;

  /** Room for a matrix of k rows and n columns. */
  public Panels(int k, int n) {
    this.k = k;
    this.n = n;
    this.packed = new float[Math.multiplyExact(count(n), k * WIDTH)];
  }

  /** Packs the row-major {@code [k, n]} matrix at {@code offset} of {@code w}. */
  public void pack(float[] w, int offset) {
    for (int panel = 0; panel < count(n); panel++) {
      int columns = Math.min(WIDTH, n - panel * WIDTH);
      for (int l = 0; l < k; l++) {
        System.arraycopy(
            w, offset + l * n + panel * WIDTH, packed, (panel * k + l) * WIDTH, columns);
      }
    }
  }

  /** Packs the transpose of the row-major {@code [n, k]} matrix at {@code offset} of {@code w}. */
  public void packTransposed(float[] w, int offset) {
    for (int j = 0; j < n; j++) {
      int to = (j / WIDTH) * k * WIDTH + j % WIDTH;
      int from = offset + j * k;
      for (int l = 0; l < k; l++) {
        packed[to + l * WIDTH] = w[from + l];
      }
    }
  }

  /** Numbers in a row that it multiplies. */
  public int inputs() {
    return k;
  }

  /** Numbers in a row that comes out. */
  public int outputs() {
    return n;
  }

  float[] values() {
    return packed;
  }

  int panelOffset(int panel) {
    return panel * k * WIDTH;
  }

  static int count(int columns) {
    return (columns + WIDTH - 1) / WIDTH;
  }
}
