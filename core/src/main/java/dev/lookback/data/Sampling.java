package dev.lookback.data;

/**
 * How windows are drawn: from tokens by {@link Lanes} or {@link Windows}, from a task that is made
 * up by {@link TaskStream}. Immutable; every epoch is a function of its number.
 */
public sealed interface Sampling permits Lanes, Windows, TaskStream {

  /** T: the steps of a window. */
  int steps();

  /** B: the lanes of a window; the last of an epoch may have fewer. */
  int lanes();

  /** Whether a window goes on where the one before it stopped, so that state can be carried. */
  boolean carriesState();

  /** The windows of one epoch, from its start. */
  Epoch epoch(long epoch);
}
