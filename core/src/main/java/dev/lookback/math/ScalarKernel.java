package dev.lookback.math;

/** The definition of every kernel: plain loops. */
final class ScalarKernel implements Kernel {
  // The compiler vectorises loops over a few whole arrays, and only those: four rows of c at a time
  // with two rows of b, or one with four.
  private static final int ROWS = 4;

  private final Gates gates = new Gates();
  private final float[][] sums = new float[ROWS][0];

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
    for (int i = 0; i < rows; ) {
      int count = rows - i < ROWS ? 1 : ROWS;
      multiplyAdd(a, a0 + i * lda, lda, 1, count, b, from, to, c, c0 + i * ldc, ldc);
      i += count;
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
    for (int i = 0; i < columns; ) {
      int count = columns - i < ROWS ? 1 : ROWS;
      multiplyAdd(a, a0 + i, 1, lda, count, b, from, to, c, c0 + i * ldc, ldc);
      i += count;
    }
  }

  // One row of c, or four: the factor of row i and row l of b stands at a0 + i * row + l * step.
  private void multiplyAdd(
      float[] a,
      int a0,
      int row,
      int step,
      int rows,
      Panels b,
      int from,
      int to,
      float[] c,
      int c0,
      int ldc) {
    int n = to - from;
    for (int i = 0; i < rows; i++) {
      if (sums[i].length < to) {
        sums[i] = new float[to];
      }
      System.arraycopy(c, c0 + i * ldc + from, sums[i], from, n);
    }
    if (rows == 1) {
      one(a, a0, step, b, sums[0], from, to);
    } else {
      four(a, a0, row, step, b, from, to);
    }
    for (int i = 0; i < rows; i++) {
      System.arraycopy(sums[i], from, c, c0 + i * ldc + from, n);
    }
  }

  private static void one(float[] a, int a0, int step, Panels b, float[] sums, int from, int to) {
    float[][] bs = b.rows();
    int k = b.inputs();
    int l = 0;
    for (int q = a0; l + 4 <= k; l += 4, q += 4 * step) {
      float f0 = a[q];
      float f1 = a[q + step];
      float f2 = a[q + 2 * step];
      float f3 = a[q + 3 * step];
      oneByFour(f0, f1, f2, f3, bs[l], bs[l + 1], bs[l + 2], bs[l + 3], sums, from, to);
    }
    for (; l < k; l++) {
      oneByOne(a[a0 + l * step], bs[l], sums, from, to);
    }
  }

  private void four(float[] a, int a0, int row, int step, Panels b, int from, int to) {
    float[][] bs = b.rows();
    int k = b.inputs();
    int l = 0;
    for (int q = a0; l + 2 <= k; l += 2, q += 2 * step) {
      fourByTwo(a, q, row, step, bs[l], bs[l + 1], sums, from, to);
    }
    for (int i = 0; l < k && i < ROWS; i++) {
      oneByOne(a[a0 + i * row + l * step], bs[l], sums[i], from, to);
    }
  }

  private static void fourByTwo(
      float[] a, int q, int row, int step, float[] x, float[] y, float[][] sums, int from, int to) {
    float s0 = a[q];
    float s1 = a[q + step];
    float t0 = a[q + row];
    float t1 = a[q + row + step];
    float u0 = a[q + 2 * row];
    float u1 = a[q + 2 * row + step];
    float v0 = a[q + 3 * row];
    float v1 = a[q + 3 * row + step];
    float[] s = sums[0];
    float[] t = sums[1];
    float[] u = sums[2];
    float[] v = sums[3];
    for (int j = from; j < to; j++) {
      float x0 = x[j];
      float x1 = y[j];
      s[j] = Fused.multiplyAdd(s1, x1, Fused.multiplyAdd(s0, x0, s[j]));
      t[j] = Fused.multiplyAdd(t1, x1, Fused.multiplyAdd(t0, x0, t[j]));
      u[j] = Fused.multiplyAdd(u1, x1, Fused.multiplyAdd(u0, x0, u[j]));
      v[j] = Fused.multiplyAdd(v1, x1, Fused.multiplyAdd(v0, x0, v[j]));
    }
  }

  private static void oneByFour(
      float f0,
      float f1,
      float f2,
      float f3,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3,
      float[] sums,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      float s = Fused.multiplyAdd(f1, b1[j], Fused.multiplyAdd(f0, b0[j], sums[j]));
      sums[j] = Fused.multiplyAdd(f3, b3[j], Fused.multiplyAdd(f2, b2[j], s));
    }
  }

  private static void oneByOne(float f, float[] b, float[] sums, int from, int to) {
    for (int j = from; j < to; j++) {
      sums[j] = Fused.multiplyAdd(f, b[j], sums[j]);
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
    return Fused.inHardware() ? "scalar" : "scalar, fused multiply-add in software";
  }
}
