package dev.lookback.math;

/** Turns a matrix, tile by tile, so that both sides of a tile stay in the cache. */
final class Transposition {
  private static final int TILE = 16;

  private Transposition() {}

  /**
   * {@code to[toOffset + (j - j0) * ldTo + i] = from[offset + i * ld + j]} for rows i in [0, rows)
   * and columns j in [j0, j1).
   */
  static void run(
      float[] from,
      int offset,
      int ld,
      int rows,
      int j0,
      int j1,
      float[] to,
      int toOffset,
      int ldTo) {
    for (int jt = j0; jt < j1; jt += TILE) {
      int je = Math.min(j1, jt + TILE);
      for (int it = 0; it < rows; it += TILE) {
        int ie = Math.min(rows, it + TILE);
        for (int j = jt; j < je; j++) {
          int t = toOffset + (j - j0) * ldTo;
          for (int i = it, s = offset + it * ld + j; i < ie; i++, s += ld) {
            to[t + i] = from[s];
          }
        }
      }
    }
  }
}
