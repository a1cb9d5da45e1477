package dev.lookback.cli.explain;

import dev.lookback.cli.report.TerminalTable;
import java.io.PrintStream;
import java.util.List;

/** The lesson in eighty columns. */
public final class TerminalPaper {
  private static final int WIDTH = 80;
  private static final int SIDES_ABREAST = 3;
  private static final int MOST_ROWS = 6;
  private static final String INDENT = "  ";
  private static final String BETWEEN = " | ";

  private final PrintStream out;

  /** On this stream. */
  public TerminalPaper(PrintStream out) {
    this.out = out;
  }

  /** Prints every section. */
  public void print(Lesson lesson) {
    int number = 0;
    for (Section section : lesson.sections()) {
      String heading = ++number + ". " + section.title();
      out.println((number == 1 ? "" : "\n\n") + heading);
      out.println("=".repeat(heading.length()));
      section.parts().forEach(this::print);
    }
    out.println();
    wrapped(lesson.verdict() + " " + lesson.reasons(), "");
  }

  private void print(Part part) {
    out.println();
    if (part instanceof Part.Words words) {
      wrapped(words.text(), "");
    } else if (part instanceof Part.Subheading heading) {
      out.println(heading.text());
      out.println("-".repeat(heading.text().length()));
    } else if (part instanceof Part.Equation equation) {
      equation(equation);
    } else if (part instanceof Part.Lines lines) {
      lines.lines().forEach(line -> out.println(INDENT + line));
    } else if (part instanceof Part.Figures figures) {
      wrapped(figures.caption(), "");
      out.println();
      out.print(TerminalTable.render(figures.table(), WIDTH));
    } else if (part instanceof Part.Values values) {
      values(values);
    }
  }

  private void equation(Part.Equation equation) {
    String number = "(" + equation.number() + ")";
    String indent = " ".repeat(5);
    boolean first = true;
    for (String line : equation.formula().split("\n", -1)) {
      String lead = first ? number + " ".repeat(5 - number.length()) : indent;
      out.println((lead + line).stripTrailing());
      first = false;
    }
    wrapped(equation.meaning(), indent + "  ");
  }

  private void wrapped(String text, String indent) {
    StringBuilder line = new StringBuilder(indent);
    for (String word : text.split(" ", -1)) {
      boolean begun = line.length() > indent.length();
      if (begun && line.length() + 1 + word.length() > WIDTH) {
        out.println(line);
        line.setLength(indent.length());
        begun = false;
      }
      line.append(begun ? " " : "").append(word);
    }
    out.println(line);
  }

  private void values(Part.Values values) {
    int label = values.rows().stream().mapToInt(String::length).max().orElse(0);
    int abreast = Math.min(SIDES_ABREAST, values.sides().size());
    int room = WIDTH - INDENT.length() - (label == 0 ? 0 : label + 1);
    int perSide = (room - BETWEEN.length() * (abreast - 1)) / abreast;
    int number = new Grid(values, 1, MOST_ROWS).numberWidth();
    Grid grid = new Grid(values, Math.max(1, (perSide + 1) / (number + 1)), MOST_ROWS);
    String remark = grid.remark();
    wrapped(values.name() + (remark.isEmpty() ? "" : " (" + remark + ")"), INDENT);
    for (int from = 0; from < values.sides().size(); from += abreast) {
      int to = Math.min(values.sides().size(), from + abreast);
      rows(grid, values.sides().subList(from, to), label);
    }
    if (!grid.verdict().isEmpty()) {
      wrapped(grid.verdict(), INDENT);
    }
  }

  private void rows(Grid grid, List<Side> sides, int label) {
    int number = grid.numberWidth();
    StringBuilder heading = new StringBuilder(lead(label == 0 ? "" : "t", label));
    for (int s = 0; s < sides.size(); s++) {
      heading
          .append(s == 0 ? "" : BETWEEN)
          .append(padded(sides.get(s).source(), grid, sides.get(s)));
    }
    if (!heading.toString().isBlank()) {
      out.println(heading.toString().stripTrailing());
    }
    for (int r : grid.shownRows()) {
      StringBuilder line =
          new StringBuilder(lead(r < 0 || label == 0 ? "" : grid.values().rows().get(r), label));
      for (int s = 0; s < sides.size(); s++) {
        StringBuilder cells = new StringBuilder();
        for (int c = 0; c < grid.shownColumns(sides.get(s)); c++) {
          String cell =
              r < 0
                  ? " ".repeat(number - 2) + ".."
                  : Grid.number(sides.get(s).values()[r][c], grid.power(), number);
          cells.append(c == 0 ? "" : " ").append(cell);
        }
        line.append(s == 0 ? "" : BETWEEN).append(padded(cells.toString(), grid, sides.get(s)));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static String lead(String label, int width) {
    return INDENT + label + " ".repeat(width - label.length() + (width == 0 ? 0 : 1));
  }

  private static String padded(String text, Grid grid, Side side) {
    int columns = grid.shownColumns(side);
    int width = Math.max(side.source().length(), columns * (grid.numberWidth() + 1) - 1);
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
