package dev.lookback.window;

import java.util.Arrays;

/** The first numbers of one array and behind them the first of another. */
final class Join {
  private Join() {}

  static int[] of(int[] a, int n, int[] b, int more) {
    int[] joined = Arrays.copyOf(a, n + more);
    System.arraycopy(b, 0, joined, n, more);
    return joined;
  }

  static float[] of(float[] a, int n, float[] b, int more) {
    float[] joined = Arrays.copyOf(a, n + more);
    System.arraycopy(b, 0, joined, n, more);
    return joined;
  }
}
