package dev.lookback.data;

import dev.lookback.data.task.Task;
import dev.lookback.math.Randomness;
import java.util.Locale;

/**
 * B lanes of a {@link Task}, in windows of T steps. Lane b of epoch e is a function of (randomness,
 * e, b) alone: not of how many lanes there are, nor of how they are cut into windows.
 *
 * <p>The state is carried from window to window. Where the task's units are independent, windows
 * have {@code reset} at each unit's first step, so that a lane is one sequence after another. Where
 * only the last step of a unit counts, the others have weight 0 and windows hold whole units:
 * otherwise some would have nothing to learn from.
 *
 * @param task what is to be done
 * @param lanes B
 * @param steps T
 * @param laneSteps the steps of each lane in an epoch; those that fill no window are left out
 * @param randomness of all epochs
 * @param warmsUp whether the task's first {@link Task#warmUp()} steps of each lane have weight 0,
 *     so that the loss can be held against the optimum
 */
public record TaskStream(
    Task task, int lanes, int steps, long laneSteps, Randomness randomness, boolean warmsUp)
    implements Sampling {

  /** Checks that there is a window, and that windows hold whole units where they have to. */
  public TaskStream {
    if (lanes < 1 || steps < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there are %d lanes of %d steps but at least one of each is needed",
              lanes,
              steps));
    }
    Gather.requireFits(Math.multiplyExact(lanes, widest(task)), steps);
    requireWholeUnits(task, steps);
    if (laneSteps < steps) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "an epoch has %d steps but a window has %d", laneSteps, steps));
    }
    if (warmsUp && laneSteps <= task.warmUp()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "an epoch of %d steps is over before the %d steps of %s that do not count",
              laneSteps,
              task.warmUp(),
              task.label()));
    }
  }

  private static int widest(Task task) {
    return task.form().tokens() ? 1 : Math.max(task.form().inputs(), task.form().outputs());
  }

  static void requireWholeUnits(Task task, int steps) {
    int unit = (int) task.meanLength();
    if (task.onlyLastCounts() && steps % unit != 0) {
      throw new IllegalArgumentException(
          String.format(
                  Locale.ROOT,
                  "%s counts only the last of %d steps, so a window of %d steps would not hold"
                      + " whole",
                  task.label(),
                  unit,
                  steps)
              + " sequences. Use windows of "
              + unit
              + " steps or a multiple (--steps), and a coupling such as fixed:"
              + Math.max(1, unit / 4)
              + " to go less far back");
    }
  }

  /** A stream to learn from: every step that the task counts counts. */
  public static TaskStream of(Task task, int lanes, int steps, long laneSteps, Randomness from) {
    return new TaskStream(task, lanes, steps, laneSteps, from, false);
  }

  /** A stream to judge by: the steps in which nobody can know enough have weight 0. */
  public TaskStream warmingUp() {
    return new TaskStream(task, lanes, steps, laneSteps, randomness, true);
  }

  /** The same lanes in windows of another length. */
  public TaskStream withSteps(int steps) {
    return new TaskStream(task, lanes, steps, laneSteps, randomness, warmsUp);
  }

  @Override
  public boolean carriesState() {
    return true;
  }

  @Override
  public TaskCursor epoch(long epoch) {
    return new TaskCursor(this, randomness.with("task").with(epoch));
  }
}
