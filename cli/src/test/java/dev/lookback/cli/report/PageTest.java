package dev.lookback.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class PageTest {
  private static final String EVIL = "</style><script>alert(1)</script>&\"'";

  @Test
  void thePageIsWellFormedAndNeedsNothingFromOutside() {
    String html = Demo.page();
    Document page = Xml.parse(html);
    assertThat(Xml.elements(page, "section")).hasSize(3);
    for (String tag : new String[] {"script", "link", "img", "iframe", "use", "image"}) {
      assertThat(Xml.elements(page, tag)).as(tag).isEmpty();
    }
    for (Element e : Xml.elements(page, "*")) {
      assertThat(e.hasAttribute("href") || e.hasAttribute("src") || e.hasAttribute("id")).isFalse();
      assertThat(e.getAttribute("style")).isEmpty();
    }
    assertThat(html).doesNotContain("url(", "@import", "NaN,");
    assertThat(html.replace("http://www.w3.org/", "")).doesNotContain("http");
  }

  @Test
  void theSameDataGiveTheSamePage() {
    assertThat(Demo.page()).isEqualTo(Demo.page());
  }

  @Test
  void everyTextIsEscaped() {
    Page page =
        Page.titled(EVIL)
            .lead(EVIL)
            .verdict(EVIL, EVIL)
            .tiles(new Page.Tile(EVIL, EVIL, EVIL))
            .section(EVIL)
            .paragraph(EVIL)
            .note(EVIL)
            .code(EVIL)
            .table(EVIL, Table.of(Column.text(EVIL), Column.number(EVIL, EVIL)).row(EVIL, EVIL))
            .figure(ComputationalGraph.of(1), EVIL)
            .details(EVIL)
            .endDetails();
    Document parsed = Xml.parse(page.html());
    assertThat(Xml.elements(parsed, "script")).isEmpty();
    for (String tag : new String[] {"title", "h1", "h2", "pre", "summary", "dt"}) {
      assertThat(Xml.elements(parsed, tag).get(0).getTextContent()).as(tag).isEqualTo(EVIL);
    }
    assertThat(Xml.elements(parsed, "p"))
        .filteredOn(p -> p.getAttribute("class").equals("note above"))
        .extracting(Element::getTextContent)
        .containsExactly(EVIL);
    assertThat(Xml.elements(parsed, "div"))
        .filteredOn(div -> div.getAttribute("role").equals("region"))
        .extracting(div -> div.getAttribute("aria-label"))
        .containsExactly(EVIL);
  }

  @Test
  void numbersStandToTheRight() {
    Table table = Table.of(Column.text("coupling"), Column.number("time", "s")).row("full", "41");
    Document page = Xml.parse(Page.titled("t").table("c", table).html());
    assertThat(Xml.elements(page, "td").get(0).getAttribute("class")).isEqualTo("n");
    assertThat(Xml.elements(page, "th").get(2).getAttribute("scope")).isEqualTo("row");
  }

  @Test
  void detailsAreClosedBeforeThePageGoesOn() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Page.titled("t").details("d").html())
        .withMessage("html inside details; call endDetails first");
    assertThatIllegalStateException()
        .isThrownBy(() -> Page.titled("t").endDetails())
        .withMessage("endDetails without details");
  }

  @Test
  void rowsAreAsLongAsTheColumns() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Table.of(Column.text("a"), Column.text("b")).row("x"))
        .withMessage("row 1 has 1 cells but the table has 2 columns");
    assertThatIllegalArgumentException()
        .isThrownBy(Table::of)
        .withMessage("a table needs at least one column");
  }
}
