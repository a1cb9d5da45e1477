package dev.lookback.data;

import dev.lookback.data.task.Task;
import dev.lookback.math.Randomness;
import dev.lookback.window.Window;

/**
 * Stretches of consecutive steps at random places of the data that a sampling draws from, to
 * measure on beside a training. Drawing one changes nothing of the sampling and of its epochs.
 *
 * <p>From tokens every lane starts at a place of its own, all places being equally likely. A task's
 * lanes are sequences of their own that no epoch has; each starts a random number of steps of its
 * own into a unit, unless only a unit's last step counts: then stretches hold whole units.
 *
 * @param sampling whose data it is
 */
public record Stretches(Sampling sampling) {

  /** The most steps that a stretch can have. */
  public int longest() {
    if (sampling instanceof TaskStream stream) {
      long widest = Math.max(stream.task().form().inputs(), stream.task().form().outputs());
      return (int) ((Integer.MAX_VALUE - 8) / (2L * sampling.lanes() * Math.max(1, widest)));
    }
    return (int) Math.min(Integer.MAX_VALUE / (2L * sampling.lanes()), tokens().length() - 1);
  }

  /** Stretches can have so many steps and multiples of it. */
  public int unit() {
    return sampling instanceof TaskStream stream && stream.task().onlyLastCounts()
        ? unit(stream.task())
        : 1;
  }

  private static int unit(Task task) {
    return (int) Math.ceil(task.meanLength());
  }

  /**
   * A stretch of each lane, as one window.
   *
   * @param steps up to {@link #longest}, a multiple of {@link #unit}
   * @param lanes how many
   * @param randomness of the places
   */
  public Window draw(int steps, int lanes, Randomness randomness) {
    if (sampling instanceof TaskStream stream) {
      return draw(stream, steps, lanes, randomness);
    }
    Tokens tokens = tokens();
    long places = tokens.length() - steps;
    int[] row = new int[steps + 1];
    int[] ids = new int[Math.multiplyExact(steps, lanes)];
    int[] targets = new int[steps * lanes];
    for (int b = 0; b < lanes; b++) {
      long from = Math.min(places - 1, (long) (randomness.uniform(b) * places));
      Gather.readLane(tokens, from, row);
      Gather.place(row, b, lanes, ids, targets);
    }
    return Window.ofTokens(steps, lanes, ids, targets);
  }

  private Window draw(TaskStream stream, int steps, int lanes, Randomness randomness) {
    Randomness sequences = randomness.with("sequences");
    TaskCursor cursor = TaskStream.of(stream.task(), lanes, steps, steps, sequences).epoch(0);
    for (int b = 0; unit() == 1 && b < lanes; b++) {
      cursor.begin(b, randomness.with("skipped").below(Math.max(1, unit(stream.task())), b));
    }
    return cursor.next(steps);
  }

  private Tokens tokens() {
    return sampling instanceof Lanes lanes ? lanes.tokens() : ((Windows) sampling).tokens();
  }
}
