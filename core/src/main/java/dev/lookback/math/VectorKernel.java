package dev.lookback.math;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with the Vector API, in whatever width the machine prefers. Loaded only where the
 * module {@code jdk.incubator.vector} is present.
 *
 * <p>Every lane does what {@link ScalarKernel} does to its element, in the same order; there is no
 * sum across lanes and no transcendental lane operation, because those differ in their last bits
 * between interpreted and compiled code.
 */
final class VectorKernel implements Kernel {
  private static final VectorSpecies<Float> S = VectorTiles.S;
  private static final int L = VectorTiles.L;
  private static final int W = VectorTiles.W;

  // So much of k at a time that a piece of a panel stays in the first cache while the rows pass by,
  // and so many rows that they stay in the second while the panels do.
  private static final int K_BLOCK = 256;
  private static final int ROW_BLOCK = 96;
  // Rows of a weight gradient at a time.
  private static final int OUTER_BLOCK = 128;
  // Rows of a long k lie whole pages apart and would fight for the same few places in the cache; a
  // copy that lies together pays where enough panels read it.
  private static final int PANELS_WORTH_A_COPY = 8;
  // Keeps the rows of the copy off each other's places.
  private static final int PADDING = 16;

  private final Gates gates = new VectorGates();
  private final float[] edge = new float[ROW_BLOCK * W];
  private float[] copy = new float[0];

  @Override
  public int grain() {
    return W;
  }

  @Override
  public void reserve(Panels panels) {
    panels.reservePanels(W);
  }

  @Override
  public void pack(Panels panels, float[] w, int offset, int ld, int from, int to) {
    float[] packed = panels.panels();
    int k = panels.inputs();
    for (int j = from; j < to; j += W) {
      int columns = Math.min(W, panels.outputs() - j);
      if (columns == W) {
        for (int l = 0, s = offset + j, p = j * k; l < k; l++, s += ld, p += W) {
          FloatVector.fromArray(S, w, s).intoArray(packed, p);
          FloatVector.fromArray(S, w, s + L).intoArray(packed, p + L);
        }
      } else {
        for (int l = 0; l < k; l++) {
          for (int i = 0; i < W; i++) {
            packed[j * k + l * W + i] = i < columns ? w[offset + l * ld + j + i] : 0;
          }
        }
      }
    }
  }

  @Override
  public void packTransposed(Panels panels, float[] w, int offset, int ld, int from, int to) {
    float[] packed = panels.panels();
    int k = panels.inputs();
    for (int j = from; j < to; j += W) {
      int columns = Math.min(W, panels.outputs() - j);
      Transposition.run(w, offset + j * ld, ld, columns, 0, k, packed, j * k, W);
      for (int l = 0; l < k && columns < W; l++) {
        Arrays.fill(packed, j * k + l * W + columns, j * k + (l + 1) * W, 0);
      }
    }
  }

  @Override
  public void multiplyAdd(
      float[] a,
      int a0,
      int lda,
      int rows,
      Panels b,
      int from,
      int to,
      float[] c,
      int c0,
      int ldc) {
    int k = b.inputs();
    int pieces = (k + K_BLOCK - 1) / K_BLOCK;
    int depth = (k + pieces - 1) / pieces;
    boolean copied = k > K_BLOCK && rows > 2 && to - from >= PANELS_WORTH_A_COPY * W;
    for (int l = 0; l < k; l += depth) {
      int count = Math.min(depth, k - l);
      for (int i = 0; i < rows; i += ROW_BLOCK) {
        int height = Math.min(ROW_BLOCK, rows - i);
        int ai = a0 + i * lda + l;
        if (copied) {
          copy(a, ai, lda, height, count);
          panels(copy, 0, count + PADDING, height, b, l, count, from, to, c, c0 + i * ldc, ldc);
        } else {
          panels(a, ai, lda, height, b, l, count, from, to, c, c0 + i * ldc, ldc);
        }
      }
    }
  }

  private void copy(float[] a, int a0, int lda, int rows, int count) {
    if (copy.length == 0) {
      copy = new float[ROW_BLOCK * (K_BLOCK + PADDING)];
    }
    for (int i = 0; i < rows; i++) {
      System.arraycopy(a, a0 + i * lda, copy, i * (count + PADDING), count);
    }
  }

  // The rows of b from l on, for the columns [from, to).
  private void panels(
      float[] a,
      int a0,
      int lda,
      int rows,
      Panels b,
      int l,
      int count,
      int from,
      int to,
      float[] c,
      int c0,
      int ldc) {
    int stride = b.inputs() * W;
    float[] values = b.panels();
    int first = from / W;
    int whole = to / W - first;
    int b0 = first * stride + l * W;
    VectorTiles.multiplyAdd(a, a0, lda, rows, values, b0, stride, whole, count, c, c0 + from, ldc);
    int rest = to % W;
    if (rest > 0) {
      int at = c0 + to - rest;
      int last = b0 + whole * stride;
      for (int i = 0; i < rows; i++) {
        System.arraycopy(c, at + i * ldc, edge, i * W, rest);
      }
      VectorTiles.multiplyAdd(a, a0, lda, rows, values, last, stride, 1, count, edge, 0, W);
      for (int i = 0; i < rows; i++) {
        System.arraycopy(edge, i * W, c, at + i * ldc, rest);
      }
    }
  }

  @Override
  public void outerAdd(
      float[] a,
      int a0,
      int lda,
      int columns,
      Panels b,
      int from,
      int to,
      float[] c,
      int c0,
      int ldc) {
    int k = b.inputs();
    float[] values = b.panels();
    for (int l = 0; l < k; l += OUTER_BLOCK) {
      int count = Math.min(OUTER_BLOCK, k - l);
      int ai = a0 + l * lda;
      for (int j = from; j < to; j += W) {
        int b0 = j * k + l * W;
        if (j + W <= to) {
          VectorOuterTiles.panel(a, ai, lda, columns, count, values, b0, c, c0 + j, ldc);
        } else {
          outerEdge(a, ai, lda, columns, count, values, b0, c, c0 + j, ldc, to - j);
        }
      }
    }
  }

  private void outerEdge(
      float[] a,
      int a0,
      int lda,
      int columns,
      int rows,
      float[] b,
      int b0,
      float[] c,
      int c0,
      int ldc,
      int rest) {
    for (int i = 0; i < columns; i += ROW_BLOCK) {
      int height = Math.min(ROW_BLOCK, columns - i);
      int at = c0 + i * ldc;
      for (int q = 0; q < height; q++) {
        System.arraycopy(c, at + q * ldc, edge, q * W, rest);
      }
      VectorOuterTiles.panel(a, a0 + i, lda, height, rows, b, b0, edge, 0, W);
      for (int q = 0; q < height; q++) {
        System.arraycopy(edge, q * W, c, at + q * ldc, rest);
      }
    }
  }

  @Override
  public void add(float[] x, int x0, float[] y, int y0, int n) {
    int j = 0;
    for (; j + L <= n; j += L) {
      FloatVector.fromArray(S, y, y0 + j)
          .add(FloatVector.fromArray(S, x, x0 + j))
          .intoArray(y, y0 + j);
    }
    for (; j < n; j++) {
      y[y0 + j] += x[x0 + j];
    }
  }

  @Override
  public void tanh(float[] x, int from, int to) {
    VectorFunctions.tanh(x, from, to);
  }

  @Override
  public void sigmoid(float[] x, int from, int to) {
    VectorFunctions.sigmoid(x, from, to);
  }

  @Override
  public void exp(float[] x, int from, int to) {
    VectorFunctions.exp(x, from, to);
  }

  @Override
  public Gates gates() {
    return gates;
  }

  @Override
  public String describe() {
    return S.vectorBitSize() + "-bit SIMD";
  }
}
