package dev.lookback.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of every product: a few rows of a times one panel of b, added to c, with all
 * sums in registers. Each element of c is one chain of fused multiply-adds over ascending k.
 *
 * <p>A panel is two vectors wide. Six rows keep twelve sums, two vectors of b and one factor within
 * sixteen registers; with 512 bits there are thirty-two, and eight rows pay. The heights below
 * serve the rows that are left over; one and two rows take several panels at once, because two sums
 * alone would wait for each other's latency.
 */
// The heights are written out, and every factor's index is an expression of its own: a method that
// returns vectors may be compiled by itself and then boxes them, an array of vectors lives in
// memory, and factors that lie side by side are all loaded first and push the sums out of the
// registers (half the speed on Java 25).
final class VectorTiles {
  static final VectorSpecies<Float> S = widest();
  static final int L = S.length();

  /** Columns in a panel. */
  static final int W = 2 * L;

  // Rows of the tallest tile that keeps its sums in registers.
  private static final int TALL = L == 16 ? 8 : 6;

  private VectorTiles() {}

  private static VectorSpecies<Float> widest() {
    VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
    return preferred.length() > 16 ? FloatVector.SPECIES_512 : preferred;
  }

  /**
   * {@code c += a b} for {@code rows} rows of a, {@code [rows, k]} with rows {@code lda} apart, and
   * {@code panels} panels of b, each {@code stride} behind the one before.
   */
  static void multiplyAdd(
      float[] a,
      int a0,
      int lda,
      int rows,
      float[] b,
      int b0,
      int stride,
      int panels,
      int k,
      float[] c,
      int c0,
      int ldc) {
    int p = 0;
    if (rows == 1) {
      for (; p + 4 <= panels; p += 4) {
        wideOne(a, a0, b, b0 + p * stride, stride, k, c, c0 + p * W);
      }
    } else if (rows == 2) {
      for (; p + 2 <= panels; p += 2) {
        wideTwo(a, a0, lda, b, b0 + p * stride, stride, k, c, c0 + p * W, ldc);
      }
    }
    for (; p < panels; p++) {
      panel(a, a0, lda, rows, b, b0 + p * stride, k, c, c0 + p * W, ldc);
    }
  }

  private static void panel(
      float[] a, int a0, int lda, int rows, float[] b, int b0, int k, float[] c, int c0, int ldc) {
    int i = 0;
    while (i < rows) {
      int height = height(rows - i);
      int ai = a0 + i * lda;
      int ci = c0 + i * ldc;
      switch (height) {
        case 8 -> tile8(a, ai, lda, b, b0, k, c, ci, ldc);
        case 6 -> tile6(a, ai, lda, b, b0, k, c, ci, ldc);
        case 5 -> tile5(a, ai, lda, b, b0, k, c, ci, ldc);
        case 4 -> tile4(a, ai, lda, b, b0, k, c, ci, ldc);
        case 3 -> tile3(a, ai, lda, b, b0, k, c, ci, ldc);
        case 2 -> tile2(a, ai, lda, b, b0, k, c, ci, ldc);
        default -> tile1(a, ai, b, b0, k, c, ci);
      }
      i += height;
    }
  }

  // So that no tile of one or two rows is left over where taller ones can share the rows.
  private static int height(int left) {
    if (left >= 2 * TALL || left == TALL) {
      return TALL;
    }
    if (left > TALL) {
      return Math.min(6, (left + 1) / 2);
    }
    return left == 7 ? 4 : left;
  }

  private static void tile8(
      float[] a, int a0, int lda, float[] b, int b0, int k, float[] c, int c0, int ldc) {
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
    FloatVector s5 = FloatVector.fromArray(S, c, c0 + 5 * ldc);
    FloatVector t5 = FloatVector.fromArray(S, c, c0 + 5 * ldc + L);
    FloatVector s6 = FloatVector.fromArray(S, c, c0 + 6 * ldc);
    FloatVector t6 = FloatVector.fromArray(S, c, c0 + 6 * ldc + L);
    FloatVector s7 = FloatVector.fromArray(S, c, c0 + 7 * ldc);
    FloatVector t7 = FloatVector.fromArray(S, c, c0 + 7 * ldc + L);
    for (int l = 0, p = b0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[a0 + lda + l]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[a0 + 2 * lda + l]);
      s2 = f2.fma(x, s2);
      t2 = f2.fma(y, t2);
      FloatVector f3 = FloatVector.broadcast(S, a[a0 + 3 * lda + l]);
      s3 = f3.fma(x, s3);
      t3 = f3.fma(y, t3);
      FloatVector f4 = FloatVector.broadcast(S, a[a0 + 4 * lda + l]);
      s4 = f4.fma(x, s4);
      t4 = f4.fma(y, t4);
      FloatVector f5 = FloatVector.broadcast(S, a[a0 + 5 * lda + l]);
      s5 = f5.fma(x, s5);
      t5 = f5.fma(y, t5);
      FloatVector f6 = FloatVector.broadcast(S, a[a0 + 6 * lda + l]);
      s6 = f6.fma(x, s6);
      t6 = f6.fma(y, t6);
      FloatVector f7 = FloatVector.broadcast(S, a[a0 + 7 * lda + l]);
      s7 = f7.fma(x, s7);
      t7 = f7.fma(y, t7);
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
    s5.intoArray(c, c0 + 5 * ldc);
    t5.intoArray(c, c0 + 5 * ldc + L);
    s6.intoArray(c, c0 + 6 * ldc);
    t6.intoArray(c, c0 + 6 * ldc + L);
    s7.intoArray(c, c0 + 7 * ldc);
    t7.intoArray(c, c0 + 7 * ldc + L);
  }

  private static void tile6(
      float[] a, int a0, int lda, float[] b, int b0, int k, float[] c, int c0, int ldc) {
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
    FloatVector s5 = FloatVector.fromArray(S, c, c0 + 5 * ldc);
    FloatVector t5 = FloatVector.fromArray(S, c, c0 + 5 * ldc + L);
    for (int l = 0, p = b0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[a0 + lda + l]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[a0 + 2 * lda + l]);
      s2 = f2.fma(x, s2);
      t2 = f2.fma(y, t2);
      FloatVector f3 = FloatVector.broadcast(S, a[a0 + 3 * lda + l]);
      s3 = f3.fma(x, s3);
      t3 = f3.fma(y, t3);
      FloatVector f4 = FloatVector.broadcast(S, a[a0 + 4 * lda + l]);
      s4 = f4.fma(x, s4);
      t4 = f4.fma(y, t4);
      FloatVector f5 = FloatVector.broadcast(S, a[a0 + 5 * lda + l]);
      s5 = f5.fma(x, s5);
      t5 = f5.fma(y, t5);
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
    s5.intoArray(c, c0 + 5 * ldc);
    t5.intoArray(c, c0 + 5 * ldc + L);
  }

  private static void tile5(
      float[] a, int a0, int lda, float[] b, int b0, int k, float[] c, int c0, int ldc) {
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
    for (int l = 0, p = b0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[a0 + lda + l]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[a0 + 2 * lda + l]);
      s2 = f2.fma(x, s2);
      t2 = f2.fma(y, t2);
      FloatVector f3 = FloatVector.broadcast(S, a[a0 + 3 * lda + l]);
      s3 = f3.fma(x, s3);
      t3 = f3.fma(y, t3);
      FloatVector f4 = FloatVector.broadcast(S, a[a0 + 4 * lda + l]);
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
      float[] a, int a0, int lda, float[] b, int b0, int k, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    FloatVector s2 = FloatVector.fromArray(S, c, c0 + 2 * ldc);
    FloatVector t2 = FloatVector.fromArray(S, c, c0 + 2 * ldc + L);
    FloatVector s3 = FloatVector.fromArray(S, c, c0 + 3 * ldc);
    FloatVector t3 = FloatVector.fromArray(S, c, c0 + 3 * ldc + L);
    for (int l = 0, p = b0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[a0 + lda + l]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[a0 + 2 * lda + l]);
      s2 = f2.fma(x, s2);
      t2 = f2.fma(y, t2);
      FloatVector f3 = FloatVector.broadcast(S, a[a0 + 3 * lda + l]);
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
      float[] a, int a0, int lda, float[] b, int b0, int k, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    FloatVector s2 = FloatVector.fromArray(S, c, c0 + 2 * ldc);
    FloatVector t2 = FloatVector.fromArray(S, c, c0 + 2 * ldc + L);
    for (int l = 0, p = b0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[a0 + lda + l]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[a0 + 2 * lda + l]);
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
      float[] a, int a0, int lda, float[] b, int b0, int k, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    for (int l = 0, p = b0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[a0 + lda + l]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
    }
    s0.intoArray(c, c0);
    t0.intoArray(c, c0 + L);
    s1.intoArray(c, c0 + ldc);
    t1.intoArray(c, c0 + ldc + L);
  }

  private static void tile1(float[] a, int a0, float[] b, int b0, int k, float[] c, int c0) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    for (int l = 0, p = b0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, b, p);
      FloatVector y = FloatVector.fromArray(S, b, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
    }
    s0.intoArray(c, c0);
    t0.intoArray(c, c0 + L);
  }

  private static void wideTwo(
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int stride,
      int k,
      float[] c,
      int c0,
      int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s2 = FloatVector.fromArray(S, c, c0 + 2 * L);
    FloatVector s3 = FloatVector.fromArray(S, c, c0 + 3 * L);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    FloatVector t2 = FloatVector.fromArray(S, c, c0 + ldc + 2 * L);
    FloatVector t3 = FloatVector.fromArray(S, c, c0 + ldc + 3 * L);
    int b1 = b0 + stride;
    for (int l = 0, p = 0; l < k; l++, p += W) {
      FloatVector f = FloatVector.broadcast(S, a[a0 + l]);
      FloatVector g = FloatVector.broadcast(S, a[a0 + lda + l]);
      FloatVector x0 = FloatVector.fromArray(S, b, b0 + p);
      FloatVector y0 = FloatVector.fromArray(S, b, b0 + p + L);
      s0 = f.fma(x0, s0);
      s1 = f.fma(y0, s1);
      t0 = g.fma(x0, t0);
      t1 = g.fma(y0, t1);
      FloatVector x1 = FloatVector.fromArray(S, b, b1 + p);
      FloatVector y1 = FloatVector.fromArray(S, b, b1 + p + L);
      s2 = f.fma(x1, s2);
      s3 = f.fma(y1, s3);
      t2 = g.fma(x1, t2);
      t3 = g.fma(y1, t3);
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c0 + L);
    s2.intoArray(c, c0 + 2 * L);
    s3.intoArray(c, c0 + 3 * L);
    t0.intoArray(c, c0 + ldc);
    t1.intoArray(c, c0 + ldc + L);
    t2.intoArray(c, c0 + ldc + 2 * L);
    t3.intoArray(c, c0 + ldc + 3 * L);
  }

  private static void wideOne(
      float[] a, int a0, float[] b, int b0, int stride, int k, float[] c, int c0) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s2 = FloatVector.fromArray(S, c, c0 + 2 * L);
    FloatVector s3 = FloatVector.fromArray(S, c, c0 + 3 * L);
    FloatVector s4 = FloatVector.fromArray(S, c, c0 + 4 * L);
    FloatVector s5 = FloatVector.fromArray(S, c, c0 + 5 * L);
    FloatVector s6 = FloatVector.fromArray(S, c, c0 + 6 * L);
    FloatVector s7 = FloatVector.fromArray(S, c, c0 + 7 * L);
    int b1 = b0 + stride;
    int b2 = b1 + stride;
    int b3 = b2 + stride;
    for (int l = 0, p = 0; l < k; l++, p += W) {
      FloatVector f = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f.fma(FloatVector.fromArray(S, b, b0 + p), s0);
      s1 = f.fma(FloatVector.fromArray(S, b, b0 + p + L), s1);
      s2 = f.fma(FloatVector.fromArray(S, b, b1 + p), s2);
      s3 = f.fma(FloatVector.fromArray(S, b, b1 + p + L), s3);
      s4 = f.fma(FloatVector.fromArray(S, b, b2 + p), s4);
      s5 = f.fma(FloatVector.fromArray(S, b, b2 + p + L), s5);
      s6 = f.fma(FloatVector.fromArray(S, b, b3 + p), s6);
      s7 = f.fma(FloatVector.fromArray(S, b, b3 + p + L), s7);
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c0 + L);
    s2.intoArray(c, c0 + 2 * L);
    s3.intoArray(c, c0 + 3 * L);
    s4.intoArray(c, c0 + 4 * L);
    s5.intoArray(c, c0 + 5 * L);
    s6.intoArray(c, c0 + 6 * L);
    s7.intoArray(c, c0 + 7 * L);
  }
}
