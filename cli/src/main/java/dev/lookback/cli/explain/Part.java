package dev.lookback.cli.explain;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.Table;
import java.util.List;
import java.util.Optional;

/** A piece of a section. */
sealed interface Part {

  /**
   * A paragraph.
   *
   * @param text the words
   */
  record Words(String text) implements Part {}

  /**
   * A heading within the section.
   *
   * @param text such as a coupling
   */
  record Subheading(String text) implements Part {}

  /**
   * An equation.
   *
   * @param number counted through the whole lesson
   * @param formula in plain letters, a line or more
   * @param meaning in one clause
   */
  record Equation(int number, String formula, String meaning) implements Part {}

  /**
   * Numbers side by side.
   *
   * @param name of the quantity
   * @param rows the step t that each row belongs to; empty for a matrix
   * @param sides the sources
   * @param reference the side that the others are measured against, where they are the same
   *     quantity
   */
  record Values(String name, List<String> rows, List<Side> sides, Optional<Side> reference)
      implements Part {
    public Values {
      rows = List.copyOf(rows);
      sides = List.copyOf(sides);
    }

    /** The largest distance of a side from the reference. */
    double distance(Side side) {
      return side.distance(reference.orElse(side));
    }
  }

  /**
   * A table of something else.
   *
   * @param caption what it shows
   * @param table formatted
   * @param numbers the same for machines
   */
  record Figures(String caption, Table table, JsonObject numbers) implements Part {}

  /**
   * Lines to be shown as they are.
   *
   * @param lines not wrapped
   */
  record Lines(List<String> lines) implements Part {
    public Lines {
      lines = List.copyOf(lines);
    }
  }
}
