package dev.lookback.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The functions of {@link Polynomials} with SIMD, number for number the same operations. */
// The reduced exponential stands in each function, without a method of its own: a method that is
// compiled by itself first is not inlined later, and every vector it returns is then boxed. Limits
// are comparisons, because the minimum of Java's floats takes six instructions.
final class VectorFunctions {
  private static final VectorSpecies<Float> S = VectorTiles.S;
  private static final int L = S.length();

  private VectorFunctions() {}

  static void exp(float[] x, int from, int to) {
    int i = from;
    for (; i + L <= to; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector c =
          v.blend(Polynomials.HIGHEST, v.compare(VectorOperators.GT, Polynomials.HIGHEST));
      c = c.blend(Polynomials.LOWEST, c.compare(VectorOperators.LT, Polynomials.LOWEST));
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
      x[i] = Polynomials.exp(x[i]);
    }
  }

  static void tanh(float[] x, int from, int to) {
    int i = from;
    for (; i + L <= to; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector y = v.add(v);
      y = y.blend(Polynomials.TANH_END, y.compare(VectorOperators.GT, Polynomials.TANH_END));
      y = y.blend(-Polynomials.TANH_END, y.compare(VectorOperators.LT, -Polynomials.TANH_END));
      FloatVector shifted = y.fma(splat(Polynomials.LOG2_E), splat(Polynomials.ROUNDER));
      FloatVector n = shifted.sub(Polynomials.ROUNDER);
      FloatVector r = n.fma(splat(-Polynomials.LN2_HIGH), y);
      r = n.fma(splat(-Polynomials.LN2_LOW), r);
      FloatVector p = r.fma(splat(Polynomials.E0), splat(Polynomials.E1));
      p = p.fma(r, splat(Polynomials.E2));
      p = p.fma(r, splat(Polynomials.E3));
      p = p.fma(r, splat(Polynomials.E4));
      p = p.fma(r, splat(Polynomials.E5));
      p = p.fma(r.mul(r), r);
      FloatVector s = scale(shifted);
      FloatVector e = s.fma(p, s.sub(1f));
      e.div(e.add(2f)).intoArray(x, i);
    }
    for (; i < to; i++) {
      x[i] = Polynomials.tanh(x[i]);
    }
  }

  static void sigmoid(float[] x, int from, int to) {
    int i = from;
    for (; i + L <= to; i += L) {
      FloatVector y = FloatVector.fromArray(S, x, i).neg();
      y =
          y.blend(
              Polynomials.SIGMOID_HIGH, y.compare(VectorOperators.GT, Polynomials.SIGMOID_HIGH));
      y = y.blend(Polynomials.SIGMOID_LOW, y.compare(VectorOperators.LT, Polynomials.SIGMOID_LOW));
      FloatVector shifted = y.fma(splat(Polynomials.LOG2_E), splat(Polynomials.ROUNDER));
      FloatVector n = shifted.sub(Polynomials.ROUNDER);
      FloatVector r = n.fma(splat(-Polynomials.LN2_HIGH), y);
      r = n.fma(splat(-Polynomials.LN2_LOW), r);
      FloatVector p = r.fma(splat(Polynomials.E0), splat(Polynomials.E1));
      p = p.fma(r, splat(Polynomials.E2));
      p = p.fma(r, splat(Polynomials.E3));
      p = p.fma(r, splat(Polynomials.E4));
      p = p.fma(r, splat(Polynomials.E5));
      p = p.fma(r.mul(r), r);
      FloatVector s = scale(shifted);
      splat(1f).div(s.fma(p, s).add(1f)).intoArray(x, i);
    }
    for (; i < to; i++) {
      x[i] = Polynomials.sigmoid(x[i]);
    }
  }

  private static FloatVector scale(FloatVector shifted) {
    return shifted
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, 23)
        .add(Polynomials.ONE_BITS)
        .reinterpretAsFloats();
  }

  private static FloatVector power(IntVector exponent) {
    return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  private static FloatVector splat(float value) {
    return FloatVector.broadcast(S, value);
  }
}
