package dev.lookback.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What each coupling makes of the same text, as the chapter "Backpropagation Through Time" of Dive
 * into Deep Learning (Zhang and others 2023, figure 9.7.1) compares them: a row for each coupling,
 * segments as its xi drew them, an arrow back over each segment, and the factor on links where xi
 * is neither 0 nor 1. Long texts go on underneath.
 *
 * @param text one character for each step; line ends and tabs are shown as signs
 * @param rows the couplings
 */
public record TextArrows(String text, List<Row> rows) implements Picture {
  /**
   * A coupling.
   *
   * @param name what it is called
   * @param xi {@code xi[t]} on the link between character t - 1 and t; {@code xi[0]} on the link
   *     into the text
   */
  public record Row(String name, float[] xi) {}

  /** Checks that every row has a number for each character. */
  public TextArrows {
    rows = List.copyOf(rows);
    int steps = text.codePointCount(0, text.length());
    if (steps == 0) {
      throw new IllegalArgumentException("the text is empty; it needs at least one character");
    }
    for (Row row : rows) {
      if (row.xi().length != steps) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "row \"%s\" has %d numbers xi but the text has %d characters",
                row.name(),
                row.xi().length,
                steps));
      }
    }
  }

  /** A text without rows yet. */
  public static TextArrows of(String text) {
    return new TextArrows(text, List.of());
  }

  /** This picture and one more coupling. */
  public TextArrows row(String name, float... xi) {
    List<Row> more = new ArrayList<>(rows);
    more.add(new Row(name, xi));
    return new TextArrows(text, more);
  }

  @Override
  public String svg(int width) {
    return new ArrowsDrawing(this, width).svg();
  }
}
