package dev.lookback.schedule;

/** One step of a {@link Plan}. Each begins where the one before has ended. */
public sealed interface Action {

  /**
   * Keep the state at hand, which enters {@code block}.
   *
   * @param block the block that the state enters
   */
  record Store(int block) implements Action {}

  /**
   * Make the kept state that enters {@code block} the state at hand: the stored one or, where none
   * is stored, the last state on the tape of the block before.
   *
   * @param block the block that the state enters
   */
  record Restore(int block) implements Action {}

  /**
   * Forget the stored state that enters {@code block}.
   *
   * @param block the block that the state enters
   */
  record Discard(int block) implements Action {}

  /**
   * Compute the blocks from {@code from} to {@code to - 1} forward, one after the other on one
   * scratch tape, keeping nothing but the state at hand.
   *
   * @param from the first block, which the state at hand enters
   * @param to one past the last block, which the state at hand enters afterwards
   */
  record Advance(int from, int to) implements Action {}

  /**
   * Compute {@code block} forward onto a tape that is kept; the state at hand then leaves it.
   *
   * @param block the block, which the state at hand enters
   */
  record Tape(int block) implements Action {}

  /**
   * Go back through {@code block}, whose tape is then free.
   *
   * @param block the block, the last one that has not been gone back through
   */
  record Back(int block) implements Action {}
}
