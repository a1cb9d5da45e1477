package dev.lookback.cli.words;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that somebody who mistyped may have meant. */
public final class Closest {
  private static final int FEWEST_EDITS = 2;

  private Closest() {}

  /** The nearest of the names, if one is near: two edits away, or a quarter of its letters. */
  public static Optional<String> to(String typed, Collection<String> names) {
    return names.stream()
        .filter(name -> edits(typed, name) <= Math.max(FEWEST_EDITS, name.length() / 4))
        .min(Comparator.comparingInt((String name) -> edits(typed, name)).thenComparing(n -> n));
  }

  /** How many letters have to be changed, added or removed (Levenshtein 1966). */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
