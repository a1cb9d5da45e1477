package dev.lookback.cli.report;

/** Writes one SVG element. Coordinates are pixels from the top left corner. */
final class Svg {
  private final StringBuilder out = new StringBuilder(4096);

  /** Begins a picture; {@code title} and {@code description} are read to those who cannot see. */
  Svg(double width, double height, String title, String description) {
    String w = Markup.coordinate(Math.ceil(width));
    String h = Markup.coordinate(Math.ceil(height));
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lb\" role=\"img\"");
    attribute("width", w);
    attribute("height", h);
    attribute("viewBox", "0 0 " + w + " " + h);
    attribute("aria-label", title);
    out.append(">\n");
    element("title", title);
    element("desc", description);
    out.append("<style>").append(Theme.CSS).append("</style>\n");
    rect(0, 0, Math.ceil(width), Math.ceil(height), 0, "surface");
  }

  Svg line(double x1, double y1, double x2, double y2, String classes) {
    out.append("<line");
    attribute("x1", x1);
    attribute("y1", y1);
    attribute("x2", x2);
    attribute("y2", y2);
    return end(classes);
  }

  Svg rect(double x, double y, double width, double height, double radius, String classes) {
    out.append("<rect");
    attribute("x", x);
    attribute("y", y);
    attribute("width", width);
    attribute("height", height);
    if (radius > 0) {
      attribute("rx", radius);
    }
    return end(classes);
  }

  Svg circle(double x, double y, double radius, String classes) {
    out.append("<circle");
    attribute("cx", x);
    attribute("cy", y);
    attribute("r", radius);
    return end(classes);
  }

  Svg path(String d, String classes) {
    out.append("<path");
    attribute("d", d);
    return end(classes);
  }

  /** Text whose {@code anchor} (start, middle or end) is at x and whose base line is at y. */
  Svg text(double x, double y, String anchor, String classes, String text) {
    beginText(x, y, anchor, classes);
    out.append(Markup.escape(text)).append("</text>\n");
    return this;
  }

  /** A name with an index below the line: {@code h_1}. */
  Svg indexed(double x, double y, String anchor, String classes, String name) {
    int underscore = name.indexOf('_');
    if (underscore < 0) {
      return text(x, y, anchor, classes, name);
    }
    beginText(x, y, anchor, classes);
    out.append(Markup.escape(name.substring(0, underscore)));
    out.append("<tspan class=\"index\" dy=\"3.5\">");
    int end = name.indexOf(' ', underscore);
    end = end < 0 ? name.length() : end;
    out.append(Markup.escape(name.substring(underscore + 1, end))).append("</tspan>");
    if (end < name.length()) {
      out.append("<tspan dy=\"-3.5\">").append(Markup.escape(name.substring(end)));
      out.append("</tspan>");
    }
    out.append("</text>\n");
    return this;
  }

  /** Begins a group that says {@code title} when pointed at. */
  Svg group(String title) {
    out.append("<g>");
    element("title", title);
    return this;
  }

  Svg endGroup() {
    out.append("</g>\n");
    return this;
  }

  /** An arrow's head whose tip is at (x, y), coming from the direction (dx, dy). */
  Svg head(double x, double y, double dx, double dy, String classes) {
    double length = Math.hypot(dx, dy);
    double ux = dx / length * 7;
    double uy = dy / length * 7;
    StringBuilder d = new StringBuilder("M");
    point(d, x, y).append('L');
    point(d, x - ux - uy / 2, y - uy + ux / 2).append('L');
    point(d, x - ux + uy / 2, y - uy - ux / 2).append('Z');
    return path(d.toString(), classes);
  }

  /** A straight arrow. */
  Svg arrow(double x1, double y1, double x2, double y2, String classes) {
    double length = Math.hypot(x2 - x1, y2 - y1);
    double shorter = Math.max(0, length - 5) / length;
    line(x1, y1, x1 + (x2 - x1) * shorter, y1 + (y2 - y1) * shorter, classes);
    return head(x2, y2, x2 - x1, y2 - y1, "head " + classes);
  }

  static StringBuilder point(StringBuilder d, double x, double y) {
    return d.append(Markup.coordinate(x)).append(' ').append(Markup.coordinate(y));
  }

  String finish() {
    return out.append("</svg>\n").toString();
  }

  private void beginText(double x, double y, String anchor, String classes) {
    out.append("<text");
    attribute("x", x);
    attribute("y", y);
    attribute("text-anchor", anchor);
    attribute("class", classes);
    out.append('>');
  }

  private Svg end(String classes) {
    attribute("class", classes);
    out.append("/>\n");
    return this;
  }

  private void element(String name, String text) {
    out.append('<').append(name).append('>').append(Markup.escape(text));
    out.append("</").append(name).append(">\n");
  }

  private void attribute(String name, double value) {
    attribute(name, Markup.coordinate(value));
  }

  private void attribute(String name, String value) {
    out.append(' ').append(name).append("=\"").append(Markup.escape(value)).append('"');
  }
}
