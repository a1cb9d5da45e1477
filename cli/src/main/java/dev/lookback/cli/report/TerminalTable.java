package dev.lookback.cli.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Table} as aligned plain text, never wider than it is told.
 *
 * <p>Where the table is too wide, headings are folded first, then cells of words; where that is not
 * enough, the table continues underneath with its first column repeated. Widths are counted in
 * terminal cells, and characters that would move the cursor are replaced.
 */
public final class TerminalTable {
  /** The width of a terminal as it has always been. */
  public static final int WIDTH = 80;

  private static final String GAP = "  ";

  private TerminalTable() {}

  /** The table in at most {@value #WIDTH} cells, every line ended. */
  public static String render(Table table) {
    return render(table, WIDTH);
  }

  /** The table in at most {@code width} cells (20 or more), every line ended. */
  public static String render(Table table, int width) {
    if (width < 20) {
      throw new IllegalArgumentException("width is " + width + " but has to be 20 or more");
    }
    int[] widths = widths(table, width);
    StringBuilder out = new StringBuilder();
    List<Integer> part = new ArrayList<>();
    int used = 0;
    for (int c = 0; c < widths.length; c++) {
      if (!part.isEmpty() && used + GAP.length() + widths[c] > width) {
        print(table, part, widths, out);
        out.append('\n');
        part.clear();
        part.add(0);
        used = widths[0];
      }
      used += (part.isEmpty() ? 0 : GAP.length()) + widths[c];
      part.add(c);
    }
    print(table, part, widths, out);
    return out.toString();
  }

  private static int[] widths(Table table, int width) {
    int n = table.columns().size();
    int[] natural = new int[n];
    int[] least = new int[n];
    for (int c = 0; c < n; c++) {
      Column column = table.columns().get(c);
      int body = cells(column.unit());
      int word = body;
      for (List<String> row : table.rows()) {
        body = Math.max(body, cells(row.get(c)));
        word = Math.max(word, longestWord(row.get(c)));
      }
      int heading = longestWord(column.title());
      natural[c] = Math.max(body, cells(column.title()));
      least[c] = Math.max(heading, column.number() ? body : word);
    }
    // No column may be so wide that the repeated first one does not fit beside it.
    int half = (width - GAP.length()) / 2;
    int total = GAP.length() * (n - 1);
    for (int c = 0; c < n; c++) {
      least[c] = Math.max(1, n == 1 ? Math.min(least[c], width) : Math.min(least[c], half));
      natural[c] = Math.max(1, natural[c]);
      total += natural[c];
    }
    while (total > width) {
      int widest = -1;
      for (int c = 0; c < n; c++) {
        if (natural[c] > least[c] && (widest < 0 || natural[c] > natural[widest])) {
          widest = c;
        }
      }
      if (widest < 0) {
        break;
      }
      natural[widest]--;
      total--;
    }
    return natural;
  }

  private static void print(Table table, List<Integer> part, int[] widths, StringBuilder out) {
    List<Column> columns = table.columns();
    printRow(part.stream().map(c -> columns.get(c).title()).toList(), table, part, widths, out);
    if (part.stream().anyMatch(c -> !columns.get(c).unit().isEmpty())) {
      printRow(part.stream().map(c -> columns.get(c).unit()).toList(), table, part, widths, out);
    }
    printRow(part.stream().map(c -> "-".repeat(widths[c])).toList(), table, part, widths, out);
    for (List<String> row : table.rows()) {
      printRow(part.stream().map(row::get).toList(), table, part, widths, out);
    }
  }

  private static void printRow(
      List<String> cells, Table table, List<Integer> part, int[] widths, StringBuilder out) {
    List<List<String>> folded = new ArrayList<>();
    int height = 1;
    for (int i = 0; i < cells.size(); i++) {
      List<String> lines = fold(Glyphs.printable(cells.get(i)), widths[part.get(i)]);
      folded.add(lines);
      height = Math.max(height, lines.size());
    }
    for (int line = 0; line < height; line++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < cells.size(); i++) {
        String cell = line < folded.get(i).size() ? folded.get(i).get(line) : "";
        String pad = " ".repeat(Math.max(0, widths[part.get(i)] - Glyphs.cells(cell)));
        text.append(i == 0 ? "" : GAP);
        text.append(table.columns().get(part.get(i)).number() ? pad + cell : cell + pad);
      }
      out.append(text.toString().stripTrailing()).append('\n');
    }
  }

  /** Lines of at most {@code width} cells, broken between words, or inside one that is too long. */
  static List<String> fold(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && Glyphs.cells(line.toString()) + 1 + Glyphs.cells(word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      } else if (line.length() > 0) {
        line.append(' ');
      }
      for (int c : word.codePoints().toArray()) {
        if (line.length() > 0 && Glyphs.cells(line.toString()) + Glyphs.cells(c) > width) {
          lines.add(line.toString());
          line.setLength(0);
        }
        line.appendCodePoint(c);
      }
    }
    lines.add(line.toString());
    return lines;
  }

  private static int longestWord(String text) {
    int longest = 0;
    for (String word : text.split(" ", -1)) {
      longest = Math.max(longest, cells(word));
    }
    return longest;
  }

  private static int cells(String text) {
    return Glyphs.cells(Glyphs.printable(text));
  }
}
