package dev.lookback.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** One {@link ScatterPlot} on its way to paper, for one width. */
final class ScatterDrawing {
  private static final double LINE = 15;
  private static final double MARK = 7;

  private final ScatterPlot plot;
  private final double width;
  private final List<ScatterPlot.Cloud> clouds;
  private final List<String> names;
  private final List<String> notes = new ArrayList<>();
  private final Ticks xTicks;
  private final Ticks yTicks;
  private final Plane plane;

  /** A rectangle that nothing else may cover. */
  private record Box(double left, double top, double right, double bottom) {
    boolean touches(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  /** A place for a name beside its mark. */
  private record Place(double x, double y, String anchor) {
    Box box(double room) {
      double left = anchor.equals("start") ? x : anchor.equals("end") ? x - room : x - room / 2;
      return new Box(left, y - 12, left + room, y + 3);
    }
  }

  ScatterDrawing(ScatterPlot plot, int width) {
    this.plot = plot;
    this.width = width;
    clouds = plot.clouds().stream().map(plot::drawn).toList();
    names = clouds.stream().map(ScatterPlot.Cloud::name).toList();
    for (String note : plot.notes()) {
      notes.addAll(TerminalTable.fold(Glyphs.printable(note), width / 7));
    }
    int height = width < 500 ? 220 : 300;
    double[] ys = LineDrawing.range(plot.y(), ends(false));
    yTicks = Ticks.of(plot.y(), ys[0], ys[1], height / 44, true);
    double labels = 0;
    for (String label : yTicks.labels()) {
      labels = Math.max(labels, Glyphs.pixels(label, 11.5));
    }
    double top = (names.size() > 1 ? Marks.legendHeight(names, width) : 0) + 36;
    plane = new Plane(labels + 10, top, width - 14, top + height);
    double[] xs = LineDrawing.range(plot.x(), ends(true));
    xTicks = Plane.roomy(plot.x(), xs[0], xs[1], plane.right() - plane.left(), true);
  }

  String svg() {
    double height = plane.bottom() + 48 + notes.size() * 17;
    Svg svg = new Svg(width, height, plot.title(), description());
    if (names.size() > 1) {
      Marks.legend(svg, names, false, width);
    }
    plane.drawY(svg, plot.y(), yTicks, width);
    plane.drawX(svg, plot.x(), xTicks, width);
    for (int c = 0; c < clouds.size(); c++) {
      drawPoints(svg, c);
    }
    for (int c = 0; c < clouds.size(); c++) {
      drawMean(svg, c);
    }
    drawNames(svg);
    if (clouds.stream().allMatch(cloud -> cloud.x().length == 0)) {
      double x = (plane.left() + plane.right()) / 2;
      svg.text(x, (plane.top() + plane.bottom()) / 2, "middle", "muted", "no data");
    }
    for (int i = 0; i < notes.size(); i++) {
      svg.text(0, plane.bottom() + 62 + i * 17, "start", "muted small", notes.get(i));
    }
    return svg.finish();
  }

  private void drawPoints(Svg svg, int number) {
    ScatterPlot.Cloud cloud = clouds.get(number);
    for (int i = 0; cloud.x().length > 1 && i < cloud.x().length; i++) {
      String classes = "line thin point " + Marks.colour(number);
      svg.circle(px(cloud.x()[i]), py(cloud.y()[i]), 2.6, classes);
    }
  }

  private void drawMean(Svg svg, int number) {
    ScatterPlot.Cloud cloud = clouds.get(number);
    if (cloud.x().length == 0) {
      return;
    }
    Interval x = ScatterPlot.spread(cloud.x());
    Interval y = ScatterPlot.spread(cloud.y());
    svg.group(
        String.format(
            Locale.ROOT, "%s: %s; %s", cloud.name(), text(x, plot.x()), text(y, plot.y())));
    double atX = px(x.value());
    double atY = py(y.value());
    String classes = "line thin " + Marks.colour(number);
    if (x.hasSpread()) {
      double low = low(plot.x(), x) ? px(x.low()) : plane.left();
      svg.line(low, atY, px(x.high()), atY, classes);
      svg.line(px(x.high()), atY - 4, px(x.high()), atY + 4, classes);
      if (low(plot.x(), x)) {
        svg.line(low, atY - 4, low, atY + 4, classes);
      }
    }
    if (y.hasSpread()) {
      double low = low(plot.y(), y) ? py(y.low()) : plane.bottom();
      svg.line(atX, py(y.high()), atX, low, classes);
      svg.line(atX - 4, py(y.high()), atX + 4, py(y.high()), classes);
      if (low(plot.y(), y)) {
        svg.line(atX - 4, low, atX + 4, low, classes);
      }
    }
    Marks.draw(svg, number, atX, atY);
    svg.endGroup();
  }

  private static boolean low(Axis axis, Interval value) {
    return axis.holds(value.low());
  }

  // Beside its mark where there is room; the legend has every name.
  private void drawNames(Svg svg) {
    List<Box> taken = new ArrayList<>();
    for (ScatterPlot.Cloud cloud : clouds) {
      if (cloud.x().length > 0) {
        double x = px(ScatterPlot.spread(cloud.x()).value());
        double y = py(ScatterPlot.spread(cloud.y()).value());
        taken.add(new Box(x - MARK, y - MARK, x + MARK, y + MARK));
        taken.addAll(bars(cloud, x, y));
      }
    }
    for (int c = 0; c < clouds.size(); c++) {
      ScatterPlot.Cloud cloud = clouds.get(c);
      double room = Glyphs.strongPixels(cloud.name(), 13);
      for (Place place : cloud.x().length == 0 ? List.<Place>of() : places(cloud)) {
        Box box = place.box(room);
        boolean inside =
            box.left() >= plane.left() + 2
                && box.right() <= width
                && box.top() >= plane.top() - 8
                && box.bottom() <= plane.bottom() - 2;
        if (inside && taken.stream().noneMatch(box::touches)) {
          taken.add(box);
          String classes = "strong halo " + Marks.colour(c);
          svg.text(place.x(), place.y(), place.anchor(), classes, cloud.name());
          break;
        }
      }
    }
  }

  private List<Box> bars(ScatterPlot.Cloud cloud, double atX, double atY) {
    List<Box> bars = new ArrayList<>();
    Interval x = ScatterPlot.spread(cloud.x());
    Interval y = ScatterPlot.spread(cloud.y());
    if (x.hasSpread()) {
      double low = low(plot.x(), x) ? px(x.low()) : plane.left();
      bars.add(new Box(low, atY - 1, px(x.high()), atY + 1));
    }
    if (y.hasSpread()) {
      double low = low(plot.y(), y) ? py(y.low()) : plane.bottom();
      bars.add(new Box(atX - 1, py(y.high()), atX + 1, low));
    }
    return bars;
  }

  private List<Place> places(ScatterPlot.Cloud cloud) {
    double x = px(ScatterPlot.spread(cloud.x()).value());
    double y = py(ScatterPlot.spread(cloud.y()).value());
    Interval spread = ScatterPlot.spread(cloud.y());
    double top = Math.min(y - MARK, spread.hasSpread() ? py(spread.high()) : y);
    boolean down = spread.hasSpread() && low(plot.y(), spread);
    double bottom = Math.max(y + MARK, down ? py(spread.low()) : y);
    return List.of(
        new Place(x + 11, y - 6, "start"),
        new Place(x - 11, y - 6, "end"),
        new Place(x + 11, y + LINE + 2, "start"),
        new Place(x - 11, y + LINE + 2, "end"),
        new Place(x, top - 7, "middle"),
        new Place(x, bottom + LINE, "middle"));
  }

  private DoubleStream ends(boolean horizontal) {
    return clouds.stream()
        .map(cloud -> horizontal ? cloud.x() : cloud.y())
        .filter(values -> values.length > 0)
        .flatMapToDouble(
            values -> {
              Interval spread = ScatterPlot.spread(values);
              DoubleStream bars = DoubleStream.of(spread.low(), spread.high());
              return DoubleStream.concat(DoubleStream.of(values), bars);
            });
  }

  private double px(double x) {
    return plane.x(plot.x(), xTicks, x);
  }

  private double py(double y) {
    return plane.y(plot.y(), yTicks, y);
  }

  private static String text(Interval value, Axis axis) {
    return axis.title() + " " + value.text(axis.kind());
  }

  private String description() {
    StringBuilder out = new StringBuilder("Points: ");
    out.append(plot.y().heading()).append(" against ").append(plot.x().heading()).append('.');
    for (ScatterPlot.Cloud cloud : clouds) {
      if (cloud.x().length > 0) {
        out.append(' ').append(cloud.name()).append(": ");
        out.append(text(ScatterPlot.spread(cloud.x()), plot.x())).append(", ");
        out.append(text(ScatterPlot.spread(cloud.y()), plot.y())).append('.');
      }
    }
    for (String note : plot.notes()) {
      out.append(' ').append(note);
    }
    return out.toString();
  }
}
