package dev.lookback.cli.explain;

import dev.lookback.cli.report.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Numbers of one quantity as text: four decimals, all sides in the same power of ten, wide and long
 * matrices elided.
 */
final class Grid {
  private final Part.Values values;
  private final int columns;
  private final int rows;
  private final int power;
  private final int numberWidth;

  /**
   * Numbers to be shown.
   *
   * @param values what to show
   * @param columns how many columns of each side are shown at most
   * @param rows how many rows at most
   */
  Grid(Part.Values values, int columns, int rows) {
    this.values = values;
    this.columns = columns;
    this.rows = rows;
    this.power = power(values);
    this.numberWidth = numberWidth(values, power);
  }

  private static int power(Part.Values values) {
    double largest = 0;
    for (Side side : values.sides()) {
      for (double[] row : side.values()) {
        for (double value : row) {
          largest = Math.max(largest, Double.isFinite(value) ? Math.abs(value) : 0);
        }
      }
    }
    return largest == 0 || (largest >= .01 && largest < 1000)
        ? 0
        : (int) Math.floor(Math.log10(largest));
  }

  private static int numberWidth(Part.Values values, int power) {
    int width = 6;
    for (Side side : values.sides()) {
      for (double[] row : side.values()) {
        for (double value : row) {
          width = Math.max(width, number(value, power, 0).length());
        }
      }
    }
    return width;
  }

  /** What is shown. */
  Part.Values values() {
    return values;
  }

  /** The power of ten that the numbers are divided by, so that four decimals say something. */
  int power() {
    return power;
  }

  /** The places the longest number takes. */
  int numberWidth() {
    return numberWidth;
  }

  /** How many rows there are. */
  int height() {
    return values.sides().get(0).values().length;
  }

  /** The rows that are shown; -1 stands for those left out. */
  List<Integer> shownRows() {
    List<Integer> shown = new ArrayList<>();
    for (int r = 0; r < height(); r++) {
      if (height() <= rows || r < rows - 2 || r == height() - 1) {
        shown.add(r);
      } else if (r == rows - 2) {
        shown.add(-1);
      }
    }
    return shown;
  }

  /** How many columns of a side are shown. */
  int shownColumns(Side side) {
    return Math.min(columns, side.values()[0].length);
  }

  /** One number in {@code width} places. */
  static String number(double value, int power, int width) {
    String text = String.format(Locale.ROOT, "%.4f", value / Math.pow(10, power));
    text = text.equals("-0.0000") ? "0.0000" : text;
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  /** What was left out and in which unit the rest is; empty where there is nothing to say. */
  String remark() {
    List<String> remarks = new ArrayList<>();
    if (power != 0) {
      remarks.add("times 1e" + power);
    }
    int widest = values.sides().stream().mapToInt(s -> s.values()[0].length).max().orElse(0);
    if (widest > columns) {
      remarks.add("columns 1-" + columns + " of " + widest);
    }
    if (height() > rows) {
      remarks.add((rows - 1) + " of " + height() + " rows");
    }
    return String.join(", ", remarks);
  }

  /** How far the sides are from the reference; empty where there is none. */
  String verdict() {
    if (values.reference().isEmpty()) {
      return "";
    }
    Side reference = values.reference().get();
    List<String> distances = new ArrayList<>();
    for (Side side : values.sides()) {
      if (!side.equals(reference)) {
        double distance = values.distance(side);
        distances.add(plain(side) + " " + (distance == 0 ? "0" : Numbers.significant(distance, 2)));
      }
    }
    return "largest disagreement with " + plain(reference) + ": " + String.join(", ", distances);
  }

  private static String plain(Side side) {
    return side.source().replaceFirst(" [(].*", "");
  }
}
