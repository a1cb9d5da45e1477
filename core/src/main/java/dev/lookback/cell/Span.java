package dev.lookback.cell;

import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.Optional;

/**
 * Which steps of a tape are computed, and what they read: the steps [from, to) counted from the
 * tape's first step, which is step {@code start} of the window.
 *
 * <p>Set anew from block to block rather than made anew, because nothing is allocated on the way.
 */
public final class Span {
  private int start;
  private int from;
  private int to;
  private Inputs inputs = new Inputs.Tokens(new int[0]);
  private int inputRow;
  private Links links = Links.whole(1);
  private Optional<boolean[]> reset = Optional.empty();

  /** No steps yet. */
  public Span() {}

  /** The steps [from, to) of a tape that begins at step {@code start} of the window. */
  public Span steps(int start, int from, int to) {
    this.start = start;
    this.from = from;
    this.to = to;
    return this;
  }

  /** Reads these inputs; lane 0 of the tape's first step is row {@code inputRow}. */
  public Span reading(Inputs inputs, int inputRow) {
    this.inputs = inputs;
    this.inputRow = inputRow;
    return this;
  }

  /** With xi and the resets of a window. */
  public Span of(Window window, Links links) {
    this.links = links;
    this.reset = window.reset();
    return this;
  }

  /** The first step of the span, counted from the tape's first step. */
  public int from() {
    return from;
  }

  /** One past its last step, counted from the tape's first step. */
  public int to() {
    return to;
  }

  /** How many steps it has. */
  public int steps() {
    return to - from;
  }

  /** What comes in, time-major; see {@link #inputRow}. */
  public Inputs inputs() {
    return inputs;
  }

  /** The row of the inputs that is lane 0 at the tape's first step; step t's is t B rows on. */
  public int inputRow() {
    return inputRow;
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
  public boolean startsAfresh(int t, int b, int lanes) {
    return reset.isPresent() && reset.get()[(start + t) * lanes + b];
  }

  /** Whether any lane starts afresh somewhere in the span. */
  boolean hasReset(int lanes) {
    return anyReset((start + from) * lanes, (start + to) * lanes);
  }

  /** Whether any of the lanes [b0, b1) starts afresh at step t of the tape. */
  boolean hasReset(int t, int b0, int b1, int lanes) {
    return anyReset((start + t) * lanes + b0, (start + t) * lanes + b1);
  }

  private boolean anyReset(int firstRow, int endRow) {
    if (reset.isPresent()) {
      for (int row = firstRow; row < endRow; row++) {
        if (reset.get()[row]) {
          return true;
        }
      }
    }
    return false;
  }

  /** xi on the link in front of step t of the tape for lane b; 0 where the lane starts afresh. */
  public float xi(int t, int b, int lanes) {
    return startsAfresh(t, b, lanes) ? 0 : links.at(start + t, b);
  }
}
