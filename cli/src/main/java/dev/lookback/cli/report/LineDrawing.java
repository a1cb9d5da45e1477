package dev.lookback.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** One {@link LineChart} on its way to paper, for one width. */
final class LineDrawing {
  private static final double LINE = 16;
  private static final int FEW_POINTS = 16;

  private final LineChart chart;
  private final double width;
  private final List<String> names;
  private final Ticks xTicks;
  private final Ticks yTicks;
  private final Plane plane;
  private final boolean namesAtEnds;
  private final List<String> notes = new ArrayList<>();

  LineDrawing(LineChart chart, int width) {
    this.chart = chart;
    this.width = width;
    names = chart.series().stream().map(Series::name).toList();
    boolean narrow = width < 500;
    int height = narrow ? 220 : 300;
    for (String note : chart.notes()) {
      notes.addAll(TerminalTable.fold(Glyphs.printable(note), width / 7));
    }
    double[] ys = range(chart.y(), allY());
    yTicks = Ticks.of(chart.y(), ys[0], ys[1], height / 44, true);
    double labels = 0;
    for (String label : yTicks.labels()) {
      labels = Math.max(labels, Glyphs.pixels(label, 11.5));
    }
    namesAtEnds = names.size() * (LINE - 1) <= height;
    double ends = 14;
    for (String name : names) {
      double room = Math.min(Glyphs.strongPixels(name, 13), narrow ? 84 : 140);
      ends = namesAtEnds ? Math.max(ends, room + 22) : ends;
    }
    double top = (names.size() > 1 ? Marks.legendHeight(names, width) : 0) + 36;
    plane = new Plane(labels + 10, top, width - ends, top + height);
    double[] xs = range(chart.x(), allX());
    xTicks = Plane.roomy(chart.x(), xs[0], xs[1], plane.right() - plane.left(), false);
  }

  String svg() {
    double height = plane.bottom() + 48 + notes.size() * 17;
    Svg svg = new Svg(width, height, chart.title(), description());
    if (names.size() > 1) {
      Marks.legend(svg, names, true, width);
    }
    plane.drawY(svg, chart.y(), yTicks, width);
    plane.drawX(svg, chart.x(), xTicks, width);
    drawLevels(svg);
    for (int s = 0; s < names.size(); s++) {
      drawSpread(svg, s);
    }
    for (int s = 0; s < names.size(); s++) {
      drawLine(svg, s);
    }
    for (int s = 0; s < names.size(); s++) {
      drawMarks(svg, s);
    }
    if (namesAtEnds) {
      drawNames(svg);
    }
    if (chart.series().stream().noneMatch(s -> last(s) >= 0)) {
      double x = (plane.left() + plane.right()) / 2;
      svg.text(x, (plane.top() + plane.bottom()) / 2, "middle", "muted", "no data");
    }
    for (int i = 0; i < notes.size(); i++) {
      svg.text(0, plane.bottom() + 62 + i * 17, "start", "muted small", notes.get(i));
    }
    return svg.finish();
  }

  private void drawLevels(Svg svg) {
    for (LineChart.Level level : chart.levels()) {
      if (chart.y().holds(level.y())) {
        double y = py(level.y());
        svg.line(plane.left(), y, plane.right(), y, "axis again");
        String name = level.name() + ": " + text(level.y());
        svg.text(plane.left() + 6, y - 5, "start", "muted small", name);
      }
    }
  }

  private void drawLine(Svg svg, int number) {
    Series s = chart.series().get(number);
    StringBuilder d = new StringBuilder();
    for (int i = 0; i < s.x().length; i++) {
      if (chart.isDrawn(s, i)) {
        d.append(i > 0 && chart.isDrawn(s, i - 1) ? 'L' : 'M');
        Svg.point(d, px(s.x()[i]), py(s.y()[i]));
      }
    }
    if (d.length() > 0) {
      svg.path(d.toString(), Marks.line(number));
    }
  }

  private void drawMarks(Svg svg, int number) {
    Series s = chart.series().get(number);
    int n = s.x().length;
    int stride = n <= FEW_POINTS ? 1 : (n + 9) / 10;
    // Marks of different series stand at different points, or they would hide one another.
    int offset = n <= FEW_POINTS ? 0 : stride * number / Math.max(1, names.size());
    for (int i = 0; i < n; i++) {
      boolean alone =
          (i == 0 || !chart.isDrawn(s, i - 1)) && (i == n - 1 || !chart.isDrawn(s, i + 1));
      boolean chosen = i % stride == offset || alone || i == last(s);
      if (chosen && chart.isDrawn(s, i)) {
        svg.group(
            String.format(Locale.ROOT, "%s: %s, %s", s.name(), text(s.x()[i]), text(s.y()[i])));
        Marks.draw(svg, number, px(s.x()[i]), py(s.y()[i]));
        svg.endGroup();
      }
    }
  }

  private void drawSpread(Svg svg, int number) {
    Series s = chart.series().get(number);
    if (s.spread() == Series.Spread.NONE) {
      return;
    }
    int from = 0;
    for (int i = 0; i <= s.x().length; i++) {
      boolean spread = i < s.x().length && hasSpread(s, i);
      if (spread && s.spread() == Series.Spread.BARS) {
        drawBar(svg, number, i);
      }
      if (!spread) {
        if (i - from > 1 && s.spread() == Series.Spread.BAND) {
          drawBand(svg, number, from, i);
        }
        from = i + 1;
      }
    }
  }

  private void drawBand(Svg svg, int number, int from, int to) {
    Series s = chart.series().get(number);
    StringBuilder d = new StringBuilder();
    for (int i = from; i < to; i++) {
      Svg.point(d.append(i == from ? 'M' : 'L'), px(s.x()[i]), py(s.high()[i]));
    }
    for (int i = to - 1; i >= from; i--) {
      Svg.point(d.append('L'), px(s.x()[i]), lowEnd(s.low()[i]));
    }
    svg.path(d.append('Z').toString(), "band " + Marks.colour(number));
  }

  private void drawBar(Svg svg, int number, int i) {
    Series s = chart.series().get(number);
    double x = px(s.x()[i]);
    String classes = "line thin " + Marks.colour(number);
    svg.line(x, py(s.high()[i]), x, lowEnd(s.low()[i]), classes);
    svg.line(x - 4, py(s.high()[i]), x + 4, py(s.high()[i]), classes);
    if (chart.y().holds(s.low()[i])) {
      svg.line(x - 4, py(s.low()[i]), x + 4, py(s.low()[i]), classes);
    }
  }

  private void drawNames(Svg svg) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (last(chart.series().get(i)) >= 0) {
        order.add(i);
      }
    }
    order.sort((a, b) -> Double.compare(endY(a), endY(b)));
    double[] wanted = order.stream().mapToDouble(this::endY).toArray();
    double[] at = Apart.spread(wanted, LINE - 1, plane.top(), plane.bottom());
    for (int i = 0; i < at.length; i++) {
      int number = order.get(i);
      Series s = chart.series().get(number);
      double x = px(s.x()[last(s)]);
      double label = plane.right() + 18;
      if (plane.right() - x > 2 || Math.abs(at[i] - wanted[i]) > 3) {
        svg.line(x + 7, wanted[i], label - 3, at[i], "grid");
      }
      String name = Glyphs.shortened(s.name(), 13, (width - label) / 1.1);
      svg.text(label, at[i] + 4.5, "start", "strong " + Marks.colour(number), name);
    }
  }

  private double endY(int number) {
    Series s = chart.series().get(number);
    return py(s.y()[last(s)]);
  }

  private int last(Series s) {
    int i = s.x().length - 1;
    while (i >= 0 && !chart.isDrawn(s, i)) {
      i--;
    }
    return i;
  }

  private boolean hasSpread(Series s, int i) {
    return chart.isDrawn(s, i)
        && chart.y().holds(s.high()[i])
        && Double.isFinite(s.low()[i])
        && Math.abs(s.low()[i]) < 1e300;
  }

  /** The pixel of a spread's lower end; one below a logarithmic axis ends at the axis. */
  private double lowEnd(double low) {
    return chart.y().holds(low) ? py(low) : plane.bottom();
  }

  private double px(double x) {
    return plane.x(chart.x(), xTicks, x);
  }

  private double py(double y) {
    return plane.y(chart.y(), yTicks, y);
  }

  private DoubleStream allX() {
    DoubleStream.Builder all = DoubleStream.builder();
    for (Series s : chart.series()) {
      for (int i = 0; i < s.x().length; i++) {
        if (chart.isDrawn(s, i)) {
          all.add(s.x()[i]);
        }
      }
    }
    return all.build();
  }

  private DoubleStream allY() {
    DoubleStream.Builder all = DoubleStream.builder();
    chart.levels().forEach(level -> all.add(level.y()));
    for (Series s : chart.series()) {
      for (int i = 0; i < s.x().length; i++) {
        if (chart.isDrawn(s, i)) {
          all.add(s.y()[i]);
          if (s.spread() != Series.Spread.NONE && hasSpread(s, i)) {
            all.add(s.low()[i]).add(s.high()[i]);
          }
        }
      }
    }
    return all.build();
  }

  static double[] range(Axis axis, DoubleStream values) {
    double[] held = values.filter(axis::holds).sorted().toArray();
    if (held.length == 0) {
      return axis.scale() == Axis.Scale.LOG ? new double[] {1, 10} : new double[] {0, 1};
    }
    return new double[] {held[0], held[held.length - 1]};
  }

  private String description() {
    StringBuilder out = new StringBuilder("Lines: ");
    out.append(chart.y().heading()).append(" over ").append(chart.x().heading()).append('.');
    for (Series s : chart.series()) {
      int end = last(s);
      if (end >= 0) {
        out.append(' ').append(s.name()).append(" ends at ").append(text(s.y()[end]));
        out.append(" (").append(text(s.x()[end])).append(").");
      }
    }
    for (LineChart.Level level : chart.levels()) {
      out.append(' ').append(level.name()).append(" is at ").append(text(level.y())).append('.');
    }
    for (String note : chart.notes()) {
      out.append(' ').append(note);
    }
    return out.toString();
  }

  private static String text(double value) {
    return Numbers.significant(value, 4);
  }
}
