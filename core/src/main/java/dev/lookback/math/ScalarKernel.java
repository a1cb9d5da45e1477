package dev.lookback.math;

/** The definition of every kernel: plain loops. */
final class ScalarKernel implements Kernel {
  // Rows of b that one pass over a row of c takes along: the compiler vectorises a loop over whole
  // arrays, and with eight of them c is read and written an eighth as often.
  private static final int TOGETHER = 8;

  private final Gates gates = new Gates();
  private float[] sums = new float[0];

  @Override
  public int grain() {
    return 1;
  }

  @Override
  public void reserve(Panels panels) {
    panels.reserveRows();
  }

  @Override
  public void pack(Panels panels, float[] w, int offset, int ld, int from, int to) {
    float[][] rows = panels.rows();
    for (int l = 0; l < panels.inputs(); l++) {
      System.arraycopy(w, offset + l * ld + from, rows[l], from, to - from);
    }
  }

  @Override
  public void packTransposed(Panels panels, float[] w, int offset, int ld, int from, int to) {
    float[][] rows = panels.rows();
    for (int l = 0; l < panels.inputs(); l++) {
      for (int j = from; j < to; j++) {
        rows[l][j] = w[offset + j * ld + l];
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
    float[][] bs = b.rows();
    int k = b.inputs();
    if (sums.length < to) {
      sums = new float[to];
    }
    for (int i = 0; i < rows; i++) {
      System.arraycopy(c, c0 + i * ldc + from, sums, from, to - from);
      int l = 0;
      for (; l + TOGETHER <= k; l += TOGETHER) {
        eight(a, a0 + i * lda + l, 1, bs, l, sums, from, to);
      }
      for (; l < k; l++) {
        one(a[a0 + i * lda + l], bs[l], sums, from, to);
      }
      System.arraycopy(sums, from, c, c0 + i * ldc + from, to - from);
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
    float[][] bs = b.rows();
    int k = b.inputs();
    if (sums.length < to) {
      sums = new float[to];
    }
    for (int i = 0; i < columns; i++) {
      System.arraycopy(c, c0 + i * ldc + from, sums, from, to - from);
      int l = 0;
      for (; l + TOGETHER <= k; l += TOGETHER) {
        eight(a, a0 + l * lda + i, lda, bs, l, sums, from, to);
      }
      for (; l < k; l++) {
        one(a[a0 + l * lda + i], bs[l], sums, from, to);
      }
      System.arraycopy(sums, from, c, c0 + i * ldc + from, to - from);
    }
  }

  private static void eight(
      float[] a, int a0, int stride, float[][] bs, int l, float[] sums, int from, int to) {
    float f0 = a[a0];
    float f1 = a[a0 + stride];
    float f2 = a[a0 + 2 * stride];
    float f3 = a[a0 + 3 * stride];
    float f4 = a[a0 + 4 * stride];
    float f5 = a[a0 + 5 * stride];
    float f6 = a[a0 + 6 * stride];
    float f7 = a[a0 + 7 * stride];
    float[] b0 = bs[l];
    float[] b1 = bs[l + 1];
    float[] b2 = bs[l + 2];
    float[] b3 = bs[l + 3];
    float[] b4 = bs[l + 4];
    float[] b5 = bs[l + 5];
    float[] b6 = bs[l + 6];
    float[] b7 = bs[l + 7];
    for (int j = from; j < to; j++) {
      float s = Math.fma(f0, b0[j], sums[j]);
      s = Math.fma(f1, b1[j], s);
      s = Math.fma(f2, b2[j], s);
      s = Math.fma(f3, b3[j], s);
      s = Math.fma(f4, b4[j], s);
      s = Math.fma(f5, b5[j], s);
      s = Math.fma(f6, b6[j], s);
      sums[j] = Math.fma(f7, b7[j], s);
    }
  }

  private static void one(float f, float[] b, float[] sums, int from, int to) {
    for (int j = from; j < to; j++) {
      sums[j] = Math.fma(f, b[j], sums[j]);
    }
  }

  @Override
  public void add(float[] x, int x0, float[] y, int y0, int n) {
    for (int j = 0; j < n; j++) {
      y[y0 + j] += x[x0 + j];
    }
  }

  @Override
  public void tanh(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Polynomials.tanh(x[i]);
    }
  }

  @Override
  public void sigmoid(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Polynomials.sigmoid(x[i]);
    }
  }

  @Override
  public void exp(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Polynomials.exp(x[i]);
    }
  }

  @Override
  public Gates gates() {
    return gates;
  }

  @Override
  public String describe() {
    return "scalar";
  }
}
