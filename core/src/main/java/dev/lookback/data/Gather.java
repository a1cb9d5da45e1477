package dev.lookback.data;

/** Brings T + 1 consecutive ids of a lane into the time-major arrays of a window. */
final class Gather {
  private Gather() {}

  static void readLane(Tokens tokens, long from, int[] row) {
    int found = tokens.read(from, row, 0, row.length);
    if (found < row.length) {
      throw new IllegalStateException(
          "the " + tokens.what() + " gave " + found + " of " + row.length + " ids at " + from);
    }
  }

  /** Spreads the T + 1 ids of lane b over the time-major arrays. */
  static void place(int[] row, int b, int lanes, int[] ids, int[] targets) {
    for (int t = 0; t + 1 < row.length; t++) {
      ids[t * lanes + b] = row[t];
      targets[t * lanes + b] = row[t + 1];
    }
  }

  static void requireFits(int lanes, int steps) {
    if ((long) lanes * steps > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "--batch "
              + lanes
              + " times --steps "
              + steps
              + " is more than 2^31 - 9 ids, the most one window can hold. Lower one of them.");
    }
  }
}
