package dev.lookback.window;

import java.util.Arrays;
import java.util.Optional;

/**
 * The steps between two weight updates: T steps of B lanes, time-major.
 *
 * @param steps T
 * @param lanes B
 * @param inputs {@code [T, B]} ids or {@code [T, B, D]} rows
 * @param targets {@code [T, B]} classes or {@code [T, B, O]} values
 * @param reset {@code [T, B]}: true where the lane's state starts afresh, so that nothing of the
 *     steps before reaches this one and no credit goes back over the link
 * @param weight {@code [T, B]}: mask and sample weight in one; a loss divides by the sum
 */
public record Window(
    int steps,
    int lanes,
    Inputs inputs,
    Targets targets,
    Optional<boolean[]> reset,
    Optional<float[]> weight) {

  /** Checks that every array holds T * B rows. */
  public Window {
    if (steps < 1 || lanes < 1) {
      throw new IllegalArgumentException(
          "a window has " + steps + " steps of " + lanes + " lanes but needs at least one of each");
    }
    long rows = (long) steps * lanes;
    if (inputs instanceof Inputs.Tokens tokens) {
      require("inputs", tokens.ids().length, rows, 1);
    } else if (inputs instanceof Inputs.Dense dense) {
      require("inputs", dense.values().length, rows, dense.width());
    }
    if (targets instanceof Targets.Classes classes) {
      require("targets", classes.ids().length, rows, 1);
    } else if (targets instanceof Targets.Values values) {
      require("targets", values.values().length, rows, values.width());
    }
    if (reset.isPresent()) {
      require("reset", reset.get().length, rows, 1);
    }
    if (weight.isPresent()) {
      require("weight", weight.get().length, rows, 1);
    }
  }

  /** A window without resets in which every step counts the same. */
  public static Window of(int steps, int lanes, Inputs inputs, Targets targets) {
    return new Window(steps, lanes, inputs, targets, Optional.empty(), Optional.empty());
  }

  /** A window of token ids, each step's target a token id too. */
  public static Window ofTokens(int steps, int lanes, int[] ids, int[] targets) {
    return of(steps, lanes, new Inputs.Tokens(ids), new Targets.Classes(targets));
  }

  /** The same window with its lanes' states starting afresh where {@code reset} is true. */
  public Window withReset(boolean[] reset) {
    return new Window(steps, lanes, inputs, targets, Optional.of(reset), weight);
  }

  /**
   * The same window with every lane's state starting afresh at its first step: whatever state
   * enters it means nothing, and an initial state that is learned learns from it.
   */
  public Window startingAfresh() {
    boolean[] afresh = reset.map(boolean[]::clone).orElseGet(() -> new boolean[steps * lanes]);
    Arrays.fill(afresh, 0, lanes, true);
    return withReset(afresh);
  }

  /**
   * The same window with a weight for each step of each lane; 0 masks its target, which may then be
   * anything. Its input is still read: padding needs a token that exists, or finite numbers.
   */
  public Window withWeight(float[] weight) {
    return new Window(steps, lanes, inputs, targets, reset, Optional.of(weight));
  }

  /** The same lanes' steps from {@code step} on; fewer than all of them. */
  public Window from(int step) {
    int first = step * lanes;
    int end = steps * lanes;
    return new Window(
        steps - step,
        lanes,
        inputs.rows(first, end),
        targets.rows(first, end),
        reset.map(r -> Arrays.copyOfRange(r, first, end)),
        weight.map(w -> Arrays.copyOfRange(w, first, end)));
  }

  /** The same lanes' steps before {@code step}; one or more of them. */
  public Window upTo(int step) {
    int end = step * lanes;
    return new Window(
        step,
        lanes,
        inputs.rows(0, end),
        targets.rows(0, end),
        reset.map(r -> Arrays.copyOf(r, end)),
        weight.map(w -> Arrays.copyOf(w, end)));
  }

  /** These steps and behind them those of a window that goes on where this one ends. */
  public Window followedBy(Window next) {
    if (next.lanes != lanes) {
      throw new IllegalArgumentException(
          "a window of " + next.lanes + " lanes cannot go on behind one of " + lanes);
    }
    int rows = steps * lanes;
    int more = next.steps * lanes;
    Optional<boolean[]> resets = Optional.empty();
    if (reset.isPresent() || next.reset.isPresent()) {
      boolean[] joined = new boolean[rows + more];
      reset.ifPresent(r -> System.arraycopy(r, 0, joined, 0, rows));
      next.reset.ifPresent(r -> System.arraycopy(r, 0, joined, rows, more));
      resets = Optional.of(joined);
    }
    Optional<float[]> weights = Optional.empty();
    if (weight.isPresent() || next.weight.isPresent()) {
      weights = Optional.of(Join.of(weightsOf(this), rows, weightsOf(next), more));
    }
    return new Window(
        steps + next.steps,
        lanes,
        inputs.join(rows, next.inputs, more),
        targets.join(rows, next.targets, more),
        resets,
        weights);
  }

  private static float[] weightsOf(Window window) {
    return window.weight.orElseGet(
        () -> {
          float[] ones = new float[window.steps * window.lanes];
          Arrays.fill(ones, 1);
          return ones;
        });
  }

  /** What a mean loss divides by: T * B, or the sum of the weights. */
  public double totalWeight() {
    if (weight.isEmpty()) {
      return (double) steps * lanes;
    }
    double sum = 0;
    float[] w = weight.get();
    for (int row = 0; row < steps * lanes; row++) {
      sum += w[row];
    }
    return sum;
  }

  private static void require(String what, int found, long rows, int width) {
    if (width < 1 || found < rows * width) {
      throw new IllegalArgumentException(
          what + " holds " + found + " numbers but needs [T * B = " + rows + ", " + width + "]");
    }
  }
}
