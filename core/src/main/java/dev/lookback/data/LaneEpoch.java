package dev.lookback.data;

import dev.lookback.window.Window;

/** An epoch whose lanes advance by as many steps as are asked for. */
public interface LaneEpoch extends Epoch {

  /** The steps that each lane has left. */
  long remaining();

  /** Whether {@link #next(int)} has a window of so many steps. */
  boolean hasNext(int steps);

  /** The window of the next {@code steps} steps of every lane. */
  Window next(int steps);
}
