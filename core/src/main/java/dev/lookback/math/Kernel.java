package dev.lookback.math;

/**
 * What one thread computes with, in one scalar version that defines it and one that uses SIMD and
 * agrees with it bit for bit: every number is computed by the same operations in the same order.
 *
 * <p>A sum over k is one chain of fused multiply-adds, k ascending, whatever the shape. Each thread
 * has a kernel of its own, because kernels keep scratch. {@link Worker} says what the methods mean
 * to a cell.
 */
interface Kernel {

  /** Matrices are cut at multiples of so many columns. */
  int grain();

  /** Makes room in the panels, which several threads may then fill. */
  void reserve(Panels panels);

  /** Packs the columns [from, to) of the row-major {@code [k, n]} matrix at {@code offset}. */
  void pack(Panels panels, float[] w, int offset, int ld, int from, int to);

  /**
   * Packs the columns [from, to) of the transpose of the row-major {@code [n, k]} matrix at {@code
   * offset}.
   */
  void packTransposed(Panels panels, float[] w, int offset, int ld, int from, int to);

  /**
   * {@code c[i, j] = fma(a[i, k - 1], b[k - 1, j], ... fma(a[i, 0], b[0, j], c[i, j]))} for {@code
   * rows} rows i and the columns j in [from, to); {@code from} is a multiple of the grain. Rows of
   * a stand {@code lda} apart, those of c {@code ldc}; {@code c0} is column 0 of the first.
   */
  void multiplyAdd(
      float[] a, int a0, int lda, int rows, Panels b, int from, int to, float[] c, int c0, int ldc);

  /**
   * {@code c[i, j] = fma(a[r - 1, i], b[r - 1, j], ... fma(a[0, i], b[0, j], c[i, j]))} for all r
   * rows of b, the columns i in [0, columns) of a and the columns j in [from, to) of b.
   */
  void outerAdd(
      float[] a,
      int a0,
      int lda,
      int columns,
      Panels b,
      int from,
      int to,
      float[] c,
      int c0,
      int ldc);

  /** {@code y += x}, n numbers. */
  void add(float[] x, int x0, float[] y, int y0, int n);

  /** {@code x = tanh(x)} for the elements in [from, to). */
  void tanh(float[] x, int from, int to);

  /** {@code x = 1 / (1 + exp(-x))} for the elements in [from, to). */
  void sigmoid(float[] x, int from, int to);

  /** {@code x = exp(x)} for the elements in [from, to). */
  void exp(float[] x, int from, int to);

  /** The loops over the numbers of the gates. */
  Gates gates();

  /** What {@link Team#describe} says. */
  String describe();
}
