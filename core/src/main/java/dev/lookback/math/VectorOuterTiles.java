package dev.lookback.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of every weight gradient: a few columns of a, turned, times one panel of b,
 * added to c, with all sums in registers. Each element of c is one chain of fused multiply-adds
 * over ascending rows.
 *
 * <p>Here the factors lie side by side in a row of a and are all loaded before the sums are
 * touched, so five columns are what sixteen registers hold. Fives and fours cover every larger
 * number.
 */
final class VectorOuterTiles {
  private static final VectorSpecies<Float> S = VectorTiles.S;
  private static final int L = VectorTiles.L;
  private static final int W = VectorTiles.W;

  private VectorOuterTiles() {}

  /**
   * {@code c[i, j] += sum_r a[r, i] b[r, j]} for {@code rows} rows of a and one panel of b, and the
   * columns i in [0, columns) of a.
   */
  static void panel(
      float[] a,
      int a0,
      int lda,
      int columns,
      int rows,
      float[] b,
      int b0,
      float[] c,
      int c0,
      int ldc) {
    int i = 0;
    while (i < columns) {
      int height = height(columns - i);
      int ci = c0 + i * ldc;
      switch (height) {
        case 5 -> tile5(a, a0 + i, lda, rows, b, b0, c, ci, ldc);
        case 4 -> tile4(a, a0 + i, lda, rows, b, b0, c, ci, ldc);
        case 3 -> tile3(a, a0 + i, lda, rows, b, b0, c, ci, ldc);
        case 2 -> tile2(a, a0 + i, lda, rows, b, b0, c, ci, ldc);
        default -> tile1(a, a0 + i, lda, rows, b, b0, c, ci);
      }
      i += height;
    }
  }

  private static int height(int left) {
    if (left % 5 == 0) {
      return 5;
    }
    return left == 6 ? 3 : Math.min(4, left);
  }

  private static void tile5(
      float[] a, int a0, int lda, int rows, float[] b, int b0, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    FloatVector s2 = FloatVector.fromArray(S, c, c0 + 2 * ldc);
    FloatVector t2 = FloatVector.fromArray(S, c, c0 + 2 * ldc + L);
    FloatVector s3 = FloatVector.fromArray(S, c, c0 + 3 * ldc);
    FloatVector t3 = FloatVector.fromArray(S, c, c0 + 3 * ldc + L);
    FloatVector s4 = FloatVector.fromArray(S, c, c0 + 4 * ldc);
    FloatVector t4 = FloatVector.fromArray(S, c, c0 + 4 * ldc + L);
    for (int r = 0, p = b0, q = a0; r < rows; r++, p += W, q += lda) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[q]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[q + 1]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[q + 2]);
      s2 = f2.fma(x, s2);
      t2 = f2.fma(y, t2);
      FloatVector f3 = FloatVector.broadcast(S, a[q + 3]);
      s3 = f3.fma(x, s3);
      t3 = f3.fma(y, t3);
      FloatVector f4 = FloatVector.broadcast(S, a[q + 4]);
      s4 = f4.fma(x, s4);
      t4 = f4.fma(y, t4);
    }
    s0.intoArray(c, c0);
    t0.intoArray(c, c0 + L);
    s1.intoArray(c, c0 + ldc);
    t1.intoArray(c, c0 + ldc + L);
    s2.intoArray(c, c0 + 2 * ldc);
    t2.intoArray(c, c0 + 2 * ldc + L);
    s3.intoArray(c, c0 + 3 * ldc);
    t3.intoArray(c, c0 + 3 * ldc + L);
    s4.intoArray(c, c0 + 4 * ldc);
    t4.intoArray(c, c0 + 4 * ldc + L);
  }

  private static void tile4(
      float[] a, int a0, int lda, int rows, float[] b, int b0, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    FloatVector s2 = FloatVector.fromArray(S, c, c0 + 2 * ldc);
    FloatVector t2 = FloatVector.fromArray(S, c, c0 + 2 * ldc + L);
    FloatVector s3 = FloatVector.fromArray(S, c, c0 + 3 * ldc);
    FloatVector t3 = FloatVector.fromArray(S, c, c0 + 3 * ldc + L);
    for (int r = 0, p = b0, q = a0; r < rows; r++, p += W, q += lda) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[q]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[q + 1]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[q + 2]);
      s2 = f2.fma(x, s2);
      t2 = f2.fma(y, t2);
      FloatVector f3 = FloatVector.broadcast(S, a[q + 3]);
      s3 = f3.fma(x, s3);
      t3 = f3.fma(y, t3);
    }
    s0.intoArray(c, c0);
    t0.intoArray(c, c0 + L);
    s1.intoArray(c, c0 + ldc);
    t1.intoArray(c, c0 + ldc + L);
    s2.intoArray(c, c0 + 2 * ldc);
    t2.intoArray(c, c0 + 2 * ldc + L);
    s3.intoArray(c, c0 + 3 * ldc);
    t3.intoArray(c, c0 + 3 * ldc + L);
  }

  private static void tile3(
      float[] a, int a0, int lda, int rows, float[] b, int b0, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    FloatVector s2 = FloatVector.fromArray(S, c, c0 + 2 * ldc);
    FloatVector t2 = FloatVector.fromArray(S, c, c0 + 2 * ldc + L);
    for (int r = 0, p = b0, q = a0; r < rows; r++, p += W, q += lda) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[q]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[q + 1]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[q + 2]);
      s2 = f2.fma(x, s2);
      t2 = f2.fma(y, t2);
    }
    s0.intoArray(c, c0);
    t0.intoArray(c, c0 + L);
    s1.intoArray(c, c0 + ldc);
    t1.intoArray(c, c0 + ldc + L);
    s2.intoArray(c, c0 + 2 * ldc);
    t2.intoArray(c, c0 + 2 * ldc + L);
  }

  private static void tile2(
      float[] a, int a0, int lda, int rows, float[] b, int b0, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    for (int r = 0, p = b0, q = a0; r < rows; r++, p += W, q += lda) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[q]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[q + 1]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
    }
    s0.intoArray(c, c0);
    t0.intoArray(c, c0 + L);
    s1.intoArray(c, c0 + ldc);
    t1.intoArray(c, c0 + ldc + L);
  }

  private static void tile1(
      float[] a, int a0, int lda, int rows, float[] b, int b0, float[] c, int c0) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    for (int r = 0, p = b0, q = a0; r < rows; r++, p += W, q += lda) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[q]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
    }
    s0.intoArray(c, c0);
    t0.intoArray(c, c0 + L);
  }
}
