package dev.lookback.window;

/** What goes in at each step of each lane, time-major: row {@code t * lanes + b}. */
public sealed interface Inputs {

  /**
   * Token ids, {@code [T, B]}: stands for one-hot rows that are never formed.
   *
   * @param ids the ids, at least T * B of them
   */
  record Tokens(int[] ids) implements Inputs {}

  /**
   * Dense rows, {@code [T, B, D]}.
   *
   * @param values the rows one after another
   * @param width D, the numbers in a row
   */
  record Dense(float[] values, int width) implements Inputs {}
}
