package dev.lookback.cli.words;

import java.util.Collection;
import java.util.stream.Collectors;

/** What a file says, in a message: cut where it is endless, without what disturbs a terminal. */
public final class Brief {
  private static final int MOST_CHARACTERS = 100;
  private static final int MOST_NAMES = 12;

  private Brief() {}

  /** The text itself where it is short and clean. */
  public static String of(String text) {
    boolean cut = text.length() > MOST_CHARACTERS;
    String start = cut ? text.substring(0, MOST_CHARACTERS) : text;
    return start.replaceAll("\\p{Cntrl}|[\\x{80}-\\x{9f}]", "?") + (cut ? "..." : "");
  }

  /** Some names, and how many more there are. */
  public static String list(Collection<String> names) {
    String first =
        names.stream().limit(MOST_NAMES).map(Brief::of).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
