package dev.lookback.data;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which id stands for which character (Unicode code point), one of them for all that are unknown;
 * where none is, as in many models of other programs, an unknown character is refused. Immutable;
 * {@link #symbols()} and {@link #of(List)} are how it is saved and read back.
 */
public final class Vocabulary {
  /** The symbol of the id that stands for every character without one of its own. */
  public static final String UNKNOWN = "<unk>";

  private static final int MOST_SHOWN = 20;

  private final List<String> symbols;
  private final Map<Integer, Integer> ids;
  private final OptionalInt unknown;

  private Vocabulary(List<String> symbols) {
    this.symbols = List.copyOf(symbols);
    this.ids = new HashMap<>();
    int found = -1;
    for (int id = 0; id < symbols.size(); id++) {
      String symbol = symbols.get(id);
      Optional<Integer> before;
      if (symbol.equals(UNKNOWN)) {
        before = found < 0 ? Optional.empty() : Optional.of(found);
        found = id;
      } else if (symbol.codePointCount(0, symbol.length()) == 1) {
        before = Optional.ofNullable(ids.put(symbol.codePointAt(0), id));
      } else {
        throw new DataException(
            "vocabulary symbol "
                + id
                + " is \""
                + shown(symbol)
                + "\" but has to be one character or "
                + UNKNOWN);
      }
      if (before.isPresent()) {
        throw new DataException(
            "the vocabulary has \""
                + shown(symbol)
                + "\" twice, as "
                + before.get()
                + " and as "
                + id);
      }
    }
    this.unknown = found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  // A file may say anything, and a terminal obeys some of it.
  private static String shown(String symbol) {
    boolean cut = symbol.length() > MOST_SHOWN;
    String start = cut ? symbol.substring(0, MOST_SHOWN) : symbol;
    return start.replaceAll("\\p{Cntrl}|[\\x{80}-\\x{9f}]", "?") + (cut ? "..." : "");
  }

  /** The vocabulary with these symbols: the id of each is its place. */
  public static Vocabulary of(List<String> symbols) {
    return new Vocabulary(symbols);
  }

  /** V, with the unknown symbol if there is one. */
  public int size() {
    return symbols.size();
  }

  /** The symbols in the order of their ids. */
  public List<String> symbols() {
    return symbols;
  }

  /** The id of {@link #UNKNOWN}, if it is among the symbols. */
  public OptionalInt unknown() {
    return unknown;
  }

  /** Whether the character has an id of its own. */
  public boolean contains(int codePoint) {
    return ids.containsKey(codePoint);
  }

  /**
   * The character's id, or {@link #unknown()}.
   *
   * @throws DataException if there is neither
   */
  public int id(int codePoint) {
    Optional<Integer> known = Optional.ofNullable(ids.get(codePoint));
    return known.orElseGet(
        () ->
            unknown.orElseThrow(
                () ->
                    new DataException(
                        String.format(
                            Locale.ROOT,
                            "the text has \"%s\" (U+%04X), but the vocabulary of %d symbols has"
                                + " neither that nor %s. Take it out of the text",
                            Character.toString(codePoint),
                            codePoint,
                            size(),
                            UNKNOWN))));
  }

  /** The symbol of an id. */
  public String symbol(int id) {
    if (id < 0 || id >= symbols.size()) {
      throw new IllegalArgumentException(
          "there is no symbol " + id + "; the vocabulary has 0 to " + (symbols.size() - 1));
    }
    return symbols.get(id);
  }

  /** The ids of a text's characters. */
  public int[] encode(CharSequence text) {
    return text.codePoints().map(this::id).toArray();
  }

  /** The text of ids; the unknown id comes out as {@link #UNKNOWN}. */
  public String decode(int... ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(symbol(id));
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary vocabulary && vocabulary.symbols.equals(symbols);
  }

  @Override
  public int hashCode() {
    return symbols.hashCode();
  }

  @Override
  public String toString() {
    return symbols.toString();
  }
}
