package dev.lookback.format;

import dev.lookback.message.Visible;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Names in messages: a file may hold thousands. */
final class Names {
  private static final int MOST = 12;
  private static final int LONGEST = 100;

  private Names() {}

  /** A name from a file, cut where it is endless, without what could disturb a terminal. */
  static String brief(String name) {
    return Visible.brief(name, LONGEST);
  }

  static String list(Collection<String> names) {
    String first = names.stream().limit(MOST).map(Names::brief).collect(Collectors.joining(", "));
    return names.size() > MOST ? first + " and " + (names.size() - MOST) + " more" : first;
  }

  static String some(Collection<String> names) {
    return names.isEmpty() ? "there are none" : "there are " + list(names);
  }

  /** The name that is most like another's, for an example; a bias never is. */
  static String nearest(String name, Collection<String> names) {
    return names.stream()
        .filter(n -> !n.contains("bias"))
        .max(Comparator.comparingInt((String n) -> common(n, name)).thenComparing(n -> n))
        .map(Names::brief)
        .orElse("theirs");
  }

  // Letters that both have in a row, at most.
  private static int common(String a, String b) {
    int most = 0;
    for (int i = 0; i < a.length(); i++) {
      for (int j = 0; j < b.length(); j++) {
        int n = 0;
        while (i + n < a.length() && j + n < b.length() && a.charAt(i + n) == b.charAt(j + n)) {
          n++;
        }
        most = Math.max(most, n);
      }
    }
    return most;
  }
}
