package dev.lookback.math;

import static dev.lookback.math.Polynomials.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The functions of {@link Polynomials} with SIMD, number for number the same operations. */
// All three stand in one method, without a method of their own for what they share. A method that
// returns vectors may be compiled by itself and then boxes every one of them; and a loop that is
// inlined next to others loses its registers (three times slower, seen with five in a row), which a
// method of more than 325 bytes is safe from. Limits are comparisons, because the minimum of Java's
// floats takes six instructions.
final class VectorFunctions {
  /** {@code exp(x)}. */
  static final int EXP = 0;

  /** {@code tanh(x)}. */
  static final int TANH = 1;

  /** {@code 1 / (1 + exp(-x))}. */
  static final int SIGMOID = 2;

  private static final VectorSpecies<Float> S = VectorTiles.S;
  private static final int L = S.length();

  private VectorFunctions() {}

  /** Replaces the elements [from, to) by the function of them, as far as whole vectors go. */
  static int apply(int function, float[] x, int from, int to) {
    int i = from;
    if (function == EXP) {
      for (; i + L <= to; i += L) {
        FloatVector v = FloatVector.fromArray(S, x, i);
        FloatVector c = v.blend(HIGHEST, v.compare(VectorOperators.GT, HIGHEST));
        c = c.blend(LOWEST, c.compare(VectorOperators.LT, LOWEST));
        FloatVector shifted =
            c.fma(FloatVector.broadcast(S, LOG2_E), FloatVector.broadcast(S, ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(S, E0), FloatVector.broadcast(S, E1));
        p = p.fma(r, FloatVector.broadcast(S, E2));
        p = p.fma(r, FloatVector.broadcast(S, E3));
        p = p.fma(r, FloatVector.broadcast(S, E4));
        p = p.fma(r, FloatVector.broadcast(S, E5));
        p = p.fma(r.mul(r), r);
        IntVector e = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
        IntVector half = e.lanewise(VectorOperators.ASHR, 1);
        FloatVector one = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector other =
            e.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        p.add(1f).mul(one).mul(other).intoArray(x, i);
      }
    } else if (function == TANH) {
      for (; i + L <= to; i += L) {
        FloatVector v = FloatVector.fromArray(S, x, i);
        FloatVector y = v.add(v);
        y = y.blend(TANH_END, y.compare(VectorOperators.GT, TANH_END));
        y = y.blend(-TANH_END, y.compare(VectorOperators.LT, -TANH_END));
        FloatVector shifted =
            y.fma(FloatVector.broadcast(S, LOG2_E), FloatVector.broadcast(S, ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), y);
        r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(S, E0), FloatVector.broadcast(S, E1));
        p = p.fma(r, FloatVector.broadcast(S, E2));
        p = p.fma(r, FloatVector.broadcast(S, E3));
        p = p.fma(r, FloatVector.broadcast(S, E4));
        p = p.fma(r, FloatVector.broadcast(S, E5));
        p = p.fma(r.mul(r), r);
        FloatVector s =
            shifted
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(ONE_BITS)
                .reinterpretAsFloats();
        FloatVector e = s.fma(p, s.sub(1f));
        e.div(e.add(2f)).intoArray(x, i);
      }
    } else {
      for (; i + L <= to; i += L) {
        FloatVector y = FloatVector.fromArray(S, x, i).neg();
        y = y.blend(SIGMOID_HIGH, y.compare(VectorOperators.GT, SIGMOID_HIGH));
        y = y.blend(SIGMOID_LOW, y.compare(VectorOperators.LT, SIGMOID_LOW));
        FloatVector shifted =
            y.fma(FloatVector.broadcast(S, LOG2_E), FloatVector.broadcast(S, ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), y);
        r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(S, E0), FloatVector.broadcast(S, E1));
        p = p.fma(r, FloatVector.broadcast(S, E2));
        p = p.fma(r, FloatVector.broadcast(S, E3));
        p = p.fma(r, FloatVector.broadcast(S, E4));
        p = p.fma(r, FloatVector.broadcast(S, E5));
        p = p.fma(r.mul(r), r);
        FloatVector s =
            shifted
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(ONE_BITS)
                .reinterpretAsFloats();
        FloatVector.broadcast(S, 1f).div(s.fma(p, s).add(1f)).intoArray(x, i);
      }
    }
    return i;
  }
}
