package dev.lookback.data;

import dev.lookback.data.task.Steps;
import dev.lookback.data.task.Task;
import dev.lookback.math.Randomness;

/** Where a lane of a task stands: a step of a unit. */
final class TaskLane {
  private final Task task;
  private final Randomness randomness;
  private final Steps unit;
  private long number;
  private int at;
  private boolean written;

  TaskLane(Task task, Randomness randomness) {
    this.task = task;
    this.randomness = randomness;
    this.unit = new Steps(task.form());
    seek(0);
  }

  /** Goes to a step of the lane. */
  void seek(long position) {
    long left = position + task.shift(randomness);
    number = 0;
    written = false;
    // Lengths are drawn, so there is no shorter way than past the units before; none is written.
    for (int length = length(); left >= length; length = length()) {
      left -= length;
      number++;
    }
    at = (int) left;
  }

  private int length() {
    return task.length(randomness, number);
  }

  /** The unit that the next step belongs to. */
  Steps unit() {
    if (!written) {
      unit.clear();
      task.write(randomness, number, unit);
      written = true;
    }
    return unit;
  }

  /** Which of the unit's steps is next. */
  int at() {
    return at;
  }

  /** Goes on by a step. */
  void advance() {
    at++;
    if (at == unit().count()) {
      at = 0;
      number++;
      written = false;
    }
  }
}
