package dev.lookback.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class PicturesTest {
  @Test
  void theGraphHasABoxForEachVariableAndParameter() {
    for (int steps = 1; steps <= ComputationalGraph.MOST_STEPS; steps++) {
      String svg = ComputationalGraph.of(steps).svg();
      assertThat(Xml.shapes(svg, "shaded")).as("and the legend's").hasSize(3 + 1);
      assertThat(Xml.shapes(svg, "box")).hasSize(3 + 4 * steps + 2 + 3 * steps + 1 + 3);
      assertThat(Xml.texts(svg)).contains("h0", "x" + steps, "L", "Whh", "/ " + steps);
      assertThat(Xml.shapes(svg, "cut")).isEmpty();
    }
  }

  @Test
  void theGraphShowsWhereACouplingCutsAndScales() {
    String svg = ComputationalGraph.of(3).withXi(1, 0, 1.25f).svg();
    assertThat(Xml.texts(svg)).contains("ξ2 = 0", "ξ3 = 1.25").doesNotContain("ξ1 = 1");
    assertThat(Xml.shapes(svg, "dashed")).as("and the legend's").hasSize(2 + 1);
    assertThat(Xml.texts(svg)).contains("the state passes, the gradient does not");
  }

  @Test
  void factorsKeepTheirZeros() {
    String svg = ComputationalGraph.of(4).withXi(100, 20, 1.5f, 1 / .97f).svg();
    assertThat(Xml.texts(svg)).contains("ξ1 = 100", "ξ2 = 20", "ξ3 = 1.5", "ξ4 = 1.03");
  }

  @Test
  void theGraphShowsValues() {
    String svg = ComputationalGraph.of(2).value("h_1", "[0.12, -0.40]").value("L", "0.69").svg();
    assertThat(Xml.texts(svg)).contains("[0.12, -0.40]", "0.69");
  }

  @Test
  void theGraphNamesWhatDoesNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ComputationalGraph.of(0))
        .withMessage("steps is 0 but has to be 1 to 12");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ComputationalGraph.of(2).withXi(1))
        .withMessage("xi holds 1 numbers but there are 2 steps");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ComputationalGraph.of(1).value("h_2", ""))
        .withMessage(
            "there is no box \"h_2\"; the boxes are L, W_hh, W_hx, W_qh, h_0, h_1, o_1, x_1, y_1");
  }

  @Test
  void segmentsAreThoseXiDraws() {
    String svg = TextArrows.of("abcdef").row("drawn", 0, 1, 0, 1.5f, 1.5f, 0).svg();
    assertThat(segments(svg)).containsExactly("characters 1–2", "characters 3–5", "characters 6–6");
    assertThat(Xml.texts(svg)).contains("drawn – 3 segments, the longest 3", "a", "f");
  }

  @Test
  void neighbouringLinksShareTheirFactor() {
    String svg = TextArrows.of("abcdef").row("r", 0, 1.25f, 1.25f, 1.25f, 0, 1.25f).svg();
    assertThat(Xml.texts(svg).stream().filter("×1.25"::equals)).hasSize(2);
  }

  @Test
  void longTextsGoOnUnderneath() {
    String text = "x".repeat(60);
    float[] xi = new float[60];
    for (int t = 0; t < xi.length; t++) {
      xi[t] = t % 7 == 0 ? 0 : 1 + t / 100f;
    }
    for (int width : new int[] {Picture.NARROW, Picture.WIDE}) {
      String svg = TextArrows.of(text).row("r", xi).svg(width);
      assertThat(Xml.texts(svg).stream().filter("x"::equals)).hasSize(60);
      for (Element e : Xml.elements(Xml.parse(svg), "text")) {
        assertThat(Double.parseDouble(e.getAttribute("x"))).isBetween(0., (double) width);
      }
    }
  }

  @Test
  void charactersAreCodePointsAndSignsStandForWhatIsInvisible() {
    String svg = TextArrows.of("𝄞 \n\t").row("r", 0, 1, 1, 1).svg();
    assertThat(Xml.texts(svg)).contains("𝄞", "·", "↵", "⇥");
  }

  @Test
  void textsAndXiAreEquallyLong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextArrows.of("ab").row("full", 1))
        .withMessage("row \"full\" has 1 numbers xi but the text has 2 characters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextArrows.of(""))
        .withMessage("the text is empty; it needs at least one character");
  }

  private static List<String> segments(String svg) {
    return Xml.elements(Xml.parse(svg), "title").stream()
        .map(Element::getTextContent)
        .filter(title -> title.startsWith("characters"))
        .toList();
  }
}
