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
   * @param room in characters, 8 or more
   * @param coloured whether unlikely characters are coloured
   */
  static String of(String[] visible, LineScore score, int room, boolean coloured) {
    double[] nats = perCharacter(visible.length, score);
    int from = 0;
    int to = visible.length;
    if (visible.length > room) {
      from = start(nats, room - 2);
      to = from + room - 2;
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

  // Where the most surprising run of so many characters begins; the first of equal ones.
  private static int start(double[] nats, int room) {
    double sum = 0;
    double best = Double.NEGATIVE_INFINITY;
    int start = 0;
    for (int end = 1; end <= nats.length; end++) {
      sum += nats[end - 1];
      if (end > room) {
        sum -= nats[end - 1 - room];
      }
      if (end >= room && sum > best + 1e-9) {
        best = sum;
        start = end - room;
      }
    }
    return start;
  }
}
