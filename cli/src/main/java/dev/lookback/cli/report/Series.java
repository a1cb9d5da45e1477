package dev.lookback.cli.report;

import java.util.Locale;

/**
 * A named course of points, with or without their spread.
 *
 * @param name what the legend says
 * @param x where the points stand
 * @param y what was measured there; what is not finite is a gap
 * @param low the lower end of the spread, as long as {@code x}, or empty
 * @param high the upper end of the spread, as long as {@code x}, or empty
 * @param spread how the spread is drawn
 */
public record Series(
    String name, double[] x, double[] y, double[] low, double[] high, Spread spread) {
  /** How a spread is drawn. */
  public enum Spread {
    /** Not at all. */
    NONE,
    /** As a shaded band behind the line. */
    BAND,
    /** As a bar through each point. */
    BARS
  }

  /** Checks that all arrays are equally long. */
  public Series {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "series \"%s\" has %d x but %d y", name, x.length, y.length));
    }
    int ends = spread == Spread.NONE ? 0 : x.length;
    if (low.length != ends || high.length != ends) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "series \"%s\" has %d points but %d lower and %d upper ends of their spread",
              name,
              x.length,
              low.length,
              high.length));
    }
  }

  /** Points without spread. */
  public static Series of(String name, double[] x, double[] y) {
    return new Series(name, x, y, new double[0], new double[0], Spread.NONE);
  }

  /** These points with a shaded band from low to high. */
  public Series withBand(double[] newLow, double[] newHigh) {
    return new Series(name, x, y, newLow, newHigh, Spread.BAND);
  }

  /** These points with bars from low to high. */
  public Series withBars(double[] newLow, double[] newHigh) {
    return new Series(name, x, y, newLow, newHigh, Spread.BARS);
  }
}
