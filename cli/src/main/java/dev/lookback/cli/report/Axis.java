package dev.lookback.cli.report;

/**
 * What an axis measures and how.
 *
 * @param title what is measured
 * @param unit its unit, printed behind the title; empty for none
 * @param scale even steps or even factors
 * @param kind how its numbers are written
 * @param fromZero whether 0 is on the axis whatever the numbers are (linear axes only)
 */
public record Axis(String title, String unit, Scale scale, Kind kind, boolean fromZero) {
  /** How numbers become lengths. */
  public enum Scale {
    /** Equal differences are equally long. */
    LINEAR,
    /** Equal ratios are equally long; what is not above 0 has no place. */
    LOG
  }

  /** How the numbers of an axis are written, and which of them are round. */
  public enum Kind {
    /** Round in the decimal system: 0.5, 200, 10k. */
    PLAIN,
    /** Round in powers of two: 64 MiB. */
    BYTES,
    /** Round on a clock: 30 s, 5 m. */
    SECONDS,
    /** Fractions, written in hundredths: 0.5 is 50%. */
    PERCENT
  }

  /** Even steps. */
  public static Axis linear(String title) {
    return new Axis(title, "", Scale.LINEAR, Kind.PLAIN, false);
  }

  /** Even factors. */
  public static Axis log(String title) {
    return new Axis(title, "", Scale.LOG, Kind.PLAIN, false);
  }

  /** This axis with a unit behind its title. */
  public Axis in(String newUnit) {
    return new Axis(title, newUnit, scale, kind, fromZero);
  }

  /** This axis with its numbers written another way. */
  public Axis as(Kind newKind) {
    return new Axis(title, unit, scale, newKind, fromZero);
  }

  /** This axis with 0 on it. */
  public Axis withZero() {
    return new Axis(title, unit, scale, kind, true);
  }

  String heading() {
    return unit.isEmpty() ? title : title + " (" + unit + ")";
  }

  /** Whether a number has a place on this axis. */
  boolean holds(double value) {
    // Beyond 1e300 differences of two numbers can overflow.
    return Double.isFinite(value)
        && Math.abs(value) < 1e300
        && (scale == Scale.LINEAR || value > 1e-300);
  }
}
