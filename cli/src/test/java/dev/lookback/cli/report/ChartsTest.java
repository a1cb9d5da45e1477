package dev.lookback.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ChartsTest {
  private static final Axis X = Axis.linear("characters");
  private static final Axis Y = Axis.linear("loss").in("nats");
  private static final String EVIL = "<script>alert('x')</script>&\"\u0000\ud800";
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void aChartSaysWhatItShows() {
    String svg = LineChart.of("Loss", X, Y, series("full", 3, 2, 1)).svg();
    Element root = Xml.parse(svg).getDocumentElement();
    assertThat(root.getAttribute("role")).isEqualTo("img");
    assertThat(root.getAttribute("aria-label")).isEqualTo("Loss");
    assertThat(Xml.elements(Xml.parse(svg), "desc").get(0).getTextContent())
        .contains("loss (nats) over characters", "full ends at 1.000 (2.000)");
    assertThat(Xml.texts(svg)).contains("loss (nats)", "characters", "full");
  }

  @Test
  void namesAreDataNotMarkup() {
    Axis axis = Axis.linear(EVIL).in(EVIL);
    List<Picture> pictures =
        List.of(
            LineChart.of(EVIL, axis, axis, series(EVIL, 1, NAN, 2), series(EVIL, 2, 3)),
            DotPlot.of(EVIL, axis, EVIL, EVIL).row(EVIL, Interval.of(1), Interval.plusMinus(2, 1)),
            ComputationalGraph.of(1).value("h_1", EVIL),
            TextArrows.of("<&>").row(EVIL, 0, 1, .5f));
    for (Picture picture : pictures) {
      for (int width : new int[] {Picture.NARROW, Picture.WIDE}) {
        assertThat(Xml.elements(Xml.parse(picture.svg(width)), "script")).isEmpty();
      }
    }
  }

  @Test
  void whatIsNotFiniteIsAGapAndANote() {
    LineChart chart = LineChart.of("Loss", X, Y, series("a", 3, NAN, 2, 1, INFINITY));
    assertThat(path(chart)).matches("M[^ML]+M[^ML]+L[^ML]+");
    assertThat(Xml.texts(chart.svg())).contains("a: 2 of 5 points not finite, left out.");
    assertThat(Xml.shapes(chart.svg(), "mark")).hasSize(3);
  }

  @Test
  void aLevelIsALineAcrossTheChartAndWidensIt() {
    LineChart chart =
        LineChart.of("Loss", X, Y, series("a", 3, 2)).with(new LineChart.Level("optimum", 0.5));
    Document svg = Xml.parse(chart.svg());
    assertThat(Xml.texts(chart.svg())).contains("optimum: 0.5000", "0.5");
    assertThat(Xml.shapes(chart.svg(), "again")).hasSize(1);
    assertThat(Xml.elements(svg, "desc").get(0).getTextContent()).contains("optimum is at 0.5000.");
    assertThat(Xml.shapes(chart.with(new LineChart.Level("none", NAN)).svg(), "again")).hasSize(1);
  }

  @Test
  void whatIsNotAboveZeroHasNoPlaceOnALogarithmicAxis() {
    LineChart chart = LineChart.of("Loss", X, Axis.log("p"), series("a", 10, 0, -1, 2));
    assertThat(chart.notes())
        .containsExactly("a: 2 of 4 points without a place on the axes, left out.");
    assertThat(path(chart)).matches("M[^ML]+M[^ML]+");
  }

  @Test
  void nothingSinglesAndEqualsAreDrawn() {
    for (Axis y : List.of(Y, Axis.log("p"), Y.withZero(), Y.as(Axis.Kind.BYTES))) {
      assertThat(Xml.texts(LineChart.of("none", X, y).svg())).contains("no data");
      assertThat(Xml.texts(LineChart.of("none", X, y, series("a")).svg()))
          .contains("no data", "a: no points.");
      assertThat(Xml.texts(LineChart.of("none", X, y, series("a", NAN)).svg())).contains("no data");
      assertThat(Xml.shapes(LineChart.of("one", X, y, series("a", 5)).svg(), "mark")).hasSize(1);
      assertThat(Xml.shapes(LineChart.of("equal", X, y, series("a", 5, 5)).svg(), "mark"))
          .hasSize(2);
    }
  }

  @Test
  void everyMarkStandsInsideThePicture() {
    double[] wild = {1e299, -1e299, 0, Double.MIN_VALUE, 1e-300, Double.MAX_VALUE, -7};
    for (Axis y : List.of(Y, Axis.log("p"))) {
      String svg = LineChart.of("wild", X, y, series("a", wild)).svg(Picture.NARROW);
      for (Element mark : Xml.shapes(svg, "mark")) {
        assertThat(Double.parseDouble(mark.getAttribute("cx"))).isBetween(0., 358.);
        assertThat(Double.parseDouble(mark.getAttribute("cy"))).isBetween(0., 330.);
      }
    }
  }

  @Test
  void bandsAndBarsEndAtTheAxisWhereTheyLeaveIt() {
    double[] low = {-1, .5, NAN};
    double[] high = {9, 8, 7};
    Series a = series("a", 3, 4, 5);
    String band = LineChart.of("b", X, Axis.log("p"), a.withBand(low, high)).svg();
    assertThat(Xml.shapes(band, "band")).hasSize(1);
    String bars = LineChart.of("b", X, Axis.log("p"), a.withBars(low, high)).svg();
    assertThat(Xml.elements(Xml.parse(bars), "line").stream().filter(ChartsTest::isThin))
        .hasSize(5);
  }

  @Test
  void namesAtLineEndsDoNotTouch() {
    Series[] many =
        IntStream.range(0, 9)
            .mapToObj(i -> series("coupling" + i, 5, 1 + i * 1e-3))
            .toArray(Series[]::new);
    String svg = LineChart.of("Loss", X, Y, many).svg(Picture.NARROW);
    double[] ys =
        Xml.shapes(svg, "strong").stream()
            .mapToDouble(e -> Double.parseDouble(e.getAttribute("y")))
            .sorted()
            .toArray();
    assertThat(ys).hasSize(9);
    for (int i = 1; i < ys.length; i++) {
      assertThat(ys[i] - ys[i - 1]).isGreaterThan(14.9);
    }
  }

  @Test
  void tooManyNamesStandInTheLegendOnly() {
    Series[] many = IntStream.range(0, 40).mapToObj(i -> series("s" + i, i)).toArray(Series[]::new);
    String svg = LineChart.of("Loss", X, Y, many).svg();
    assertThat(Xml.shapes(svg, "strong")).isEmpty();
    assertThat(Xml.texts(svg)).contains("s0", "s39");
  }

  @Test
  void labelsMovedApartKeepTheirOrderAndBorders() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      double[] wanted = random.doubles(1 + random.nextInt(8), 0, 100).sorted().toArray();
      double[] places = Apart.spread(wanted, 10, 0, 100);
      assertThat(places[0]).isGreaterThanOrEqualTo(-1e-9);
      assertThat(places[places.length - 1]).isLessThanOrEqualTo(100 + 1e-9);
      for (int i = 1; i < places.length; i++) {
        assertThat(places[i] - places[i - 1]).isGreaterThanOrEqualTo(10 - 1e-9);
      }
    }
    assertThat(Apart.spread(new double[] {5, 50}, 10, 0, 100)).containsExactly(5, 50);
  }

  @Test
  void dotsStandForNumbersAndArrowsForZero() {
    DotPlot plot =
        DotPlot.of("Bias", Axis.log("bias"), "start", "end")
            .row("full", Interval.of(0), Interval.of(NAN))
            .row("fixed:8", Interval.plusMinus(.2, .3), Interval.of(INFINITY));
    for (int width : new int[] {Picture.NARROW, Picture.WIDE}) {
      String svg = plot.svg(width);
      assertThat(Xml.shapes(svg, "mark")).as("two in the legend").hasSize(3);
      assertThat(Xml.shapes(svg, "head")).hasSize(1);
      assertThat(Xml.texts(svg)).contains("0", "NaN", "0.20 ± 0.30", "∞", "fixed:8");
    }
    assertThat(Xml.texts(DotPlot.of("none", Y, "").svg())).contains("no data");
  }

  @Test
  void everyMeasurementIsARingAndTheirMeanAMarkWithBars() {
    ScatterPlot plot =
        ScatterPlot.of("Quality", X, Axis.log("p"))
            .with(new ScatterPlot.Cloud("a", new double[] {1, 2, 3}, new double[] {4, 4, 10}))
            .with(new ScatterPlot.Cloud(EVIL, new double[] {2}, new double[] {5}))
            .with(new ScatterPlot.Cloud("c", new double[] {1, NAN}, new double[] {-1, 2}));
    for (int width : new int[] {Picture.NARROW, Picture.WIDE}) {
      String svg = plot.svg(width);
      assertThat(Xml.elements(Xml.parse(svg), "script")).isEmpty();
      assertThat(Xml.shapes(svg, "point")).hasSize(3);
      assertThat(Xml.shapes(svg, "mark")).as("and the legend's").hasSize(2 + 3);
      assertThat(Xml.shapes(svg, "thin")).as("rings, two bars and their ends").hasSize(3 + 6);
      assertThat(String.join(" ", Xml.texts(svg)))
          .contains("c: 2 of 2 points without a place on the axes, left out.");
    }
    // Deviations: 1 of 1, 2, 3; the root of 12 of 4, 4, 10.
    assertThat(plot.svg()).contains("a: characters 2.0 ± 1.0; p 6.0 ± 3.5");
    assertThat(Xml.texts(ScatterPlot.of("none", X, Y).svg())).contains("no data");
  }

  @Test
  void namesBesideMarksDoNotTouch() {
    ScatterPlot plot = ScatterPlot.of("Quality", X, Y);
    for (int i = 0; i < 9; i++) {
      double[] x = {i % 2, i % 2 + .1};
      plot = plot.with(new ScatterPlot.Cloud("coupling" + i, x, new double[] {i * .01, i * .02}));
    }
    List<Element> names = Xml.shapes(plot.svg(Picture.NARROW), "strong");
    assertThat(names).isNotEmpty();
    for (Element a : names) {
      for (Element b : names) {
        boolean above = Math.abs(number(a, "y") - number(b, "y")) >= 14.9;
        assertThat(a == b || above || Math.abs(number(a, "x") - number(b, "x")) > 40).isTrue();
      }
    }
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  @Test
  void sizesThatDoNotMatchAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScatterPlot.Cloud("a", new double[2], new double[3]))
        .withMessage("cloud \"a\" has 2 x but 3 y");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Series.of("a", new double[2], new double[3]))
        .withMessage("series \"a\" has 2 x but 3 y");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> series("a", 1, 2).withBand(new double[2], new double[1]))
        .withMessage("series \"a\" has 2 points but 2 lower and 1 upper ends of their spread");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DotPlot.of("p", Y, "start", "end").row("r", Interval.of(1)))
        .withMessage("row \"r\" has 1 numbers but there are 2 moments");
  }

  private static Series series(String name, double... y) {
    return Series.of(name, IntStream.range(0, y.length).asDoubleStream().toArray(), y);
  }

  private static String path(LineChart chart) {
    return Xml.elements(Xml.parse(chart.svg()), "path").stream()
        .filter(e -> e.getAttribute("class").startsWith("line"))
        .findFirst()
        .orElseThrow()
        .getAttribute("d");
  }

  private static boolean isThin(Element line) {
    return line.getAttribute("class").startsWith("line thin");
  }
}
