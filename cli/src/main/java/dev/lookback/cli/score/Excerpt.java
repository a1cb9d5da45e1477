package dev.lookback.cli.score;

import dev.lookback.score.LineScore;

/**
 * A line for a terminal: the part of it that surprises most where not all of it fits, with the
 * characters coloured that the model thought unlikely.
 */
final class Excerpt {
  /** Nats of a character with a probability below 5 %. */
  static final double UNLIKELY = -Math.log(0.05);

  /** Nats of a character with a probability below 0.1 %. */
  static final double VERY_UNLIKELY = -Math.log(0.001);

  private static final String PLAIN = "\u001B[0m";
  private static final String YELLOW = "\u001B[33m";
  private static final String RED = "\u001B[1;31m";
  private static final String ELLIPSIS = "…";

  private Excerpt() {}

  /**
   * The line, or its most surprising part in so many cells.
   *
   * @param visible the line's characters as a terminal may have them, one string for each
   * @param score with the end of the line last; shorter where not every character was predicted
   * @param room in cells, 8 or more
   * @param coloured whether unlikely characters are coloured
   */
  static String of(String[] visible, LineScore score, int room, boolean coloured) {
    double[] nats = perCharacter(visible.length, score);
    int from = 0;
    int to = visible.length;
    int[] before = cellsBefore(visible);
    if (before[to] > room) {
      from = start(before, nats, room - 2);
      to = end(before, from, room - 2);
    }
    StringBuilder text = new StringBuilder(from > 0 ? ELLIPSIS : "");
    String colour = PLAIN;
    for (int i = from; i < to; i++) {
      String next = coloured ? colour(nats[i]) : PLAIN;
      if (!next.equals(colour)) {
        text.append(colour.equals(PLAIN) ? "" : PLAIN).append(next.equals(PLAIN) ? "" : next);
        colour = next;
      }
      text.append(visible[i]);
    }
    text.append(colour.equals(PLAIN) ? "" : PLAIN);
    return text.append(to < visible.length ? ELLIPSIS : "").toString();
  }

  private static String colour(double nats) {
    return nats > VERY_UNLIKELY ? RED : nats > UNLIKELY ? YELLOW : PLAIN;
  }

  // Where nothing separates lines, nothing predicts the first character.
  private static double[] perCharacter(int characters, LineScore score) {
    double[] nats = new double[characters];
    int missing = Math.max(0, characters - score.nats().length);
    for (int i = missing; i < characters; i++) {
      nats[i] = score.nats()[i - missing];
    }
    return nats;
  }

  // How many cells are in front of each character, and in all. Escapes have several, ideographs
  // two.
  private static int[] cellsBefore(String[] visible) {
    int[] before = new int[visible.length + 1];
    for (int i = 0; i < visible.length; i++) {
      int c = visible[i].codePointAt(0);
      boolean wide = c >= 0x1100 && Character.isIdeographic(c);
      before[i + 1] = before[i] + (wide ? 2 : visible[i].length());
    }
    return before;
  }

  // Where the most surprising part of so many cells begins; the first of equal ones.
  private static int start(int[] before, double[] nats, int room) {
    double sum = 0;
    double best = Double.NEGATIVE_INFINITY;
    int start = 0;
    int from = 0;
    for (int end = 1; end <= nats.length; end++) {
      sum += nats[end - 1];
      while (before[end] - before[from] > room) {
        sum -= nats[from++];
      }
      boolean full = end == nats.length || before[end + 1] - before[from] > room;
      if (full && sum > best + 1e-9) {
        best = sum;
        start = from;
      }
    }
    return start;
  }

  private static int end(int[] before, int from, int room) {
    int end = from;
    while (end + 1 < before.length && before[end + 1] - before[from] <= room) {
      end++;
    }
    return end;
  }
}
