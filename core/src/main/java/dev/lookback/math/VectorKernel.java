package dev.lookback.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
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
  private static final VectorSpecies<Float> S = widest();
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);
  private static final int L = S.length();
  private static final int W = Panels.WIDTH;

  // A tile holds two vectors of each row, so half a panel is the widest vector that fits.
  private static VectorSpecies<Float> widest() {
    VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
    return preferred.length() > Panels.WIDTH / 2 ? FloatVector.SPECIES_512 : preferred;
  }

  @Override
  public void product(
      float[] a, int a0, int rows, float[] panel, int p0, int k, float[] c, int c0, int ldc) {
    for (int j = 0; j < W; j += 2 * L) {
      int i = 0;
      for (; i + 8 <= rows; i += 8) {
        product8(a, a0 + i * k, panel, p0 + j, k, c, c0 + i * ldc + j, ldc);
      }
      if (i + 4 <= rows) {
        product4(a, a0 + i * k, panel, p0 + j, k, c, c0 + i * ldc + j, ldc);
        i += 4;
      }
      if (i + 2 <= rows) {
        product2(a, a0 + i * k, panel, p0 + j, k, c, c0 + i * ldc + j, ldc);
        i += 2;
      }
      if (i < rows) {
        product1(a, a0 + i * k, panel, p0 + j, k, c, c0 + i * ldc + j);
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
    for (int j = 0; j < W; j += 2 * L) {
      int i = from;
      for (; i + 8 <= to; i += 8) {
        outer8(a, a0 + i, lda, panel, j, rows, c, c0 + (i - from) * ldc + j, ldc);
      }
      for (; i < to; i++) {
        outer1(a, a0 + i, lda, panel, j, rows, c, c0 + (i - from) * ldc + j);
      }
    }
  }

  private static void product8(
      float[] a, int a0, float[] panel, int p0, int k, float[] c, int c0, int ldc) {
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
    for (int l = 0, p = p0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, panel, p);
      FloatVector y = FloatVector.fromArray(S, panel, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[a0 + k + l]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[a0 + 2 * k + l]);
      s2 = f2.fma(x, s2);
      t2 = f2.fma(y, t2);
      FloatVector f3 = FloatVector.broadcast(S, a[a0 + 3 * k + l]);
      s3 = f3.fma(x, s3);
      t3 = f3.fma(y, t3);
      FloatVector f4 = FloatVector.broadcast(S, a[a0 + 4 * k + l]);
      s4 = f4.fma(x, s4);
      t4 = f4.fma(y, t4);
      FloatVector f5 = FloatVector.broadcast(S, a[a0 + 5 * k + l]);
      s5 = f5.fma(x, s5);
      t5 = f5.fma(y, t5);
      FloatVector f6 = FloatVector.broadcast(S, a[a0 + 6 * k + l]);
      s6 = f6.fma(x, s6);
      t6 = f6.fma(y, t6);
      FloatVector f7 = FloatVector.broadcast(S, a[a0 + 7 * k + l]);
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

  private static void product4(
      float[] a, int a0, float[] panel, int p0, int k, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    FloatVector s2 = FloatVector.fromArray(S, c, c0 + 2 * ldc);
    FloatVector t2 = FloatVector.fromArray(S, c, c0 + 2 * ldc + L);
    FloatVector s3 = FloatVector.fromArray(S, c, c0 + 3 * ldc);
    FloatVector t3 = FloatVector.fromArray(S, c, c0 + 3 * ldc + L);
    for (int l = 0, p = p0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, panel, p);
      FloatVector y = FloatVector.fromArray(S, panel, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[a0 + k + l]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
      FloatVector f2 = FloatVector.broadcast(S, a[a0 + 2 * k + l]);
      s2 = f2.fma(x, s2);
      t2 = f2.fma(y, t2);
      FloatVector f3 = FloatVector.broadcast(S, a[a0 + 3 * k + l]);
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

  private static void product2(
      float[] a, int a0, float[] panel, int p0, int k, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    FloatVector s1 = FloatVector.fromArray(S, c, c0 + ldc);
    FloatVector t1 = FloatVector.fromArray(S, c, c0 + ldc + L);
    for (int l = 0, p = p0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, panel, p);
      FloatVector y = FloatVector.fromArray(S, panel, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
      FloatVector f1 = FloatVector.broadcast(S, a[a0 + k + l]);
      s1 = f1.fma(x, s1);
      t1 = f1.fma(y, t1);
    }
    s0.intoArray(c, c0);
    t0.intoArray(c, c0 + L);
    s1.intoArray(c, c0 + ldc);
    t1.intoArray(c, c0 + ldc + L);
  }

  private static void product1(float[] a, int a0, float[] panel, int p0, int k, float[] c, int c0) {
    FloatVector s0 = FloatVector.fromArray(S, c, c0);
    FloatVector t0 = FloatVector.fromArray(S, c, c0 + L);
    for (int l = 0, p = p0; l < k; l++, p += W) {
      FloatVector x = FloatVector.fromArray(S, panel, p);
      FloatVector y = FloatVector.fromArray(S, panel, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[a0 + l]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
    }
    s0.intoArray(c, c0);
    t0.intoArray(c, c0 + L);
  }

  private static void outer8(
      float[] a, int a0, int lda, float[] panel, int p0, int rows, float[] c, int c0, int ldc) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector t0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector t1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector t2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    FloatVector t3 = FloatVector.zero(S);
    FloatVector s4 = FloatVector.zero(S);
    FloatVector t4 = FloatVector.zero(S);
    FloatVector s5 = FloatVector.zero(S);
    FloatVector t5 = FloatVector.zero(S);
    FloatVector s6 = FloatVector.zero(S);
    FloatVector t6 = FloatVector.zero(S);
    FloatVector s7 = FloatVector.zero(S);
    FloatVector t7 = FloatVector.zero(S);
    for (int r = 0, p = p0, q = a0; r < rows; r++, p += W, q += lda) {
      FloatVector x = FloatVector.fromArray(S, panel, p);
      FloatVector y = FloatVector.fromArray(S, panel, p + L);
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
      FloatVector f5 = FloatVector.broadcast(S, a[q + 5]);
      s5 = f5.fma(x, s5);
      t5 = f5.fma(y, t5);
      FloatVector f6 = FloatVector.broadcast(S, a[q + 6]);
      s6 = f6.fma(x, s6);
      t6 = f6.fma(y, t6);
      FloatVector f7 = FloatVector.broadcast(S, a[q + 7]);
      s7 = f7.fma(x, s7);
      t7 = f7.fma(y, t7);
    }
    s0.add(FloatVector.fromArray(S, c, c0)).intoArray(c, c0);
    t0.add(FloatVector.fromArray(S, c, c0 + L)).intoArray(c, c0 + L);
    s1.add(FloatVector.fromArray(S, c, c0 + ldc)).intoArray(c, c0 + ldc);
    t1.add(FloatVector.fromArray(S, c, c0 + ldc + L)).intoArray(c, c0 + ldc + L);
    s2.add(FloatVector.fromArray(S, c, c0 + 2 * ldc)).intoArray(c, c0 + 2 * ldc);
    t2.add(FloatVector.fromArray(S, c, c0 + 2 * ldc + L)).intoArray(c, c0 + 2 * ldc + L);
    s3.add(FloatVector.fromArray(S, c, c0 + 3 * ldc)).intoArray(c, c0 + 3 * ldc);
    t3.add(FloatVector.fromArray(S, c, c0 + 3 * ldc + L)).intoArray(c, c0 + 3 * ldc + L);
    s4.add(FloatVector.fromArray(S, c, c0 + 4 * ldc)).intoArray(c, c0 + 4 * ldc);
    t4.add(FloatVector.fromArray(S, c, c0 + 4 * ldc + L)).intoArray(c, c0 + 4 * ldc + L);
    s5.add(FloatVector.fromArray(S, c, c0 + 5 * ldc)).intoArray(c, c0 + 5 * ldc);
    t5.add(FloatVector.fromArray(S, c, c0 + 5 * ldc + L)).intoArray(c, c0 + 5 * ldc + L);
    s6.add(FloatVector.fromArray(S, c, c0 + 6 * ldc)).intoArray(c, c0 + 6 * ldc);
    t6.add(FloatVector.fromArray(S, c, c0 + 6 * ldc + L)).intoArray(c, c0 + 6 * ldc + L);
    s7.add(FloatVector.fromArray(S, c, c0 + 7 * ldc)).intoArray(c, c0 + 7 * ldc);
    t7.add(FloatVector.fromArray(S, c, c0 + 7 * ldc + L)).intoArray(c, c0 + 7 * ldc + L);
  }

  private static void outer1(
      float[] a, int a0, int lda, float[] panel, int p0, int rows, float[] c, int c0) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector t0 = FloatVector.zero(S);
    for (int r = 0, p = p0, q = a0; r < rows; r++, p += W, q += lda) {
      FloatVector x = FloatVector.fromArray(S, panel, p);
      FloatVector y = FloatVector.fromArray(S, panel, p + L);
      FloatVector f0 = FloatVector.broadcast(S, a[q]);
      s0 = f0.fma(x, s0);
      t0 = f0.fma(y, t0);
    }
    s0.add(FloatVector.fromArray(S, c, c0)).intoArray(c, c0);
    t0.add(FloatVector.fromArray(S, c, c0 + L)).intoArray(c, c0 + L);
  }

  // exp stands here and once more inside tanh, both without a method of their own: a method that is
  // compiled by itself first is not inlined later, and every vector it returns is then boxed.
  @Override
  public void exp(float[] x, int from, int to, float shift) {
    int i = from;
    for (; i + L <= to; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, i).sub(shift);
      FloatVector c = v.min(Polynomials.HIGHEST).max(Polynomials.LOWEST);
      FloatVector shifted = c.fma(splat(Polynomials.LOG2_E), splat(Polynomials.ROUNDER));
      FloatVector n = shifted.sub(Polynomials.ROUNDER);
      FloatVector r = n.fma(splat(-Polynomials.LN2_HIGH), c);
      r = n.fma(splat(-Polynomials.LN2_LOW), r);
      FloatVector p = r.fma(splat(Polynomials.E0), splat(Polynomials.E1));
      p = p.fma(r, splat(Polynomials.E2));
      p = p.fma(r, splat(Polynomials.E3));
      p = p.fma(r, splat(Polynomials.E4));
      p = p.fma(r, splat(Polynomials.E5));
      FloatVector y = p.fma(r.mul(r), r).add(1f);
      IntVector e = shifted.reinterpretAsInts().sub(Polynomials.ROUNDER_BITS);
      IntVector half = e.lanewise(VectorOperators.ASHR, 1);
      y.mul(power(half)).mul(power(e.sub(half))).intoArray(x, i);
    }
    for (; i < to; i++) {
      x[i] = Polynomials.exp(x[i] - shift);
    }
  }

  @Override
  public void tanh(float[] x, int from, int to) {
    int i = from;
    for (; i + L <= to; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector z = v.mul(v);
      FloatVector t = z.fma(splat(Polynomials.T0), splat(Polynomials.T1));
      t = t.fma(z, splat(Polynomials.T2));
      t = t.fma(z, splat(Polynomials.T3));
      t = t.fma(z, splat(Polynomials.T4));
      FloatVector small = t.mul(z).fma(v, v);
      FloatVector size = v.abs();
      // exp(2 |x|)
      FloatVector c = size.add(size).min(Polynomials.HIGHEST);
      FloatVector shifted = c.fma(splat(Polynomials.LOG2_E), splat(Polynomials.ROUNDER));
      FloatVector n = shifted.sub(Polynomials.ROUNDER);
      FloatVector r = n.fma(splat(-Polynomials.LN2_HIGH), c);
      r = n.fma(splat(-Polynomials.LN2_LOW), r);
      FloatVector p = r.fma(splat(Polynomials.E0), splat(Polynomials.E1));
      p = p.fma(r, splat(Polynomials.E2));
      p = p.fma(r, splat(Polynomials.E3));
      p = p.fma(r, splat(Polynomials.E4));
      p = p.fma(r, splat(Polynomials.E5));
      FloatVector y = p.fma(r.mul(r), r).add(1f);
      IntVector e = shifted.reinterpretAsInts().sub(Polynomials.ROUNDER_BITS);
      IntVector half = e.lanewise(VectorOperators.ASHR, 1);
      FloatVector exp = y.mul(power(half)).mul(power(e.sub(half)));
      FloatVector large = splat(1f).sub(splat(2f).div(exp.add(1f)));
      IntVector sign = v.reinterpretAsInts().and(0x80000000);
      VectorMask<Float> isSmall = size.lt(Polynomials.SMALL);
      large
          .reinterpretAsInts()
          .or(sign)
          .reinterpretAsFloats()
          .blend(small, isSmall)
          .intoArray(x, i);
    }
    for (; i < to; i++) {
      x[i] = Polynomials.tanh(x[i]);
    }
  }

  private static FloatVector power(IntVector exponent) {
    return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  private static FloatVector splat(float value) {
    return FloatVector.broadcast(S, value);
  }

  @Override
  public String describe() {
    return I.vectorBitSize() + "-bit SIMD";
  }
}
