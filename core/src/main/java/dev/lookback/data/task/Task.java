package dev.lookback.data.task;

import dev.lookback.math.Randomness;
import java.util.List;

/**
 * A made-up task with a known optimum. A lane is an endless row of <i>units</i>, one after another:
 * unit k is a function of the lane's randomness and of k alone, so any step can be had again
 * without those before it. A unit is what is drawn at once: a whole sequence, or one step of a
 * stream.
 *
 * <p>Implementations are immutable.
 */
public interface Task {

  /** What {@link Tasks#parse} reads: {@code add-stream?t1=5,t2=9}. */
  String label();

  /** What goes in and what comes out. */
  Form form();

  /** Whether units know nothing of each other, so that the state starts afresh at each one. */
  boolean independent();

  /**
   * Whether only the last step of a unit counts; all other steps then have weight 0, and all units
   * the same length.
   */
  boolean onlyLastCounts();

  /** The steps of a unit: the mean, where they differ. */
  double meanLength();

  /** The steps of unit {@code number} of a lane. */
  int length(Randomness lane, long number);

  /** Adds the steps of unit {@code number} of a lane. */
  void write(Randomness lane, long number, Steps steps);

  /** At which step of its first unit a lane begins. */
  default int shift(Randomness lane) {
    return 0;
  }

  /**
   * The steps at a lane's beginning at which even an ideal predictor may not yet have seen all that
   * it needs.
   */
  default int warmUp() {
    return 0;
  }

  /**
   * The mean loss that an ideal predictor reaches over the steps that count, after {@link
   * #warmUp()}, in the form's unit.
   */
  double optimum();

  /** What lesser predictors reach, the worst first. */
  List<Baseline> baselines();

  /**
   * The characters that its tokens stand for, where each step's target is the next step's input: id
   * i is the character i - 1, and id 0, which stands for every other, is never drawn. Empty where
   * the outputs are something else than the next input.
   */
  default List<String> symbols() {
    return List.of();
  }
}
