package dev.lookback.math;

/**
 * What one thread of a {@link Team} computes with: products, functions, the arithmetic of gates,
 * and the scratch they need. Used by one thread at a time.
 */
public final class Worker {
  private final Kernel kernel;
  private final int rank;
  private float[] scratch = new float[0];
  private Team.Arguments arguments = Team.Arguments.NOBODY;

  Worker(Kernel kernel, int rank) {
    this.kernel = kernel;
    this.rank = rank;
  }

  /** 0 for the caller of the team, 1, 2, ... for its other threads. */
  int rank() {
    return rank;
  }

  Kernel kernel() {
    return kernel;
  }

  void watch(Team.Arguments arguments) {
    this.arguments = arguments;
  }

  /** Scratch of this thread, of at least so many numbers that mean nothing yet. */
  public float[] scratch(int size) {
    if (scratch.length < size) {
      scratch = new float[size];
    }
    return scratch;
  }

  /**
   * {@code c += a b}: for {@code rows} rows of a from row {@code aRow}, {@code [rows, k]}, added to
   * the rows of c from row {@code cRow}, {@code [rows, n]}. Every element is one chain of fused
   * multiply-adds over ascending k that starts from c.
   */
  public void multiplyAdd(float[] a, int aRow, int rows, Panels b, float[] c, int cRow) {
    int k = b.inputs();
    int n = b.outputs();
    kernel.multiplyAdd(a, aRow * k, k, rows, b, 0, n, c, cRow * n, n);
  }

  /**
   * {@code c += a b} for a thread's part of a step: rows and columns of c are the part's lanes and
   * units. Lane 0 is row {@code aRow} of a and row {@code cRow} of c.
   */
  public void multiplyAdd(Part part, float[] a, int aRow, Panels b, float[] c, int cRow) {
    int k = b.inputs();
    int n = b.outputs();
    int a0 = (aRow + part.b0()) * k;
    int c0 = (cRow + part.b0()) * n;
    kernel.multiplyAdd(a, a0, k, part.lanes(), b, part.u0(), part.u1(), c, c0, n);
  }

  /** {@code y += x}, n numbers. */
  public void add(float[] x, int x0, float[] y, int y0, int n) {
    kernel.add(x, x0, y, y0, n);
  }

  /** {@code x = tanh(x)} for the elements in [from, to). */
  public void tanh(float[] x, int from, int to) {
    arguments.seen(x, from, to);
    kernel.tanh(x, from, to);
  }

  /** {@code x = 1 / (1 + exp(-x))} for the elements in [from, to). */
  public void sigmoid(float[] x, int from, int to) {
    arguments.seen(x, from, to);
    kernel.sigmoid(x, from, to);
  }

  /** {@code x = exp(x)} for the elements in [from, to). */
  public void exp(float[] x, int from, int to) {
    kernel.exp(x, from, to);
  }

  /** The arithmetic between products in the cells. */
  public Gates gates() {
    return kernel.gates();
  }

  /** The natural logarithm of a normal number above 0, within 1 ulp; infinity and NaN stay. */
  public static double log(double x) {
    return x < Double.POSITIVE_INFINITY ? Polynomials.log(x) : x;
  }
}
