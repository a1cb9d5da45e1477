package dev.lookback.cli.report;

/**
 * A column of a {@link Table}.
 *
 * @param title its heading
 * @param unit its unit, printed under the heading; empty for none
 * @param number whether it holds numbers: those stand to the right
 */
public record Column(String title, String unit, boolean number) {
  /** A column of words. */
  public static Column text(String title) {
    return new Column(title, "", false);
  }

  /** A column of numbers. */
  public static Column number(String title) {
    return new Column(title, "", true);
  }

  /** A column of numbers in a unit. */
  public static Column number(String title, String unit) {
    return new Column(title, unit, true);
  }
}
