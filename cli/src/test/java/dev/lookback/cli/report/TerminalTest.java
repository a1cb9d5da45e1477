package dev.lookback.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void columnsAreAligned() {
    Table table =
        Table.of(Column.text("coupling"), Column.number("time", "s"), Column.number("bias"))
            .row("full", "41.2", "0")
            .row("fixed:8", "7.9", "0.38");
    assertThat(TerminalTable.render(table))
        .isEqualTo(
            """
            coupling  time  bias
                         s
            --------  ----  ----
            full      41.2     0
            fixed:8    7.9  0.38
            """);
  }

  @Test
  void wideHeadingsAreFoldedFirst() {
    Table table =
        Table.of(Column.text("name"), Column.number("a very long heading over little"))
            .row("x", "1");
    assertThat(TerminalTable.render(table, 20))
        .isEqualTo(
            """
            name     a very long
                    heading over
                          little
            ----  --------------
            x                  1
            """);
  }

  @Test
  void whatDoesNotFitGoesOnUnderneathWithTheFirstColumn() {
    Table table =
        Table.of(Column.text("n"), Column.number("a"), Column.number("b"), Column.number("c"))
            .row("x", "11111111", "22222222", "33333333");
    assertThat(TerminalTable.render(table, 24))
        .isEqualTo(
            """
            n         a         b
            -  --------  --------
            x  11111111  22222222

            n         c
            -  --------
            x  33333333
            """);
  }

  @Test
  void wideCharactersCountTwiceAndMarksNot() {
    Table table =
        Table.of(Column.text("name"), Column.number("n"))
            .row("日本", "1")
            .row("e\u0301", "2")
            .row("a\u001b[31m", "3");
    assertThat(TerminalTable.render(table))
        .isEqualTo("name    n\n------  -\n日本    1\ne\u0301       2\na\ufffd[31m  3\n");
  }

  @Test
  void noLineIsEverTooWide() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      int n = 1 + random.nextInt(7);
      Column[] columns = new Column[n];
      String[] cells = new String[n];
      for (int c = 0; c < n; c++) {
        columns[c] =
            new Column(words(random), random.nextBoolean() ? "s" : "", random.nextBoolean());
        cells[c] = words(random);
      }
      int width = 20 + random.nextInt(80);
      String text = TerminalTable.render(Table.of(columns).row(cells), width);
      assertThat(text.lines()).allMatch(line -> Glyphs.cells(line) <= width);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TerminalTable.render(Table.of(Column.text("a")), 19))
        .withMessage("width is 19 but has to be 20 or more");
  }

  @Test
  void theComparisonFitsATerminal() {
    assertThat(TerminalTable.render(Demo.table()).lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void sparklinesRunFromTheSmallestToTheLargest() {
    assertThat(TerminalChart.sparkline(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, 8))
        .isEqualTo("▁▂▃▄▅▆▇█");
    assertThat(TerminalChart.sparkline(new double[] {1, Double.NaN, 2}, 8)).isEqualTo("▁·█");
    assertThat(TerminalChart.sparkline(new double[] {3, 3}, 8)).isEqualTo("▄▄");
    assertThat(TerminalChart.sparkline(new double[0], 8)).isEmpty();
    assertThat(TerminalChart.sparkline(new double[100], 8)).hasSize(8);
    assertThat(TerminalChart.sparkline(new double[] {-Double.MAX_VALUE, Double.MAX_VALUE}, 2))
        .isEqualTo("▁█");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TerminalChart.sparkline(new double[1], 0))
        .withMessage("width is 0 but has to be 1 or more");
  }

  private static String words(Random random) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      out.append("wörd日".repeat(random.nextInt(4))).append(i > 1 ? " " : "");
    }
    return out.toString();
  }
}
