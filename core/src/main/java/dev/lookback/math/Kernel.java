package dev.lookback.math;

/**
 * The inner loops, in one scalar version that defines them and one that uses SIMD and agrees with
 * it bit for bit: every number is computed by the same operations in the same order.
 *
 * <p>Tiles are {@link Panels#WIDTH} columns wide. A sum over k is one chain of fused multiply-adds,
 * k ascending, whatever the shape.
 */
interface Kernel {

  /**
   * {@code c[i, j] = fma(a[i, k - 1], p[k - 1, j], ... fma(a[i, 0], p[0, j], c[i, j]))} for {@code
   * rows} rows i and one panel of columns j.
   */
  void product(
      float[] a, int a0, int rows, float[] panel, int p0, int k, float[] c, int c0, int ldc);

  /**
   * {@code c[i, j] += fma(a[r, i], p[r, j], ...)}, the chain over r starting from zero, for the
   * columns i in [from, to) of a and one panel of columns j.
   */
  void outer(
      float[] a,
      int a0,
      int lda,
      int from,
      int to,
      float[] panel,
      int rows,
      float[] c,
      int c0,
      int ldc);

  /** {@code x = tanh(x)} for the elements in [from, to). */
  void tanh(float[] x, int from, int to);

  /** {@code x = exp(x - shift)} for the elements in [from, to). */
  void exp(float[] x, int from, int to, float shift);

  /** "scalar", or the SIMD width such as "512-bit SIMD". */
  String describe();
}
