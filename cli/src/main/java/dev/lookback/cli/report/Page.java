package dev.lookback.cli.report;

import java.util.List;

/**
 * Builds one self-contained page: no script, no font and no picture from outside. It follows the
 * reader's choice of light or dark, fits a phone, and prints in black on white.
 *
 * <p>The text is XHTML, so it can be checked with any XML parser, and HTML to every browser. Calls
 * append in order.
 */
public final class Page {
  private final StringBuilder body = new StringBuilder(1 << 14);
  private final String title;
  private int sections;
  private int openDetails;

  private Page(String title) {
    this.title = title;
  }

  /** An empty page with a heading. */
  public static Page titled(String title) {
    return new Page(title);
  }

  /** A line under the heading: what was run, on what. */
  public Page lead(String text) {
    return element("p", "lead", text);
  }

  /** A new section. */
  public Page section(String heading) {
    requireNoDetails("section");
    body.append(sections++ == 0 ? "" : "</section>\n").append("<section>\n");
    return element("h2", "", heading);
  }

  /** A heading within the section. */
  public Page subsection(String heading) {
    return element("h3", "", heading);
  }

  /** An equation in fixed-width letters with its number, and what it means. */
  public Page equation(String number, String formula, String meaning) {
    body.append("<div class=\"equation\">");
    element("span", "number", number);
    code(formula);
    element("p", "", meaning);
    body.append("</div>\n");
    return this;
  }

  /** A paragraph. */
  public Page paragraph(String text) {
    return element("p", "", text);
  }

  /** A paragraph in small grey letters: conditions, definitions. */
  public Page note(String text) {
    return element("p", "note", text);
  }

  /** Text in fixed-width letters, its line breaks kept. */
  public Page code(String text) {
    body.append("<div class=\"scroll\" tabindex=\"0\">");
    element("pre", "", text);
    body.append("</div>\n");
    return this;
  }

  /** The one thing to remember: a heading and its reasons, one paragraph each. */
  public Page verdict(String heading, String... reasons) {
    body.append("<div class=\"verdict\">\n");
    element("p", "says", heading);
    for (String reason : reasons) {
      element("p", "", reason);
    }
    body.append("</div>\n");
    return this;
  }

  /**
   * A number to see from afar.
   *
   * @param label what it is
   * @param value the number with its unit
   * @param note a few words under it; empty for none
   */
  public record Tile(String label, String value, String note) {}

  /** Key figures, side by side. */
  public Page tiles(Tile... tiles) {
    body.append("<dl class=\"tiles\">\n");
    for (Tile tile : tiles) {
      body.append("<div>");
      element("dt", "", tile.label());
      element("dd", "value", tile.value());
      if (!tile.note().isEmpty()) {
        element("dd", "", tile.note());
      }
      body.append("</div>\n");
    }
    body.append("</dl>\n");
    return this;
  }

  /** A table with its caption; it scrolls in its own box where it is too wide. */
  public Page table(String caption, Table table) {
    return table(caption, table, "<table>\n");
  }

  /** The same for cells that hold rows of numbers, spaced by hand. */
  public Page matrices(String caption, Table table) {
    return table(caption, table, "<table class=\"matrices\">\n");
  }

  private Page table(String caption, Table table, String start) {
    // Above the box and not inside, so that it wraps where the table scrolls.
    element("p", "note above", caption);
    body.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .append(Markup.escape(caption))
        .append("\">")
        .append(start);
    body.append("<thead><tr>");
    for (Column column : table.columns()) {
      body.append("<th scope=\"col\"").append(column.number() ? " class=\"n\">" : ">");
      body.append(Markup.escape(column.title()));
      if (!column.unit().isEmpty()) {
        body.append(" <span>").append(Markup.escape(column.unit())).append("</span>");
      }
      body.append("</th>");
    }
    body.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      body.append("<tr>");
      for (int c = 0; c < row.size(); c++) {
        String tag = c == 0 && !table.columns().get(c).number() ? "th" : "td";
        body.append('<').append(tag).append(tag.equals("th") ? " scope=\"row\"" : "");
        body.append(table.columns().get(c).number() ? " class=\"n\">" : ">");
        body.append(Markup.escape(row.get(c))).append("</").append(tag).append('>');
      }
      body.append("</tr>\n");
    }
    body.append("</tbody></table></div>\n");
    return this;
  }

  /** A picture, laid out once for a desk and once for a phone, and its caption. */
  public Page figure(Picture picture, String caption) {
    String wide = picture.svg(Picture.WIDE);
    String narrow = picture.svg(Picture.NARROW);
    body.append("<figure>\n");
    if (wide.equals(narrow)) {
      body.append("<div class=\"scroll\" tabindex=\"0\">").append(wide).append("</div>\n");
    } else {
      body.append("<div class=\"wide\">").append(wide).append("</div>\n");
      body.append("<div class=\"narrow\">").append(narrow).append("</div>\n");
    }
    element("figcaption", "", caption);
    body.append("</figure>\n");
    return this;
  }

  /** Begins a part that the reader opens; {@link #endDetails} ends it. */
  public Page details(String summary) {
    openDetails++;
    body.append("<details>");
    return element("summary", "", summary);
  }

  /** Ends the part that {@link #details} began. */
  public Page endDetails() {
    if (openDetails == 0) {
      throw new IllegalStateException("endDetails without details");
    }
    openDetails--;
    body.append("</details>\n");
    return this;
  }

  /** The whole page. */
  public String html() {
    requireNoDetails("html");
    String name = Markup.escape(title);
    return "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
        + "<meta charset=\"utf-8\"/>\n"
        + "<meta name=\"generator\" content=\"Lookback\"/>\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        + "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>"
        + name
        + "</title>\n<style>\n"
        + PageStyle.CSS
        + "</style>\n</head>\n<body>\n<main>\n<h1>"
        + name
        + "</h1>\n"
        + body
        + (sections == 0 ? "" : "</section>\n")
        + "</main>\n</body>\n</html>\n";
  }

  private void requireNoDetails(String call) {
    if (openDetails > 0) {
      throw new IllegalStateException(call + " inside details; call endDetails first");
    }
  }

  private Page element(String name, String type, String text) {
    body.append('<').append(name);
    if (!type.isEmpty()) {
      body.append(" class=\"").append(type).append('"');
    }
    body.append('>').append(Markup.escape(text)).append("</").append(name).append(">\n");
    return this;
  }
}
