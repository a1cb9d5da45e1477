package dev.lookback.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells whether a text looks like a table of numbers, which is learned as characters all the same.
 */
final class TableLook {
  private static final int MOST_LINES = 50;
  private static final int FEWEST_LINES = 3;
  private static final List<String> SEPARATORS = List.of(",", ";", "\t", "|");
  private static final Pattern NUMBER =
      Pattern.compile("\"?\\s*[-+]?[0-9]+([.,][0-9]+)?([eE][-+]?[0-9]+)?\\s*\"?");
  private static final Pattern LINE_END = Pattern.compile("\r?\n");

  private TableLook() {}

  /**
   * How many columns a text has whose lines are rows; empty where it is prose.
   *
   * @param beginning its first characters; the last line may be cut
   * @param named whether its name says that it is a table
   */
  static Optional<Integer> columns(String beginning, boolean named) {
    String[] all = LINE_END.split(beginning, -1);
    List<String> lines =
        Stream.of(all)
            .limit(Math.min(MOST_LINES, all.length - 1))
            .filter(l -> !l.isBlank())
            .toList();
    if (lines.size() < FEWEST_LINES) {
      return Optional.empty();
    }
    return SEPARATORS.stream()
        .map(separator -> columns(lines, Pattern.quote(separator), named))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Integer> columns(List<String> lines, String separator, boolean named) {
    int columns = lines.get(0).split(separator, -1).length;
    if (columns < 2) {
      return Optional.empty();
    }
    long numbers = 0;
    long regular = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(separator, -1);
      regular += cells.length == columns ? 1 : 0;
      numbers += Stream.of(cells).filter(cell -> NUMBER.matcher(cell).matches()).count();
    }
    int rows = lines.size() - 1;
    // Quoted cells may hold separators, so some rows may seem longer.
    boolean table = regular >= 0.9 * rows && (numbers >= rows || named);
    return table || (named && regular >= 0.5 * rows) ? Optional.of(columns) : Optional.empty();
  }
}
