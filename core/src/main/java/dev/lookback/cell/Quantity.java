package dev.lookback.cell;

/**
 * One of the arrays {@code [B, H]} that a step leaves on its tape, by the name that people know it
 * by.
 *
 * @param name such as "forget gate f"
 * @param state whether it is one of the planes of the state, else one of those of the gates
 * @param plane which of them
 * @param range which numbers it can have
 */
public record Quantity(String name, boolean state, int plane, Range range) {

  /** Which numbers a quantity can have. */
  public enum Range {
    /** Any. */
    ANY,
    /** From 0 to 1, and flat at both ends: a sigmoid. */
    SIGMOID,
    /** From -1 to 1, and flat at both ends: a tanh. */
    TANH,
    /** 0 and above, and flat at 0: a rectifier. */
    RELU
  }

  /** A plane of the gates. */
  public static Quantity gate(String name, int plane) {
    return new Quantity(name, false, plane, Range.ANY);
  }

  /** A plane of the state. */
  public static Quantity state(String name, int plane) {
    return new Quantity(name, true, plane, Range.ANY);
  }

  /** The same with a range. */
  public Quantity in(Range range) {
    return new Quantity(name, state, plane, range);
  }

  /** The array on a tape. */
  public float[] on(Tape tape) {
    return state ? tape.plane(plane) : tape.gates()[plane];
  }

  /** The row of lane 0 at step t of a tape. */
  public int row(int t, int lanes) {
    // A plane of the state has the entering state in front.
    return (state ? t + 1 : t) * lanes;
  }
}
