package dev.lookback.math;

import java.util.Arrays;

/**
 * What one thread of a {@link Team} computes with: the products and activations, and the scratch
 * they need. Used by one thread at a time.
 */
public final class Worker {
  private static final int W = Panels.WIDTH;
  private static final int EDGE_ROWS = 64;

  private final Kernel kernel;
  private final float[] edge = new float[EDGE_ROWS * W];
  private float[] panel = new float[0];

  Worker(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * {@code c += a b}: for {@code rows} rows of a from row {@code aRow}, {@code [rows, k]}, added to
   * the rows of c from row {@code cRow}, {@code [rows, n]}. Every element is one chain of fused
   * multiply-adds over ascending k that starts from c.
   */
  public void multiplyAdd(float[] a, int aRow, int rows, Panels b, float[] c, int cRow) {
    int k = b.inputs();
    int n = b.outputs();
    int whole = n / W;
    for (int p = 0; p < whole; p++) {
      kernel.product(a, aRow * k, rows, b.values(), b.panelOffset(p), k, c, cRow * n + p * W, n);
    }
    int rest = n - whole * W;
    if (rest == 0) {
      return;
    }
    for (int from = 0; from < rows; from += EDGE_ROWS) {
      int count = Math.min(EDGE_ROWS, rows - from);
      int c0 = (cRow + from) * n + whole * W;
      for (int i = 0; i < count; i++) {
        System.arraycopy(c, c0 + i * n, edge, i * W, rest);
      }
      kernel.product(a, (aRow + from) * k, count, b.values(), b.panelOffset(whole), k, edge, 0, W);
      for (int i = 0; i < count; i++) {
        System.arraycopy(edge, i * W, c, c0 + i * n, rest);
      }
    }
  }

  /**
   * {@code c += a^T b} for the rows [from, to) of c: the weight gradient {@code [a.width, b.width]}
   * at {@code offset} of {@code c}. The sum over the rows is one chain from zero, added to c at the
   * end.
   */
  public void addOuter(Rows a, Rows b, float[] c, int offset, int from, int to) {
    int n = b.width();
    int count = b.count();
    if (panel.length < count * W) {
      panel = new float[count * W];
    }
    for (int j = 0; j < n; j += W) {
      int columns = Math.min(W, n - j);
      for (int r = 0; r < count; r++) {
        System.arraycopy(b.values(), b.offset() + r * n + j, panel, r * W, columns);
        Arrays.fill(panel, r * W + columns, (r + 1) * W, 0);
      }
      if (columns == W) {
        int c0 = offset + from * n + j;
        kernel.outer(a.values(), a.offset(), a.width(), from, to, panel, count, c, c0, n);
      } else {
        outerEdge(a, count, c, offset + j, n, from, to);
      }
    }
  }

  private void outerEdge(Rows a, int count, float[] c, int c0, int n, int from, int to) {
    int columns = n % W;
    for (int i = from; i < to; i += EDGE_ROWS) {
      int end = Math.min(to, i + EDGE_ROWS);
      for (int row = i; row < end; row++) {
        System.arraycopy(c, c0 + row * n, edge, (row - i) * W, columns);
      }
      kernel.outer(a.values(), a.offset(), a.width(), i, end, panel, count, edge, 0, W);
      for (int row = i; row < end; row++) {
        System.arraycopy(edge, (row - i) * W, c, c0 + row * n, columns);
      }
    }
  }

  /** {@code x = tanh(x)} for the elements in [from, to). */
  public void tanh(float[] x, int from, int to) {
    kernel.tanh(x, from, to);
  }

  /** {@code x = exp(x - shift)} for the elements in [from, to). */
  public void exp(float[] x, int from, int to, float shift) {
    kernel.exp(x, from, to, shift);
  }
}
