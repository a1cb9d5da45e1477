package dev.lookback.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The chains of {@link Peak} in vectors; only loaded where the module of vectors is present. */
final class VectorPeak {
  private static final VectorSpecies<Float> S = VectorTiles.S;

  static int width() {
    return S.length();
  }

  static float chains(int rounds, float start) {
    FloatVector half = FloatVector.broadcast(S, 0.5f);
    FloatVector s0 = FloatVector.broadcast(S, start);
    FloatVector s1 = FloatVector.broadcast(S, start + 1);
    FloatVector s2 = FloatVector.broadcast(S, start + 2);
    FloatVector s3 = FloatVector.broadcast(S, start + 3);
    FloatVector s4 = FloatVector.broadcast(S, start + 4);
    FloatVector s5 = FloatVector.broadcast(S, start + 5);
    FloatVector s6 = FloatVector.broadcast(S, start + 6);
    FloatVector s7 = FloatVector.broadcast(S, start + 7);
    FloatVector s8 = FloatVector.broadcast(S, start + 8);
    FloatVector s9 = FloatVector.broadcast(S, start + 9);
    FloatVector s10 = FloatVector.broadcast(S, start + 10);
    FloatVector s11 = FloatVector.broadcast(S, start + 11);
    for (int i = 0; i < rounds; i++) {
      s0 = s0.fma(half, half);
      s1 = s1.fma(half, half);
      s2 = s2.fma(half, half);
      s3 = s3.fma(half, half);
      s4 = s4.fma(half, half);
      s5 = s5.fma(half, half);
      s6 = s6.fma(half, half);
      s7 = s7.fma(half, half);
      s8 = s8.fma(half, half);
      s9 = s9.fma(half, half);
      s10 = s10.fma(half, half);
      s11 = s11.fma(half, half);
    }
    FloatVector low = s0.max(s1).max(s2.max(s3)).max(s4.max(s5));
    return low.max(s6.max(s7)).max(s8.max(s9)).max(s10.max(s11)).lane(0);
  }
}
