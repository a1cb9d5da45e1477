package dev.lookback.cell;

import java.util.Locale;

/** How large an array for some steps of some lanes is. */
public final class Sizes {
  private static final int APART = 80;

  private Sizes() {}

  static void check(String cell, int inputs, int hidden) {
    if (inputs < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          cell + "[inputs=" + inputs + ", hidden=" + hidden + "] needs at least one of each");
    }
  }

  /**
   * Planes {@code [steps, B, H]}, each a little longer than it has to be: where they lie a power of
   * two apart, the same number of every plane wants the same place in the first cache, and a loop
   * over a dozen of them runs at half its speed.
   */
  static float[][] planes(int count, int steps, int lanes, int hidden) {
    of(steps, lanes, hidden);
    return new float[count][(int) plane(steps, lanes, hidden)];
  }

  /** The length of one of these planes. */
  static long plane(int steps, int lanes, int hidden) {
    return (long) steps * lanes * hidden + APART;
  }

  /**
   * steps * lanes * width.
   *
   * @throws IllegalArgumentException if no Java array is that large
   */
  public static int of(int steps, int lanes, int width) {
    long size = (long) steps * lanes * width;
    if (size > Integer.MAX_VALUE - 8 || size / width / steps != lanes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a block of %d steps of %d lanes with %d numbers each is more than one array holds"
                  + " (2^31): use fewer lanes or a smaller network",
              steps,
              lanes,
              width));
    }
    return (int) size;
  }
}
