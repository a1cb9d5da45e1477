package dev.lookback.math;

/**
 * The arithmetic between products in the cells, number by number: what stands here is the
 * definition, {@code VectorGates} does the same with SIMD.
 *
 * <p>Arrays come with the index of their first number; {@code n} numbers are taken from each. The
 * planes of a cell (one for each gate) share one index.
 */
public class Gates {

  Gates() {}

  /** {@code out = x y}. */
  public void multiply(float[] x, int x0, float[] y, int y0, float[] out, int o0, int n) {
    for (int j = 0; j < n; j++) {
      out[o0 + j] = x[x0 + j] * y[y0 + j];
    }
  }

  /** {@code da = (q + carry) (1 - h^2)}: back through a tanh, which its value h is enough for. */
  public void tanhBackward(
      float[] h, int h0, float[] q, int at, float[] carry, int k, float[] da, int n) {
    for (int j = 0; j < n; j++) {
      float y = h[h0 + j];
      da[at + j] = (q[at + j] + carry[k + j]) * (1 - y * y);
    }
  }

  /**
   * {@code c = f c' + i g}, which is written to the cell state at {@code after} and to the fifth
   * plane of the gates, whose tanh is to be taken.
   *
   * @param gates i, f, g, o, tanh c
   * @param c the cell states; c' begins at {@code before}
   */
  public void lstmState(
      float[][] gates, int at, float[] before, int b0, float[] c, int after, int n) {
    float[] i = gates[0];
    float[] f = gates[1];
    float[] g = gates[2];
    float[] tanhC = gates[4];
    for (int j = 0; j < n; j++) {
      float state = Fused.multiplyAdd(f[at + j], before[b0 + j], i[at + j] * g[at + j]);
      c[after + j] = state;
      tanhC[at + j] = state;
    }
  }

  /**
   * One step back through the gates.
   *
   * <pre>
   *   dh = q + carry_h                do = dh tanh(c) o (1 - o)
   *   dc = carry_c + dh o (1 - tanh(c)^2)
   *   di = dc g i (1 - i)             df = dc c' f (1 - f)         dg = dc i (1 - g^2)
   *   carry_c = dc f                  carry_h = 0
   * </pre>
   *
   * @param gates i, f, g, o, tanh c
   * @param before c', from {@code b0}
   * @param carry what comes back over the link behind the step for h and for c, from {@code k}
   * @param d di, df, dg, do
   */
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
    for (int j = 0; j < n; j++) {
      float i = gates[0][at + j];
      float f = gates[1][at + j];
      float g = gates[2][at + j];
      float o = gates[3][at + j];
      float tanhC = gates[4][at + j];
      float dh = q[at + j] + carry[0][k + j];
      float dc = Fused.multiplyAdd(dh * o, 1 - tanhC * tanhC, carry[1][k + j]);
      d[0][at + j] = dc * g * (i * (1 - i));
      d[1][at + j] = dc * before[b0 + j] * (f * (1 - f));
      d[2][at + j] = dc * i * (1 - g * g);
      d[3][at + j] = dh * tanhC * (o * (1 - o));
      carry[0][k + j] = 0;
      carry[1][k + j] = dc * f;
    }
  }

  /** {@code n = n + r u}: what goes into the candidate's tanh; u stands in the fourth plane. */
  public void gruCandidate(float[][] gates, int at, int count) {
    float[] r = gates[0];
    float[] n = gates[2];
    float[] u = gates[3];
    for (int j = 0; j < count; j++) {
      n[at + j] = Fused.multiplyAdd(r[at + j], u[at + j], n[at + j]);
    }
  }

  /** {@code h = (1 - z) n + z h'}, computed as {@code n + z (h' - n)}. */
  public void gruState(
      float[][] gates, int at, float[] before, int b0, float[] h, int after, int count) {
    float[] z = gates[1];
    float[] n = gates[2];
    for (int j = 0; j < count; j++) {
      float candidate = n[at + j];
      h[after + j] = Fused.multiplyAdd(z[at + j], before[b0 + j] - candidate, candidate);
    }
  }

  /**
   * One step back through update gate and candidate.
   *
   * <pre>
   *   dh = q + carry           dz = dh (h' - n) z (1 - z)
   *   dn = dh (1 - z) (1 - n^2)        carry = dh z
   * </pre>
   *
   * @param d dr (not yet), dz, dn
   */
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
    for (int j = 0; j < count; j++) {
      float z = gates[1][at + j];
      float n = gates[2][at + j];
      float dh = q[at + j] + carry[k + j];
      d[1][at + j] = dh * (before[b0 + j] - n) * (z * (1 - z));
      d[2][at + j] = dh * (1 - z) * (1 - n * n);
      carry[k + j] = dh * z;
    }
  }

  /**
   * The reset gate where it stands after the product: {@code dr = dn u r (1 - r)}, {@code du = dn
   * r}.
   *
   * @param gates r, z, n, u
   * @param d dr, dz, dn, du
   */
  public void gruResetAfter(float[][] gates, int at, float[][] d, int count) {
    for (int j = 0; j < count; j++) {
      float r = gates[0][at + j];
      float dn = d[2][at + j];
      d[0][at + j] = dn * gates[3][at + j] * (r * (1 - r));
      d[3][at + j] = dn * r;
    }
  }

  /**
   * The reset gate where it stands before the product: with {@code ds} the gradient of r h', {@code
   * dr = ds h' r (1 - r)} and {@code carry += ds r}.
   */
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
    for (int j = 0; j < count; j++) {
      float r = gates[0][at + j];
      float s = ds[k + j];
      d[0][at + j] = s * before[b0 + j] * (r * (1 - r));
      carry[k + j] = Fused.multiplyAdd(s, r, carry[k + j]);
    }
  }
}
