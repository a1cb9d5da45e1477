package dev.lookback.cli.report;

import java.util.Locale;

/** One {@link ComputationalGraph} on its way to paper. */
final class GraphDrawing {
  private static final double MARGIN = 10;
  private static final double RADIUS = 11;
  private static final double AFTER = 26;
  private static final double TAP = 18;
  private static final double VALUE_SIZE = 11;

  private final ComputationalGraph graph;
  private final double boxWidth;
  private final double boxHeight;
  private final double gap;
  private final double left;
  private final double pitch;
  // Rows from the loss down to the inputs: the middles of boxes and circles, and the two kinds of
  // horizontal wires that carry parameters.
  private final double lossY;
  private final double meanY;
  private final double lossesY;
  private final double outputY;
  private final double readoutY;
  private final double readoutWireY;
  private final double stateY;
  private final double recurrentWireY;
  private final double inputWireY;
  private final double inputY;

  GraphDrawing(ComputationalGraph graph) {
    this.graph = graph;
    double widest = 0;
    for (String value : graph.values().values()) {
      widest = Math.max(widest, Glyphs.cells(value) * VALUE_SIZE * .61 + 14);
    }
    boxWidth = Math.max(46, widest);
    boxHeight = graph.values().isEmpty() ? 30 : 44;
    boolean labelled = false;
    for (float xi : graph.xi()) {
      labelled |= xi != 1;
    }
    gap = labelled ? 68 : 22;
    left = MARGIN + boxWidth / 2;
    pitch = boxWidth + gap + 2 * RADIUS + AFTER;
    double half = boxHeight / 2;
    lossY = MARGIN + half;
    meanY = lossY + half + 26 + RADIUS;
    lossesY = meanY + 2 * RADIUS + 34 + half - RADIUS;
    outputY = lossesY + Math.max(half, RADIUS) + 22 + half;
    readoutY = outputY + half + 22 + RADIUS;
    readoutWireY = readoutY + RADIUS + 18;
    stateY = readoutWireY + boxHeight + 12;
    recurrentWireY = stateY + boxHeight + 12;
    inputWireY = recurrentWireY + boxHeight + 12;
    inputY = inputWireY + half + 22 + half;
  }

  String svg() {
    int steps = graph.steps();
    double width = Math.max(330, stateX(steps) + boxWidth / 2 + MARGIN);
    Svg svg = new Svg(width, inputY + boxHeight / 2 + 74, title(), description());
    drawParameters(svg);
    for (int t = 1; t <= steps; t++) {
      drawStep(svg, t);
    }
    double lossX = (stateX(1) + stateX(steps)) / 2;
    double busY = meanY + RADIUS + 20;
    svg.line(stateX(1), busY, stateX(steps), busY, "wire");
    for (int t = 1; t <= steps; t++) {
      svg.line(stateX(t), lossesY - RADIUS, stateX(t), busY, "wire");
    }
    svg.arrow(lossX, busY, lossX, meanY + RADIUS, "wire");
    svg.arrow(lossX, meanY - RADIUS, lossX, lossY + boxHeight / 2, "wire");
    circle(svg, lossX, meanY, "Σ");
    svg.text(lossX + RADIUS + 7, meanY + 4, "start", "muted small", "/ " + steps);
    box(svg, lossX, lossY, "L", false);
    box(svg, left, stateY, "h_0", false);
    drawLegend(svg, inputY + boxHeight / 2 + 26);
    return svg.finish();
  }

  private void drawParameters(Svg svg) {
    int last = graph.steps();
    parameter(svg, "W_qh", readoutWireY, stateX(last) - TAP);
    parameter(svg, "W_hh", recurrentWireY, operatorX(last) - TAP);
    parameter(svg, "W_hx", inputWireY, operatorX(last) + TAP);
    for (int t = 1; t <= last; t++) {
      tap(svg, stateX(t), -TAP, readoutWireY, readoutY);
      tap(svg, operatorX(t), -TAP, recurrentWireY, stateY);
      // The input's wire passes under that of the recurrent weights.
      double x = operatorX(t) + TAP;
      svg.line(x, recurrentWireY - 6, x, recurrentWireY + 6, "bridge");
      tap(svg, operatorX(t), TAP, inputWireY, stateY);
    }
  }

  private void parameter(Svg svg, String name, double y, double end) {
    svg.line(left + boxWidth / 2, y, end, y, "wire");
    box(svg, left, y, name, true);
  }

  /** From a wire up and then aslant into a circle that stands {@code -aside} from there. */
  private static void tap(Svg svg, double circleX, double aside, double wireY, double circleY) {
    double x = circleX + aside;
    double slant = RADIUS * Math.sqrt(.5);
    double foot = circleY + TAP;
    svg.circle(x, wireY, 2.6, "dot");
    svg.line(x, wireY, x, foot, "wire");
    svg.arrow(x, foot, circleX + Math.copySign(slant, aside), circleY + slant, "wire");
  }

  private void drawStep(Svg svg, int t) {
    double half = boxHeight / 2;
    double h = stateX(t);
    double f = operatorX(t);
    svg.line(f, inputY - half, f, stateY + RADIUS + 4, "bridge");
    svg.arrow(f, inputY - half, f, stateY + RADIUS, "wire");
    svg.arrow(f + RADIUS, stateY, h - boxWidth / 2, stateY, "wire");
    svg.line(h, readoutWireY - 5, h, readoutWireY + 5, "bridge");
    svg.arrow(h, stateY - half, h, readoutY + RADIUS, "wire");
    svg.arrow(h, readoutY - RADIUS, h, outputY + half, "wire");
    svg.arrow(h, outputY - half, h, lossesY + RADIUS, "wire");
    svg.arrow(f + boxWidth / 2 - 12, lossesY, h - RADIUS, lossesY, "wire");
    drawLink(svg, t);
    circle(svg, f, stateY, "f");
    circle(svg, h, readoutY, "g");
    circle(svg, h, lossesY, "l");
    box(svg, f - 12, lossesY, "y_" + t, false);
    box(svg, f, inputY, "x_" + t, false);
    box(svg, h, stateY, "h_" + t, false);
    box(svg, h, outputY, "o_" + t, false);
  }

  private void drawLink(Svg svg, int t) {
    float xi = graph.xi()[t - 1];
    double from = (t == 1 ? left : stateX(t - 1)) + boxWidth / 2;
    double to = operatorX(t) - RADIUS;
    if (xi == 1) {
      svg.arrow(from, stateY, to, stateY, "wire");
      return;
    }
    boolean cut = xi == 0;
    String colour = cut ? "cut" : "c1";
    svg.arrow(from, stateY, to, stateY, "wire " + colour + (cut ? " dashed" : ""));
    double middle = (from + to) / 2 - 2;
    if (cut) {
      svg.path(slash(middle - 3) + slash(middle + 3), "wire cut");
    }
    String label = "ξ_" + t + " = " + factor(xi);
    svg.indexed(middle, stateY - 11, "middle", "small strong " + colour, label);
  }

  private String slash(double x) {
    StringBuilder d = new StringBuilder("M");
    Svg.point(d, x - 3, stateY + 7).append('L');
    return Svg.point(d, x + 3, stateY - 7).toString();
  }

  private void circle(Svg svg, double x, double y, String operator) {
    svg.circle(x, y, RADIUS, "box");
    svg.text(x, y + 4.5, "middle", "math small", operator);
  }

  private void box(Svg svg, double x, double y, String name, boolean shaded) {
    double top = y - boxHeight / 2;
    svg.rect(x - boxWidth / 2, top, boxWidth, boxHeight, 3, shaded ? "box shaded" : "box");
    String value = graph.values().getOrDefault(name, "");
    if (value.isEmpty()) {
      svg.indexed(x, y + 4, "middle", "math", name);
    } else {
      svg.indexed(x, y - 4, "middle", "math", name);
      svg.text(x, y + 15, "middle", "mono value", value);
    }
  }

  private void drawLegend(Svg svg, double y) {
    svg.rect(MARGIN, y - 10, 18, 13, 2, "box");
    svg.text(MARGIN + 25, y, "start", "muted small", "variable");
    svg.rect(MARGIN + 90, y - 10, 18, 13, 2, "box shaded");
    svg.text(MARGIN + 115, y, "start", "muted small", "parameter");
    svg.circle(MARGIN + 200, y - 4, 7, "box");
    svg.text(MARGIN + 214, y, "start", "muted small", "operator");
    boolean cuts = false;
    boolean scales = false;
    for (float xi : graph.xi()) {
      cuts |= xi == 0;
      scales |= xi != 0 && xi != 1;
    }
    if (cuts) {
      svg.line(MARGIN, y + 18, MARGIN + 18, y + 18, "wire cut dashed");
      svg.text(
          MARGIN + 25, y + 22, "start", "muted small", "the state passes, the gradient does not");
    }
    if (scales) {
      double at = cuts ? y + 40 : y + 22;
      svg.line(MARGIN, at - 4, MARGIN + 18, at - 4, "wire c1");
      svg.text(MARGIN + 25, at, "start", "muted small", "the gradient is multiplied by ξ");
    }
  }

  private double stateX(int t) {
    return left + t * pitch;
  }

  private double operatorX(int t) {
    return stateX(t) - boxWidth / 2 - AFTER - RADIUS;
  }

  private String title() {
    return "Computational graph of a recurrent network over "
        + graph.steps()
        + (graph.steps() == 1 ? " step" : " steps");
  }

  private String description() {
    StringBuilder out = new StringBuilder("Each state h comes from the state before and the ");
    out.append("input x, each output o from its state, the loss L from outputs and targets y.");
    for (int t = 1; t <= graph.steps(); t++) {
      float xi = graph.xi()[t - 1];
      if (xi != 1) {
        out.append(String.format(Locale.ROOT, " Link into step %d: xi = %s.", t, factor(xi)));
      }
    }
    return out.toString();
  }

  /** A factor xi to three digits. */
  static String factor(float xi) {
    return Numbers.withoutTrailingZeros(Numbers.significant(xi, 3));
  }
}
