package dev.lookback.train;

/**
 * Something about a training that mostly means that it does not learn as it could.
 *
 * @param kind what it is
 * @param found what was found, as a sentence without its point
 */
public record Symptom(Kind kind, String found) {

  /** What there is. */
  public enum Kind {
    /** The loss does not move. */
    STUCK,
    /** Nearly every gradient is clipped, and by much. */
    CLIPPED,
    /** Many units of a rectifier are always 0. */
    DEAD,
    /** Nearly all numbers of a gate or a tanh lie where it is flat. */
    SATURATED
  }
}
