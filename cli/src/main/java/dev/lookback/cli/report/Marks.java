package dev.lookback.cli.report;

import java.util.List;

/** The shapes and colours that tell series apart, and the legend that names them. */
final class Marks {
  private static final double ROW = 22;
  private static final double SAMPLE = 28;

  private Marks() {}

  /** The colour's class of the series with this number. */
  static String colour(int series) {
    return "c" + (series % Theme.COLOURS + 1);
  }

  /** The classes of a series' line: dashed from the second round of colours on. */
  static String line(int series) {
    return "line " + colour(series) + (series / Theme.COLOURS % 2 == 1 ? " again" : "");
  }

  /** A series' mark; colours and shapes repeat after different counts. */
  static void draw(Svg svg, int series, double x, double y) {
    String classes = "mark " + colour(series);
    double r = 4.6;
    switch (series % 6) {
      case 0 -> svg.circle(x, y, r, classes);
      case 1 -> svg.rect(x - r * .9, y - r * .9, r * 1.8, r * 1.8, 0, classes);
      case 2 ->
          polygon(svg, classes, x, y - r * 1.2, x + r * 1.15, y + r * .8, x - r * 1.15, y + r * .8);
      case 3 ->
          polygon(svg, classes, x, y - r * 1.3, x + r * 1.3, y, x, y + r * 1.3, x - r * 1.3, y);
      case 4 ->
          polygon(svg, classes, x, y + r * 1.2, x + r * 1.15, y - r * .8, x - r * 1.15, y - r * .8);
      default -> svg.circle(x, y, r * .85, "hollow " + colour(series));
    }
  }

  /**
   * The names beside their marks, in as many rows as they need.
   *
   * @param lines whether a piece of the series' line is shown under its mark
   * @return the height of it all
   */
  static double legend(Svg svg, List<String> names, boolean lines, double width) {
    double x = 0;
    double y = 14;
    for (int i = 0; i < names.size(); i++) {
      String name = Glyphs.shortened(names.get(i), 13, width - SAMPLE - 8);
      double room = SAMPLE + 6 + Glyphs.pixels(name, 13);
      if (x > 0 && x + room > width) {
        x = 0;
        y += ROW;
      }
      if (lines) {
        svg.line(x + 2, y - 4.5, x + SAMPLE - 2, y - 4.5, line(i));
      }
      draw(svg, i, x + SAMPLE / 2, y - 4.5);
      svg.text(x + SAMPLE + 4, y, "start", "", name);
      x += room + 16;
    }
    return y + 10;
  }

  /** Rows that {@link #legend} needs, as a height. */
  static double legendHeight(List<String> names, double width) {
    return legend(new Svg(1, 1, "", ""), names, false, width);
  }

  private static void polygon(Svg svg, String classes, double... xy) {
    StringBuilder d = new StringBuilder("M");
    for (int i = 0; i < xy.length; i += 2) {
      Svg.point(d.append(i == 0 ? "" : "L"), xy[i], xy[i + 1]);
    }
    svg.path(d.append('Z').toString(), classes);
  }
}
