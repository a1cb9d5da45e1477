package dev.lookback.window;

/** What should come out at each step of each lane, time-major: row {@code t * lanes + b}. */
public sealed interface Targets {

  /**
   * Class ids for cross-entropy, {@code [T, B]}.
   *
   * @param ids the ids, at least T * B of them
   */
  record Classes(int[] ids) implements Targets {}

  /**
   * Values for squared error, {@code [T, B, O]}.
   *
   * @param values the rows one after another
   * @param width O, the numbers in a row
   */
  record Values(float[] values, int width) implements Targets {}
}
