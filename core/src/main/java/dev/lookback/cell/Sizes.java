package dev.lookback.cell;

/** How large an array for some steps of some lanes is. */
public final class Sizes {
  private Sizes() {}

  static void check(String cell, int inputs, int hidden) {
    if (inputs < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          cell + "[inputs=" + inputs + ", hidden=" + hidden + "] needs at least one of each");
    }
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
              "a block of %d steps of %d lanes with %d numbers each is more than one array holds"
                  + " (2^31): use fewer lanes or a smaller network",
              steps, lanes, width));
    }
    return (int) size;
  }
}
