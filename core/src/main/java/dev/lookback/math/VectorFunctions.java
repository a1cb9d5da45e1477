package dev.lookback.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The functions of {@link Polynomials} with SIMD, number for number the same operations. */
// Each is one method, without a method of its own for what they share, and longer than 325 bytes. A
// method that returns vectors may be compiled by itself and then boxes every one of them; and a
// loop
// that is inlined next to others loses its registers (three times slower, seen with five in a row),
// which the compiler does not do to methods of more than 325 bytes. They are not one method with a
// switch either: what has not been called yet when it is compiled is left out, and when it is
// called
// everything starts over. Limits are comparisons, because the minimum of Java's floats takes six
// instructions.
final class VectorFunctions {
  private static final VectorSpecies<Float> S = VectorTiles.S;
  private static final int L = S.length();

  private VectorFunctions() {}

  static void exp(float[] x, int from, int to) {
    int i = from;
    for (; i + L <= to; i += L) {
      FloatVector c = FloatVector.fromArray(S, x, i);
      c = c.blend(Polynomials.HIGHEST, c.compare(VectorOperators.GT, Polynomials.HIGHEST));
      c = c.blend(Polynomials.LOWEST, c.compare(VectorOperators.LT, Polynomials.LOWEST));
      FloatVector shifted =
          c.lanewise(
              VectorOperators.FMA,
              FloatVector.broadcast(S, Polynomials.LOG2_E),
              FloatVector.broadcast(S, Polynomials.ROUNDER));
      FloatVector n = shifted.sub(Polynomials.ROUNDER);
      FloatVector r =
          n.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, -Polynomials.LN2_HIGH), c);
      r = n.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, -Polynomials.LN2_LOW), r);
      FloatVector p =
          r.lanewise(
              VectorOperators.FMA,
              FloatVector.broadcast(S, Polynomials.E0),
              FloatVector.broadcast(S, Polynomials.E1));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E2));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E3));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E4));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E5));
      p = p.lanewise(VectorOperators.FMA, r.mul(r), r);
      IntVector e = shifted.reinterpretAsInts().sub(Polynomials.ROUNDER_BITS);
      IntVector half = e.lanewise(VectorOperators.ASHR, 1);
      FloatVector one = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector other =
          e.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      p.add(1f).mul(one).mul(other).intoArray(x, i);
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
      FloatVector shifted =
          y.lanewise(
              VectorOperators.FMA,
              FloatVector.broadcast(S, Polynomials.LOG2_E),
              FloatVector.broadcast(S, Polynomials.ROUNDER));
      FloatVector n = shifted.sub(Polynomials.ROUNDER);
      FloatVector r =
          n.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, -Polynomials.LN2_HIGH), y);
      r = n.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, -Polynomials.LN2_LOW), r);
      FloatVector p =
          r.lanewise(
              VectorOperators.FMA,
              FloatVector.broadcast(S, Polynomials.E0),
              FloatVector.broadcast(S, Polynomials.E1));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E2));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E3));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E4));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E5));
      p = p.lanewise(VectorOperators.FMA, r.mul(r), r);
      FloatVector s =
          shifted
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 23)
              .add(Polynomials.ONE_BITS)
              .reinterpretAsFloats();
      FloatVector e = s.lanewise(VectorOperators.FMA, p, s.sub(1f));
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
      FloatVector shifted =
          y.lanewise(
              VectorOperators.FMA,
              FloatVector.broadcast(S, Polynomials.LOG2_E),
              FloatVector.broadcast(S, Polynomials.ROUNDER));
      FloatVector n = shifted.sub(Polynomials.ROUNDER);
      FloatVector r =
          n.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, -Polynomials.LN2_HIGH), y);
      r = n.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, -Polynomials.LN2_LOW), r);
      FloatVector p =
          r.lanewise(
              VectorOperators.FMA,
              FloatVector.broadcast(S, Polynomials.E0),
              FloatVector.broadcast(S, Polynomials.E1));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E2));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E3));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E4));
      p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(S, Polynomials.E5));
      p = p.lanewise(VectorOperators.FMA, r.mul(r), r);
      FloatVector s =
          shifted
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 23)
              .add(Polynomials.ONE_BITS)
              .reinterpretAsFloats();
      FloatVector.broadcast(S, 1f)
          .div(s.lanewise(VectorOperators.FMA, p, s).add(1f))
          .intoArray(x, i);
    }
    for (; i < to; i++) {
      x[i] = Polynomials.sigmoid(x[i]);
    }
  }
}
