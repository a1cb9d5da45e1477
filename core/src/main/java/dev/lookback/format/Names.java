package dev.lookback.format;

import dev.lookback.message.Visible;
import java.util.Collection;
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
}
