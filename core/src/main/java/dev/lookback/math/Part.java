package dev.lookback.math;

import java.util.Arrays;

/**
 * The piece of every step that one thread computes: the lanes [b0, b1) and of those the units [u0,
 * u1).
 *
 * @param b0 first lane
 * @param b1 one past the last lane
 * @param u0 first unit
 * @param u1 one past the last unit
 */
public record Part(int b0, int b1, int u0, int u1) {

  /** How many lanes. */
  public int lanes() {
    return b1 - b0;
  }

  /**
   * How many lanes stand together in memory, as {@code [B, H]}: all of them where the part has
   * every unit, else one.
   */
  public int run(int hidden) {
    return u1 - u0 == hidden ? Math.max(1, lanes()) : 1;
  }

  /** How many numbers of {@code [B, H]} such a run has. */
  public int numbers(int hidden) {
    return u1 - u0 == hidden ? lanes() * hidden : u1 - u0;
  }

  /** Sets the part's numbers of a plane {@code [B, H]} to zero. */
  public void clear(float[] plane, int hidden) {
    for (int b = b0; b < b1; b += run(hidden)) {
      Arrays.fill(plane, b * hidden + u0, b * hidden + u0 + numbers(hidden), 0);
    }
  }
}
