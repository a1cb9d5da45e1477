package dev.lookback.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Gates} with SIMD: the same operations in the same order, and its loops for the rest. */
final class VectorGates extends Gates {
  private static final VectorSpecies<Float> S = VectorTiles.S;
  private static final int L = S.length();

  @Override
  public void multiply(float[] x, int x0, float[] y, int y0, float[] out, int o0, int n) {
    int j = 0;
    for (; j + L <= n; j += L) {
      FloatVector.fromArray(S, x, x0 + j)
          .mul(FloatVector.fromArray(S, y, y0 + j))
          .intoArray(out, o0 + j);
    }
    super.multiply(x, x0 + j, y, y0 + j, out, o0 + j, n - j);
  }

  @Override
  public void tanhBackward(
      float[] h, int h0, float[] q, int at, float[] carry, int k, float[] da, int n) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    int j = 0;
    for (; j + L <= n; j += L) {
      FloatVector y = FloatVector.fromArray(S, h, h0 + j);
      FloatVector.fromArray(S, q, at + j)
          .add(FloatVector.fromArray(S, carry, k + j))
          .mul(one.sub(y.mul(y)))
          .intoArray(da, at + j);
    }
    super.tanhBackward(h, h0 + j, q, at + j, carry, k + j, da, n - j);
  }

  @Override
  public void lstmState(
      float[][] gates, int at, float[] before, int b0, float[] c, int after, int n) {
    float[] i = gates[0];
    float[] f = gates[1];
    float[] g = gates[2];
    float[] tanhC = gates[4];
    int j = 0;
    for (; j + L <= n; j += L) {
      FloatVector in = FloatVector.fromArray(S, i, at + j).mul(FloatVector.fromArray(S, g, at + j));
      FloatVector state =
          FloatVector.fromArray(S, f, at + j).fma(FloatVector.fromArray(S, before, b0 + j), in);
      state.intoArray(c, after + j);
      state.intoArray(tanhC, at + j);
    }
    super.lstmState(gates, at + j, before, b0 + j, c, after + j, n - j);
  }

  @Override
  public void lstmBackward(
      float[][] gates,
      int at,
      float[] before,
      int b0,
      float[] q,
      float[][] carry,
      int k,
      float[][] d,
      int n) {
    float[] is = gates[0];
    float[] fs = gates[1];
    float[] gs = gates[2];
    float[] os = gates[3];
    float[] tanhCs = gates[4];
    float[] carryH = carry[0];
    float[] carryC = carry[1];
    float[] di = d[0];
    float[] df = d[1];
    float[] dg = d[2];
    float[] dO = d[3];
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector zero = FloatVector.zero(S);
    int j = 0;
    for (; j + L <= n; j += L) {
      FloatVector dh =
          FloatVector.fromArray(S, q, at + j).add(FloatVector.fromArray(S, carryH, k + j));
      FloatVector o = FloatVector.fromArray(S, os, at + j);
      FloatVector tanhC = FloatVector.fromArray(S, tanhCs, at + j);
      FloatVector dc =
          dh.mul(o).fma(one.sub(tanhC.mul(tanhC)), FloatVector.fromArray(S, carryC, k + j));
      dh.mul(tanhC).mul(o.mul(one.sub(o))).intoArray(dO, at + j);
      FloatVector i = FloatVector.fromArray(S, is, at + j);
      FloatVector g = FloatVector.fromArray(S, gs, at + j);
      dc.mul(g).mul(i.mul(one.sub(i))).intoArray(di, at + j);
      dc.mul(i).mul(one.sub(g.mul(g))).intoArray(dg, at + j);
      FloatVector f = FloatVector.fromArray(S, fs, at + j);
      dc.mul(FloatVector.fromArray(S, before, b0 + j)).mul(f.mul(one.sub(f))).intoArray(df, at + j);
      zero.intoArray(carryH, k + j);
      dc.mul(f).intoArray(carryC, k + j);
    }
    super.lstmBackward(gates, at + j, before, b0 + j, q, carry, k + j, d, n - j);
  }

  @Override
  public void gruCandidate(float[][] gates, int at, int count) {
    float[] r = gates[0];
    float[] n = gates[2];
    float[] u = gates[3];
    int j = 0;
    for (; j + L <= count; j += L) {
      FloatVector.fromArray(S, r, at + j)
          .fma(FloatVector.fromArray(S, u, at + j), FloatVector.fromArray(S, n, at + j))
          .intoArray(n, at + j);
    }
    super.gruCandidate(gates, at + j, count - j);
  }

  @Override
  public void gruState(
      float[][] gates, int at, float[] before, int b0, float[] h, int after, int count) {
    float[] z = gates[1];
    float[] n = gates[2];
    int j = 0;
    for (; j + L <= count; j += L) {
      FloatVector candidate = FloatVector.fromArray(S, n, at + j);
      FloatVector.fromArray(S, z, at + j)
          .fma(FloatVector.fromArray(S, before, b0 + j).sub(candidate), candidate)
          .intoArray(h, after + j);
    }
    super.gruState(gates, at + j, before, b0 + j, h, after + j, count - j);
  }

  @Override
  public void gruBackward(
      float[][] gates,
      int at,
      float[] before,
      int b0,
      float[] q,
      float[] carry,
      int k,
      float[][] d,
      int count) {
    float[] zs = gates[1];
    float[] ns = gates[2];
    float[] dz = d[1];
    float[] dn = d[2];
    FloatVector one = FloatVector.broadcast(S, 1f);
    int j = 0;
    for (; j + L <= count; j += L) {
      FloatVector z = FloatVector.fromArray(S, zs, at + j);
      FloatVector n = FloatVector.fromArray(S, ns, at + j);
      FloatVector dh =
          FloatVector.fromArray(S, q, at + j).add(FloatVector.fromArray(S, carry, k + j));
      dh.mul(FloatVector.fromArray(S, before, b0 + j).sub(n))
          .mul(z.mul(one.sub(z)))
          .intoArray(dz, at + j);
      dh.mul(one.sub(z)).mul(one.sub(n.mul(n))).intoArray(dn, at + j);
      dh.mul(z).intoArray(carry, k + j);
    }
    super.gruBackward(gates, at + j, before, b0 + j, q, carry, k + j, d, count - j);
  }

  @Override
  public void gruResetAfter(float[][] gates, int at, float[][] d, int count) {
    float[] rs = gates[0];
    float[] us = gates[3];
    float[] dr = d[0];
    float[] dns = d[2];
    float[] du = d[3];
    FloatVector one = FloatVector.broadcast(S, 1f);
    int j = 0;
    for (; j + L <= count; j += L) {
      FloatVector r = FloatVector.fromArray(S, rs, at + j);
      FloatVector dn = FloatVector.fromArray(S, dns, at + j);
      dn.mul(FloatVector.fromArray(S, us, at + j)).mul(r.mul(one.sub(r))).intoArray(dr, at + j);
      dn.mul(r).intoArray(du, at + j);
    }
    super.gruResetAfter(gates, at + j, d, count - j);
  }

  @Override
  public void gruResetBefore(
      float[][] gates,
      int at,
      float[] before,
      int b0,
      float[] ds,
      float[] carry,
      int k,
      float[][] d,
      int count) {
    float[] rs = gates[0];
    float[] dr = d[0];
    FloatVector one = FloatVector.broadcast(S, 1f);
    int j = 0;
    for (; j + L <= count; j += L) {
      FloatVector r = FloatVector.fromArray(S, rs, at + j);
      FloatVector s = FloatVector.fromArray(S, ds, k + j);
      s.mul(FloatVector.fromArray(S, before, b0 + j)).mul(r.mul(one.sub(r))).intoArray(dr, at + j);
      s.fma(r, FloatVector.fromArray(S, carry, k + j)).intoArray(carry, k + j);
    }
    super.gruResetBefore(gates, at + j, before, b0 + j, ds, carry, k + j, d, count - j);
  }
}
