package dev.lookback.window;

import java.util.Arrays;

/**
 * The coupling vector xi: {@code xi[t]} stands on the link between step t - 1 and step t and scales
 * what the backward pass sends over it,
 *
 * <pre>  delta_t = q_t + xi_{t+1} J_{t+1}^T delta_{t+1}</pre>
 *
 * and {@code xi[0]} scales what reaches the state that enters the window. One factor for all lanes,
 * {@code [T]}, or one for each, {@code [T, B]}.
 */
public final class Links {
  private final float[] xi;
  private final int lanes;

  private Links(float[] xi, int lanes) {
    this.xi = xi;
    this.lanes = lanes;
  }

  /** Every link as it is: the exact gradient. */
  public static Links whole(int steps) {
    float[] xi = new float[steps];
    Arrays.fill(xi, 1);
    return new Links(xi, 1);
  }

  /** One factor for each step, shared by the lanes. */
  public static Links shared(float[] xi) {
    return new Links(xi.clone(), 1);
  }

  /** One factor for each step and lane, {@code [T, B]}. */
  public static Links perLane(float[] xi, int lanes) {
    if (lanes < 1 || xi.length % lanes != 0) {
      throw new IllegalArgumentException(
          "xi holds " + xi.length + " numbers, which is not a multiple of " + lanes + " lanes");
    }
    return new Links(xi.clone(), lanes);
  }

  /** T. */
  public int steps() {
    return xi.length / lanes;
  }

  /** Refuses a window of other steps, or of other lanes than those that have factors. */
  public void requireFits(int windowSteps, int windowLanes) {
    if (steps() != windowSteps) {
      throw new IllegalArgumentException(
          "xi has " + steps() + " steps but the window has " + windowSteps);
    }
    if (!isShared() && lanes != windowLanes) {
      throw new IllegalArgumentException(
          "xi has " + lanes + " lanes but the window has " + windowLanes);
    }
  }

  /** The lanes that have factors of their own; 1 where they share them. */
  public int lanes() {
    return lanes;
  }

  /** Whether the lanes share one factor at each step. */
  public boolean isShared() {
    return lanes == 1;
  }

  /** xi of lane b at step t. */
  public float at(int t, int b) {
    return lanes == 1 ? xi[t] : xi[t * lanes + b];
  }

  /** Whether the link before step t is cut in every lane, so that the past can be released. */
  public boolean isCut(int t) {
    for (int b = 0; b < lanes; b++) {
      if (xi[t * lanes + b] != 0) {
        return false;
      }
    }
    return true;
  }

  /** The factors, {@code [T]} or {@code [T, B]}. */
  public float[] toArray() {
    return xi.clone();
  }
}
