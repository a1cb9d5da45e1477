package dev.lookback.cli.report;

/**
 * Where numbers stand in a picture: a rectangle with two axes.
 *
 * @param left its left edge in pixels
 * @param top its upper edge
 * @param right its right edge
 * @param bottom its lower edge
 */
record Plane(double left, double top, double right, double bottom) {
  /** The x pixel of a number. */
  double x(Axis axis, Ticks ticks, double value) {
    return left + part(axis, ticks, value) * (right - left);
  }

  /** The y pixel of a number. */
  double y(Axis axis, Ticks ticks, double value) {
    return bottom - part(axis, ticks, value) * (bottom - top);
  }

  /** The grid and labels of a horizontal axis; labels stay within the picture's {@code width}. */
  void drawX(Svg svg, Axis axis, Ticks ticks, double width) {
    for (int i = 0; i < ticks.values().size(); i++) {
      double x = x(axis, ticks, ticks.values().get(i));
      svg.line(x, top, x, bottom + 4, "grid");
      String label = ticks.labels().get(i);
      double half = Glyphs.pixels(label, 12) / 2;
      double at = Math.max(half, Math.min(width - half, x));
      svg.text(at, bottom + 19, "middle", "muted small", label);
    }
    svg.line(left, bottom, right, bottom, "axis");
    // Under the middle of the axis where it fits there, else as far to the left as it must be.
    String heading = Glyphs.shortened(axis.heading(), 13, width);
    double half = Glyphs.pixels(heading, 13) / 2;
    double centre = Math.max(half, Math.min((left + right) / 2, width - half));
    svg.text(centre, bottom + 40, "middle", "muted", heading);
  }

  /** The grid and labels of a vertical axis. */
  void drawY(Svg svg, Axis axis, Ticks ticks, double width) {
    for (int i = 0; i < ticks.values().size(); i++) {
      double y = y(axis, ticks, ticks.values().get(i));
      svg.line(left, y, right, y, "grid");
      svg.text(left - 8, y + 4, "end", "muted small", ticks.labels().get(i));
    }
    String heading = Glyphs.shortened(axis.heading(), 13, width);
    svg.text(0, top - 14, "start", "muted", heading);
  }

  /** As many ticks as have room for their labels side by side. */
  static Ticks roomy(Axis axis, double low, double high, double width, boolean outward) {
    for (int most = Math.max(2, Math.min(8, (int) (width / 48))); most > 2; most--) {
      Ticks ticks = Ticks.of(axis, low, high, most, outward);
      Plane plane = new Plane(0, 0, width, 0);
      double end = Double.NEGATIVE_INFINITY;
      boolean apart = true;
      for (int i = 0; i < ticks.values().size(); i++) {
        double x = plane.x(axis, ticks, ticks.values().get(i));
        double half = Glyphs.pixels(ticks.labels().get(i), 12) / 2;
        apart &= x - half > end + 8;
        end = x + half;
      }
      if (apart) {
        return ticks;
      }
    }
    return Ticks.of(axis, low, high, 2, outward);
  }

  private static double part(Axis axis, Ticks ticks, double value) {
    if (axis.scale() == Axis.Scale.LOG) {
      double low = Math.log(ticks.low());
      return (Math.log(value) - low) / (Math.log(ticks.high()) - low);
    }
    return (value - ticks.low()) / (ticks.high() - ticks.low());
  }
}
