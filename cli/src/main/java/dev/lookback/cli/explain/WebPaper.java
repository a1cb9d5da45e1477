package dev.lookback.cli.explain;

import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Page;
import dev.lookback.cli.report.Table;
import dev.lookback.gradient.Coupling;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The lesson as one self-contained page. */
public final class WebPaper {
  // So that two sides, or three, stand beside each other on a desk.
  private static final int COLUMNS_OF_TWO = 5;
  private static final int COLUMNS_OF_THREE = 3;
  private static final int MOST_ROWS = 14;
  private static final String GAP = "  ";

  private WebPaper() {}

  /** The page. */
  public static String of(Lesson lesson) {
    Page page =
        Page.titled("Backpropagation through time, with numbers")
            .lead(
                "The equations of the chapter \"Backpropagation Through Time\" of Dive into Deep"
                    + " Learning, worked through for "
                    + about(lesson.subject())
                    + ".")
            .verdict(lesson.verdict(), lesson.reasons());
    pictures(page, lesson.subject());
    int number = 0;
    for (Section section : lesson.sections()) {
      page.section(++number + ". " + section.title());
      section.parts().forEach(part -> add(page, part));
    }
    return page.html();
  }

  private static String about(Subject subject) {
    return subject
            .text()
            .map(text -> "a network that predicts the next character of \"" + text + "\"")
            .orElse("a small random network")
        + ", seed "
        + subject.seed();
  }

  private static void pictures(Page page, Subject subject) {
    Pictures pictures = new Pictures(subject);
    String steps =
        pictures.graphSteps() < subject.steps()
            ? "the first "
                + pictures.graphSteps()
                + " of "
                + subject.steps()
                + " steps as if there were no more"
            : "T = " + subject.steps();
    page.section("The two pictures");
    page.figure(
        pictures.graph(),
        "What depends on what in the linear network, "
            + steps
            + ", with its values: variables as boxes, parameters shaded, operators round. A"
            + " gradient goes every way back from L.");
    pictures.cutting().ifPresent(coupling -> page.figure(pictures.graph(coupling), cut(coupling)));
    if (!pictures.arrows().rows().isEmpty()) {
      page.figure(
          pictures.arrows(),
          "How far back each coupling sends the gradient over "
              + (subject.isText() ? "the text" : "a text")
              + ": segments between cuts, as drawn with seed "
              + subject.seed()
              + ".");
    }
  }

  private static String cut(Coupling coupling) {
    return "The same under "
        + coupling.label()
        + ": the values are the same, only the way back differs.";
  }

  private static void add(Page page, Part part) {
    if (part instanceof Part.Words words) {
      page.paragraph(words.text());
    } else if (part instanceof Part.Subheading heading) {
      page.subsection(heading.text());
    } else if (part instanceof Part.Equation equation) {
      page.equation("(" + equation.number() + ")", equation.formula(), equation.meaning());
    } else if (part instanceof Part.Lines lines) {
      page.code(String.join("\n", lines.lines()));
    } else if (part instanceof Part.Figures figures) {
      page.table(figures.caption(), figures.table());
    } else if (part instanceof Part.Values values) {
      values(page, values);
    }
  }

  private static void values(Page page, Part.Values values) {
    int columnsShown = values.sides().size() > 2 ? COLUMNS_OF_THREE : COLUMNS_OF_TWO;
    Grid grid = new Grid(values, columnsShown, MOST_ROWS);
    if (values.sides().size() == 1) {
      page.note(named(values, grid));
      page.code(
          grid.shownRows().stream()
              .map(r -> r < 0 ? "…" : row(grid, values.sides().get(0), r))
              .collect(Collectors.joining("\n")));
      return;
    }
    boolean labelled = !values.rows().isEmpty();
    List<Column> columns = new ArrayList<>();
    if (labelled) {
      columns.add(Column.text("t"));
    }
    values.sides().forEach(side -> columns.add(Column.number(side.source())));
    List<List<String>> rows = new ArrayList<>();
    for (int r : grid.shownRows()) {
      List<String> cells = new ArrayList<>();
      if (labelled) {
        cells.add(r < 0 ? "…" : values.rows().get(r));
      }
      values.sides().forEach(side -> cells.add(r < 0 ? "…" : row(grid, side, r)));
      rows.add(cells);
    }
    page.matrices(named(values, grid), new Table(columns, rows));
    if (!grid.verdict().isEmpty()) {
      page.note(sentence(grid.verdict()));
    }
  }

  private static String named(Part.Values values, Grid grid) {
    return values.name() + (grid.remark().isEmpty() ? "" : " (" + grid.remark() + ")");
  }

  private static String row(Grid grid, Side side, int r) {
    StringBuilder row = new StringBuilder();
    int width = grid.numberWidth();
    for (int c = 0; c < grid.shownColumns(side); c++) {
      String number = Grid.number(side.values()[r][c], grid.power(), width);
      row.append(c == 0 ? "" : GAP).append(number);
    }
    return row.toString();
  }

  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}
