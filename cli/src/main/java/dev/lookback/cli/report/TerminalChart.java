package dev.lookback.cli.report;

import java.util.Arrays;

/** A course of numbers as one line of text. */
public final class TerminalChart {
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private TerminalChart() {}

  /**
   * One bar for each number, from the smallest to the largest; more numbers than {@code width}
   * become means of neighbours. What is not finite is a dot; equal numbers are bars of middle
   * height.
   */
  public static String sparkline(double[] values, int width) {
    if (width < 1) {
      throw new IllegalArgumentException("width is " + width + " but has to be 1 or more");
    }
    double[] drawn = values.length <= width ? values : means(values, width);
    double low = Arrays.stream(drawn).filter(Double::isFinite).min().orElse(0);
    double high = Arrays.stream(drawn).filter(Double::isFinite).max().orElse(0);
    StringBuilder line = new StringBuilder();
    for (double value : drawn) {
      if (!Double.isFinite(value)) {
        line.append('·');
      } else if (high == low) {
        line.append(BARS.charAt(3));
      } else {
        // Halves, so that the largest doubles do not overflow.
        double part = (value / 2 - low / 2) / (high / 2 - low / 2);
        line.append(BARS.charAt((int) Math.min(7, part * 8)));
      }
    }
    return line.toString();
  }

  private static double[] means(double[] values, int width) {
    double[] means = new double[width];
    for (int i = 0; i < width; i++) {
      int from = (int) ((long) i * values.length / width);
      int to = (int) ((long) (i + 1) * values.length / width);
      means[i] = Arrays.stream(values, from, to).average().orElse(Double.NaN);
    }
    return means;
  }
}
