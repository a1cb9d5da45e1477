package dev.lookback.cell;

import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import java.util.Optional;

/**
 * Which steps of a tape are computed, and what they read: the steps [from, to) counted from the
 * tape's first step, which is step {@code start} of the window.
 *
 * @param start the window's step at which the tape begins
 * @param from first step, counted from the tape's beginning
 * @param to one past the last step
 * @param inputs the window's inputs, or the states of the layer below
 * @param inputRow the row of {@code inputs} that belongs to lane 0 of the tape's first step
 * @param links xi, by the window's steps
 * @param reset {@code [T, B]} by the window's steps: where a lane's state starts afresh
 */
public record Span(
    int start,
    int from,
    int to,
    Inputs inputs,
    int inputRow,
    Links links,
    Optional<boolean[]> reset) {

  int steps() {
    return to - from;
  }

  /** Whether nothing goes back over the link in front of step t in the lanes [b0, b1). */
  boolean isCut(int t, int b0, int b1, int lanes) {
    for (int b = b0; b < b1; b++) {
      if (xi(t, b, lanes) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the state of lane b starts afresh at step t of the tape. */
  boolean startsAfresh(int t, int b, int lanes) {
    return reset.isPresent() && reset.get()[(start + t) * lanes + b];
  }

  /** Whether any lane starts afresh somewhere in the span. */
  boolean hasReset(int lanes) {
    if (reset.isPresent()) {
      for (int row = (start + from) * lanes; row < (start + to) * lanes; row++) {
        if (reset.get()[row]) {
          return true;
        }
      }
    }
    return false;
  }

  /** xi on the link in front of step t of the tape for lane b; 0 where the lane starts afresh. */
  float xi(int t, int b, int lanes) {
    return startsAfresh(t, b, lanes) ? 0 : links.at(start + t, b);
  }
}
