package dev.lookback.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table of texts that are already formatted, for {@link Page#table} and {@link TerminalTable}.
 *
 * @param columns what each cell of a row means
 * @param rows one cell for each column
 */
public record Table(List<Column> columns, List<List<String>> rows) {
  /** Copies what it is given and checks that every row is as long as the columns. */
  public Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a table needs at least one column");
    }
    for (int r = 0; r < rows.size(); r++) {
      if (rows.get(r).size() != columns.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "row %d has %d cells but the table has %d columns",
                r + 1,
                rows.get(r).size(),
                columns.size()));
      }
    }
  }

  /** A table without rows yet. */
  public static Table of(Column... columns) {
    return new Table(Arrays.asList(columns), List.of());
  }

  /** This table and one more row. */
  public Table row(String... cells) {
    List<List<String>> more = new ArrayList<>(rows);
    more.add(Arrays.asList(cells));
    return new Table(columns, more);
  }
}
