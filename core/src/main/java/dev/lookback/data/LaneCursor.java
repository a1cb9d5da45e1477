package dev.lookback.data;

import dev.lookback.window.Window;
import java.util.NoSuchElementException;

/**
 * One epoch over {@link Lanes}: gives windows of T steps, or of any number of steps asked for. Its
 * {@link #position()} counts the steps that each lane has advanced.
 */
public final class LaneCursor implements LaneEpoch {
  private final Lanes plan;
  private final long offset;
  private final long laneLength;
  private long position;
  private boolean fresh = true;

  LaneCursor(Lanes plan, long offset) {
    this.plan = plan;
    this.offset = offset;
    this.laneLength = (plan.tokens().length() - offset - 1) / plan.lanes();
  }

  /** L: the steps of each lane in this epoch. */
  public long laneLength() {
    return laneLength;
  }

  @Override
  public long remaining() {
    return laneLength - position;
  }

  /**
   * Whether {@link #next(int)} has a window: so many steps are left, or, with the remainder kept,
   * any.
   */
  @Override
  public boolean hasNext(int steps) {
    return remaining() >= (plan.keepRemainder() ? 1 : Math.max(1, steps));
  }

  @Override
  public boolean hasNext() {
    return hasNext(plan.steps());
  }

  /**
   * The window of the next {@code steps} steps of every lane; shorter at the end of the epoch if
   * the remainder is kept.
   */
  @Override
  public Window next(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a window of " + steps + " steps was asked for");
    }
    if (!hasNext(steps)) {
      throw new NoSuchElementException(
          steps + " steps were asked for but the epoch has " + remaining() + " left");
    }
    int lanes = plan.lanes();
    int taken = (int) Math.min(steps, remaining());
    Gather.requireFits(lanes, taken);
    int[] ids = new int[taken * lanes];
    int[] targets = new int[taken * lanes];
    int[] row = new int[taken + 1];
    for (int b = 0; b < lanes; b++) {
      Gather.readLane(plan.tokens(), offset + b * laneLength + position, row);
      Gather.place(row, b, lanes, ids, targets);
    }
    fresh = position == 0;
    position += taken;
    return Window.ofTokens(taken, lanes, ids, targets);
  }

  @Override
  public Window next() {
    return next(plan.steps());
  }

  @Override
  public boolean startsAfresh() {
    return fresh;
  }

  @Override
  public long windows() {
    long full = laneLength / plan.steps();
    return plan.keepRemainder() && laneLength % plan.steps() > 0 ? full + 1 : full;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void seek(long position) {
    if (position < 0 || position > laneLength) {
      throw new IllegalArgumentException(
          "position " + position + " is outside the lane's 0 to " + laneLength);
    }
    this.position = position;
    this.fresh = position == 0;
  }
}
