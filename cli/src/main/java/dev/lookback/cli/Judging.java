package dev.lookback.cli;

import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.train.StatePolicy;
import java.util.Optional;

/**
 * How a text is gone through to judge a model by it: in order, nothing drawn.
 *
 * @param batch the most streams side by side, each of which begins with the initial state
 * @param steps of a window
 * @param byLanes whether a window goes on where the one before ended
 * @param stride characters between the starts of windows that do not, if that is not their length
 * @param state what enters a window
 */
record Judging(int batch, int steps, boolean byLanes, Optional<Long> stride, StatePolicy state) {
  private static final int ONE_STREAM_STEPS = 256;

  /** Every character with all its past: one stream from end to end. */
  static Judging endToEnd() {
    return new Judging(1, ONE_STREAM_STEPS, true, Optional.empty(), StatePolicy.CARRY);
  }

  /** The state is reset after so many steps. */
  static Judging resetting(int steps, int batch) {
    return new Judging(batch, steps, false, Optional.empty(), StatePolicy.RESET);
  }

  /** The windows of a text of two characters or more. */
  Sampling of(Tokens tokens) {
    // Held-out text that is shorter than a window is judged by in shorter ones.
    int fitting = (int) Math.max(1, Math.min(steps, tokens.length() - 1));
    if (!byLanes) {
      Windows windows = Windows.of(tokens, fitting, batch);
      return stride.isPresent() ? windows.stride(stride.get()) : windows;
    }
    // As many lanes as leave each a few windows to warm up in; the remainder counts too.
    long most = (tokens.length() - 1) / (4L * fitting);
    int lanes = (int) Math.max(1, Math.min(batch, most));
    return Lanes.of(tokens, lanes, fitting).keepingRemainder();
  }

  /** What it does, in words, for the windows that it made. */
  String describe(Sampling windows) {
    if (!byLanes || state == StatePolicy.RESET) {
      return "the state reset every " + steps + " characters";
    }
    return windows.lanes() == 1
        ? "one stream, its state carried from end to end"
        : windows.lanes()
            + " streams side by side, as in the run's validation; the state carried in each from"
            + " its beginning";
  }
}
