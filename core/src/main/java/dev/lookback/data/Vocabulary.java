package dev.lookback.data;

import dev.lookback.message.Visible;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which id stands for which character (Unicode code point), one of them for all that are unknown,
 * and some for no character at all, such as {@code <pad>}; where none is, as in many models of
 * other programs, an unknown character is refused. Immutable; {@link #symbols()} and {@link
 * #of(List)} are how it is saved and read back.
 */
public final class Vocabulary {
  /** The symbol of the id that stands for every character without one of its own. */
  public static final String UNKNOWN = "<unk>";

  private static final int MOST_SHOWN = 20;

  // The names that other programs have for it.
  private static final Set<String> UNKNOWNS = Set.of(UNKNOWN, "<UNK>", "[UNK]");

  private final List<String> symbols;
  private final Map<Integer, Integer> ids;
  private final OptionalInt unknown;

  private Vocabulary(List<String> symbols) {
    this.symbols = List.copyOf(symbols);
    this.ids = new HashMap<>();
    Map<String, Integer> markers = new HashMap<>();
    int found = -1;
    for (int id = 0; id < symbols.size(); id++) {
      String symbol = symbols.get(id);
      Optional<Integer> before;
      if (UNKNOWNS.contains(symbol)) {
        before = found < 0 ? Optional.empty() : Optional.of(found);
        found = id;
      } else if (symbol.codePointCount(0, symbol.length()) == 1) {
        before = Optional.ofNullable(ids.put(symbol.codePointAt(0), id));
      } else if (isMarker(symbol)) {
        before = Optional.ofNullable(markers.put(symbol, id));
      } else {
        throw new DataException(
            "vocabulary symbol "
                + id
                + " is \""
                + shown(symbol)
                + "\" but has to be one character, "
                + UNKNOWN
                + " or another marker in brackets such as <pad>");
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

  // What other programs put beside the characters: padding, and where a text begins or ends.
  private static boolean isMarker(String symbol) {
    return symbol.isEmpty()
        || (symbol.startsWith("<") && symbol.endsWith(">"))
        || (symbol.startsWith("[") && symbol.endsWith("]"));
  }

  private static String shown(String symbol) {
    return Visible.brief(symbol, MOST_SHOWN);
  }

  /** The vocabulary with these symbols: the id of each is its place. */
  public static Vocabulary of(List<String> symbols) {
    return new Vocabulary(symbols);
  }

  /** V, with the unknown symbol if there is one. */
  public int size() {
    return symbols.size();
  }

  /**
   * Whether an id stands for a character, not for all unknown ones nor a marker such as padding.
   */
  public boolean isCharacter(int id) {
    String symbol = symbol(id);
    return symbol.codePointCount(0, symbol.length()) == 1;
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
                            shown(Character.toString(codePoint)),
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
