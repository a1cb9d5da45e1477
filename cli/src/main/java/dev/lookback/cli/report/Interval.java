package dev.lookback.cli.report;

/**
 * A number and how sure of it one is.
 *
 * @param value the number
 * @param low the lower end of its spread; the value itself where there is none
 * @param high the upper end
 */
public record Interval(double value, double low, double high) {
  /** A number without spread. */
  public static Interval of(double value) {
    return new Interval(value, value, value);
  }

  /** A number with the same spread to both sides. */
  public static Interval plusMinus(double value, double spread) {
    return new Interval(value, value - spread, value + spread);
  }

  boolean hasSpread() {
    return Double.isFinite(low) && Double.isFinite(high) && low < high;
  }

  String text(Axis.Kind kind) {
    return switch (kind) {
      case BYTES -> Double.isFinite(value) ? Numbers.bytes(Math.round(value)) : plain();
      case SECONDS -> Numbers.duration(value);
      case PERCENT -> Numbers.percent(value);
      case PLAIN -> plain();
    };
  }

  private String plain() {
    double spread = (high - low) / 2;
    boolean even = Math.abs(low + spread - value) <= 1e-6 * spread;
    return hasSpread() && even ? Numbers.plusMinus(value, spread) : Numbers.significant(value, 3);
  }
}
