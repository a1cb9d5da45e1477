package dev.lookback.math;

import java.util.Arrays;

/** The definition of every kernel: plain loops. */
final class ScalarKernel implements Kernel {
  private static final int W = Panels.WIDTH;

  @Override
  public void product(
      float[] a, int a0, int rows, float[] panel, int p0, int k, float[] c, int c0, int ldc) {
    for (int i = 0; i < rows; i++) {
      int ci = c0 + i * ldc;
      int ai = a0 + i * k;
      for (int l = 0; l < k; l++) {
        float factor = a[ai + l];
        int pl = p0 + l * W;
        for (int j = 0; j < W; j++) {
          c[ci + j] = Math.fma(factor, panel[pl + j], c[ci + j]);
        }
      }
    }
  }

  @Override
  public void outer(
      float[] a,
      int a0,
      int lda,
      int from,
      int to,
      float[] panel,
      int rows,
      float[] c,
      int c0,
      int ldc) {
    float[] sum = new float[W];
    for (int i = from; i < to; i++) {
      Arrays.fill(sum, 0);
      for (int r = 0; r < rows; r++) {
        float factor = a[a0 + r * lda + i];
        int pr = r * W;
        for (int j = 0; j < W; j++) {
          sum[j] = Math.fma(factor, panel[pr + j], sum[j]);
        }
      }
      int ci = c0 + (i - from) * ldc;
      for (int j = 0; j < W; j++) {
        c[ci + j] += sum[j];
      }
    }
  }

  @Override
  public void tanh(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Polynomials.tanh(x[i]);
    }
  }

  @Override
  public void exp(float[] x, int from, int to, float shift) {
    for (int i = from; i < to; i++) {
      x[i] = Polynomials.exp(x[i] - shift);
    }
  }

  @Override
  public String describe() {
    return "scalar";
  }
}
