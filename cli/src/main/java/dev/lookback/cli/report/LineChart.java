package dev.lookback.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Courses of numbers over another number: losses over characters, or over seconds.
 *
 * <p>Each series has a colour, a mark and, at its end, its name; a legend stands above where there
 * are several. A point that is not finite, or not above 0 on a logarithmic axis, is a gap, and a
 * line under the chart says how many there were.
 *
 * @param title what the chart shows, read to those who cannot see it
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series the courses, in the order of the legend
 * @param levels what they are to be held against
 */
public record LineChart(String title, Axis x, Axis y, List<Series> series, List<Level> levels)
    implements Picture {
  /** Copies the lists. */
  public LineChart {
    series = List.copyOf(series);
    levels = List.copyOf(levels);
  }

  /**
   * A number that courses are held against, such as the least loss there can be: a dashed line
   * across the chart.
   *
   * @param name stands on the line
   * @param y where it lies; not drawn where the axis has no place for it
   */
  public record Level(String name, double y) {}

  /** A chart of these series. */
  public static LineChart of(String title, Axis x, Axis y, Series... series) {
    return new LineChart(title, x, y, Arrays.asList(series), List.of());
  }

  /** This chart and one more series. */
  public LineChart with(Series more) {
    List<Series> all = new ArrayList<>(series);
    all.add(more);
    return new LineChart(title, x, y, all, levels);
  }

  /** This chart and one more level. */
  public LineChart with(Level more) {
    List<Level> all = new ArrayList<>(levels);
    all.add(more);
    return new LineChart(title, x, y, series, all);
  }

  @Override
  public String svg(int width) {
    return new LineDrawing(this, width).svg();
  }

  boolean isDrawn(Series s, int i) {
    return x.holds(s.x()[i]) && y.holds(s.y()[i]);
  }

  /** What was left out, one sentence for each series that lost a point. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Series s : series) {
      int n = s.x().length;
      int infinite = 0;
      int drawn = 0;
      for (int i = 0; i < n; i++) {
        infinite += Double.isFinite(s.x()[i]) && Double.isFinite(s.y()[i]) ? 0 : 1;
        drawn += isDrawn(s, i) ? 1 : 0;
      }
      int placeless = n - drawn - infinite;
      if (n == 0) {
        notes.add(s.name() + ": no points.");
      }
      if (infinite > 0) {
        notes.add(s.name() + ": " + of(infinite, n) + " not finite, left out.");
      }
      if (placeless > 0) {
        notes.add(s.name() + ": " + of(placeless, n) + " without a place on the axes, left out.");
      }
    }
    return notes;
  }

  private static String of(int some, int all) {
    return String.format(Locale.ROOT, "%d of %d point%s", some, all, all == 1 ? "" : "s");
  }
}
