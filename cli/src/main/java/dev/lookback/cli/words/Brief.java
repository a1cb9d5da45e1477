package dev.lookback.cli.words;

import dev.lookback.message.Visible;
import java.util.Collection;
import java.util.stream.Collectors;

/** What a file says, in a message: cut where it is endless, without what disturbs a terminal. */
public final class Brief {
  private static final int MOST_CHARACTERS = 100;
  private static final int MOST_NAMES = 12;

  private Brief() {}

  /** The text itself where it is short and clean. */
  public static String of(String text) {
    return Visible.brief(text, MOST_CHARACTERS);
  }

  /** Some names, and how many more there are. */
  public static String list(Collection<String> names) {
    String first =
        names.stream().limit(MOST_NAMES).map(Brief::of).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
