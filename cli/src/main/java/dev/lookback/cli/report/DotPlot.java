package dev.lookback.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A few numbers for each of several things, side by side with their spread: the relative bias of
 * each coupling at several moments of training. Each number also stands as text at its row's end.
 *
 * <p>A number that is not above 0 has no place on a logarithmic axis: it is an arrow at its left
 * end. One that is not finite is text only.
 *
 * @param title what the plot shows, read to those who cannot see it
 * @param axis what is measured
 * @param moments the names of a row's numbers
 * @param rows the things
 */
public record DotPlot(String title, Axis axis, List<String> moments, List<Row> rows)
    implements Picture {
  private static final double DOT = 19;
  private static final double BETWEEN = 14;

  /**
   * One thing and its numbers.
   *
   * @param name what it is called
   * @param values one number for each moment
   */
  public record Row(String name, List<Interval> values) {
    /** Copies the list. */
    public Row {
      values = List.copyOf(values);
    }
  }

  /** Checks that each row has a number for each moment. */
  public DotPlot {
    moments = List.copyOf(moments);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (row.values().size() != moments.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "row \"%s\" has %d numbers but there are %d moments",
                row.name(),
                row.values().size(),
                moments.size()));
      }
    }
  }

  /** A plot without rows yet; a single moment needs no legend and may have an empty name. */
  public static DotPlot of(String title, Axis axis, String... moments) {
    return new DotPlot(title, axis, List.of(moments), List.of());
  }

  /** This plot and one more row. */
  public DotPlot row(String name, Interval... values) {
    List<Row> more = new ArrayList<>(rows);
    more.add(new Row(name, List.of(values)));
    return new DotPlot(title, axis, moments, more);
  }

  @Override
  public String svg(int width) {
    boolean beside = width >= 500;
    double names =
        beside ? Math.min(180, 1.1 * widest(rows.stream().map(Row::name).toList())) + 16 : 4;
    double texts = widest(texts()) * 12 / 13 + 18;
    double legend = moments.size() > 1 ? Marks.legendHeight(moments, width) + 6 : 8;
    double rowHeight = moments.size() * DOT + BETWEEN + (beside ? 0 : 20);
    double height = Math.max(1, rows.size()) * rowHeight;
    Plane plane = new Plane(names + 8, legend, width - texts, legend + height);
    double[] range = LineDrawing.range(axis, ends());
    Ticks ticks = Plane.roomy(axis, range[0], range[1], plane.right() - plane.left(), true);
    boolean arrows = rows.stream().flatMap(row -> row.values().stream()).anyMatch(this::isBelow);
    Svg svg = new Svg(width, plane.bottom() + (arrows ? 68 : 50), title, description());
    if (arrows) {
      String note = "Arrow: 0 or less, off a logarithmic axis.";
      svg.text(0, plane.bottom() + 62, "start", "muted small", note);
    }
    if (moments.size() > 1) {
      Marks.legend(svg, moments, false, width);
    }
    plane.drawX(svg, axis, ticks, width);
    for (int r = 0; r < rows.size(); r++) {
      double top = plane.top() + r * rowHeight;
      if (r > 0) {
        svg.line(0, top, width, top, "grid");
      }
      top += BETWEEN / 2;
      String name = rows.get(r).name();
      if (beside) {
        name = Glyphs.shortened(name, 13, (names - 12) / 1.1);
        svg.text(names - 6, top + moments.size() * DOT / 2 + 4.5, "end", "strong", name);
      } else {
        name = Glyphs.shortened(name, 13, width / 1.1);
        svg.text(0, top + 14, "start", "strong halo", name);
        top += 20;
      }
      for (int m = 0; m < moments.size(); m++) {
        double y = top + m * DOT + DOT / 2;
        drawDot(svg, plane, ticks, rows.get(r), m, y);
        svg.text(width, y + 4, "end", "small", rows.get(r).values().get(m).text(axis.kind()));
      }
    }
    if (rows.isEmpty()) {
      double x = (plane.left() + plane.right()) / 2;
      svg.text(x, plane.top() + rowHeight / 2, "middle", "muted", "no data");
    }
    return svg.finish();
  }

  private void drawDot(Svg svg, Plane plane, Ticks ticks, Row row, int m, double y) {
    Interval value = row.values().get(m);
    String colour = Marks.colour(m);
    svg.group(
        String.format(
            Locale.ROOT, "%s, %s: %s", row.name(), moments.get(m), value.text(axis.kind())));
    if (axis.holds(value.value())) {
      if (value.hasSpread() && axis.holds(value.high())) {
        double high = plane.x(axis, ticks, value.high());
        double low = axis.holds(value.low()) ? plane.x(axis, ticks, value.low()) : plane.left();
        svg.line(low, y, high, y, "line " + colour);
        svg.line(high, y - 4, high, y + 4, "line thin " + colour);
        if (axis.holds(value.low())) {
          svg.line(low, y - 4, low, y + 4, "line thin " + colour);
        }
      }
      Marks.draw(svg, m, plane.x(axis, ticks, value.value()), y);
    } else if (isBelow(value)) {
      svg.arrow(plane.left() + 22, y, plane.left() + 2, y, "wire " + colour);
    }
    svg.endGroup();
  }

  private boolean isBelow(Interval value) {
    return axis.scale() == Axis.Scale.LOG && value.value() <= 0 && Double.isFinite(value.value());
  }

  private DoubleStream ends() {
    return rows.stream()
        .flatMap(row -> row.values().stream())
        .filter(v -> axis.holds(v.value()))
        .flatMapToDouble(
            v ->
                v.hasSpread()
                    ? DoubleStream.of(v.value(), v.low(), v.high())
                    : DoubleStream.of(v.value()));
  }

  private List<String> texts() {
    return rows.stream()
        .flatMap(row -> row.values().stream())
        .map(value -> value.text(axis.kind()))
        .toList();
  }

  private static double widest(List<String> texts) {
    return texts.stream().mapToDouble(text -> Glyphs.pixels(text, 13)).max().orElse(0);
  }

  private String description() {
    StringBuilder out = new StringBuilder("Dots: " + axis.heading() + ".");
    for (Row row : rows) {
      out.append(' ').append(row.name()).append(':');
      for (int m = 0; m < moments.size(); m++) {
        out.append(m == 0 ? " " : "; ").append(moments.get(m)).append(' ');
        out.append(row.values().get(m).text(axis.kind()));
      }
      out.append('.');
    }
    return out.toString();
  }
}
