package dev.lookback.cli.score;

import dev.lookback.cli.report.Numbers;
import dev.lookback.message.Visible;
import dev.lookback.score.LineScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ranked lines as text: rank, where the line stands, its excess and its surprise in nats, and the
 * line.
 *
 * @param width cells of the terminal; 0: as wide as the lines are
 * @param coloured whether unlikely characters are coloured
 * @param files whether there are several, so that each line's is shown
 */
public record ScoreTable(int width, boolean coloured, boolean files) {
  private static final String GAP = "  ";
  private static final int LEAST_ROOM = 20;

  /**
   * The table, with its heading; every line ended. Nothing of the lines is what a terminal obeys.
   */
  public String of(List<ScoredLine> ranked) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"rank", "line", "excess", "nats"});
    for (int i = 0; i < ranked.size(); i++) {
      ScoredLine line = ranked.get(i);
      rows.add(
          new String[] {
            Integer.toString(i + 1),
            place(line),
            Numbers.fixed(line.score().excess(), 1),
            Numbers.fixed(line.score().total(), 1)
          });
    }
    int[] widths = new int[4];
    for (String[] row : rows) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    int used = 0;
    StringBuilder rule = new StringBuilder();
    for (int each : widths) {
      used += each + GAP.length();
      rule.append("-".repeat(each)).append(GAP);
    }
    StringBuilder text = new StringBuilder();
    line(rows.get(0), widths, text).append("text\n");
    text.append(rule).append("----\n");
    for (int i = 0; i < ranked.size(); i++) {
      line(rows.get(i + 1), widths, text)
          .append(excerpt(ranked.get(i).text(), ranked.get(i).score(), used))
          .append('\n');
    }
    return text.toString();
  }

  /** A line on its own: where it stands, its excess, its text. Not ended. */
  public String alone(ScoredLine line) {
    String head =
        String.format(
            Locale.ROOT, "%8s  %s  ", Numbers.fixed(line.score().excess(), 1), place(line));
    return head + excerpt(line.text(), line.score(), head.length());
  }

  private String place(ScoredLine line) {
    String number = Long.toString(line.number());
    return files ? Visible.of(line.file()) + ":" + number : number;
  }

  private static StringBuilder line(String[] cells, int[] widths, StringBuilder text) {
    for (int c = 0; c < widths.length; c++) {
      text.append(" ".repeat(widths[c] - cells[c].length())).append(cells[c]).append(GAP);
    }
    return text;
  }

  private String excerpt(String line, LineScore score, int used) {
    if (width == 0 && !coloured) {
      return Visible.of(line);
    }
    int room = width == 0 ? Integer.MAX_VALUE : Math.max(LEAST_ROOM, width - used);
    String[] characters =
        line.codePoints().mapToObj(c -> Visible.of(Character.toString(c))).toArray(String[]::new);
    return Excerpt.of(characters, score, room, coloured);
  }
}
