package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the numbers of commands, pages and files mean: the one place where that is written. */
final class Meanings {
  /** What it is called on pages. */
  static final String TITLE = "What the numbers mean";

  private static final String FILE = "numbers.md";
  private static final String HEADING = "## ";
  private static final String ITEM = "- ";

  private Meanings() {}

  private static String text() {
    try (InputStream in = Meanings.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + FILE + " beside the classes");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As it is written, for a terminal. */
  static void print(PrintStream out) {
    text().lines().map(line -> line.replaceFirst("^#+ ", "")).forEach(out::println);
  }

  /** Each name with its meaning. */
  static JsonObject json() {
    JsonObject json = new JsonObject();
    for (String block : blocks()) {
      if (block.startsWith(ITEM)) {
        int colon = block.indexOf(": ");
        json.addProperty(block.substring(ITEM.length(), colon), block.substring(colon + 2));
      }
    }
    return json;
  }

  /** At a section's end, folded. */
  static void addTo(Page page) {
    page.details(TITLE);
    for (String block : blocks()) {
      if (block.startsWith(HEADING)) {
        page.subsection(block.substring(HEADING.length()));
      } else if (!block.startsWith("# ")) {
        page.note(block.startsWith(ITEM) ? block.substring(ITEM.length()) : block);
      }
    }
    page.endDetails();
  }

  // Headings, paragraphs and items, each in one line.
  private static List<String> blocks() {
    return text()
        .strip()
        .replaceAll("\n(?=- )", "\n\n")
        .lines()
        .reduce("", (before, line) -> before + (line.isEmpty() ? "\n" : line.strip() + " "))
        .lines()
        .map(String::strip)
        .filter(block -> !block.isEmpty())
        .toList();
  }
}
