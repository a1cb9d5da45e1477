package dev.lookback.data;

import dev.lookback.data.task.Form;
import dev.lookback.data.task.Steps;
import dev.lookback.data.task.Task;
import dev.lookback.math.Randomness;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.NoSuchElementException;
import java.util.Optional;

/** One epoch of a {@link TaskStream}. Its {@link #position()} counts the steps of each lane. */
public final class TaskCursor implements LaneEpoch {
  private final TaskStream stream;
  private final TaskLane[] lanes;
  private long position;
  private boolean fresh = true;

  TaskCursor(TaskStream stream, Randomness randomness) {
    this.stream = stream;
    this.lanes = new TaskLane[stream.lanes()];
    for (int b = 0; b < lanes.length; b++) {
      lanes[b] = new TaskLane(stream.task(), randomness.with(b));
    }
  }

  /** A window's arrays; those that the form does not have are empty. */
  private record Arrays(
      int[] ids, int[] classes, float[] rows, float[] values, float[] weight, boolean[] reset) {

    static Arrays of(Form form, int rows) {
      int tokens = form.tokens() ? rows : 0;
      int dense = rows - tokens;
      return new Arrays(
          new int[tokens],
          new int[tokens],
          new float[dense * form.inputs()],
          new float[dense * form.outputs()],
          new float[rows],
          new boolean[rows]);
    }

    void put(int row, Steps unit, int step, Form form) {
      if (form.tokens()) {
        ids[row] = unit.id(step);
        classes[row] = unit.target(step);
      } else {
        unit.copyInputs(step, rows, row * form.inputs());
        unit.copyValues(step, values, row * form.outputs());
      }
    }
  }

  @Override
  public long remaining() {
    return stream.laneSteps() - position;
  }

  @Override
  public boolean hasNext(int steps) {
    return remaining() >= Math.max(1, steps);
  }

  @Override
  public boolean hasNext() {
    return hasNext(stream.steps());
  }

  @Override
  public Window next() {
    return next(stream.steps());
  }

  @Override
  public Window next(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a window of " + steps + " steps was asked for");
    }
    if (!hasNext(steps)) {
      throw new NoSuchElementException(
          steps + " steps were asked for but the epoch has " + remaining() + " left");
    }
    Task task = stream.task();
    TaskStream.requireWholeUnits(task, steps);
    Arrays arrays = Arrays.of(task.form(), Math.multiplyExact(steps, lanes.length));
    for (int b = 0; b < lanes.length; b++) {
      for (int t = 0; t < steps; t++) {
        read(lanes[b], position + t, t * lanes.length + b, arrays);
      }
    }
    boolean weighted = task.onlyLastCounts() || warmingUp(position);
    fresh = position == 0;
    position += steps;
    return window(steps, arrays, weighted);
  }

  private boolean warmingUp(long step) {
    return stream.warmsUp() && step < stream.task().warmUp();
  }

  private void read(TaskLane lane, long step, int row, Arrays arrays) {
    Steps unit = lane.unit();
    arrays.put(row, unit, lane.at(), stream.task().form());
    arrays.weight[row] = warmingUp(step) ? 0 : unit.weight(lane.at());
    arrays.reset[row] = stream.task().independent() && lane.at() == 0;
    lane.advance();
  }

  private Window window(int steps, Arrays arrays, boolean weighted) {
    Form form = stream.task().form();
    return new Window(
        steps,
        lanes.length,
        form.tokens()
            ? new Inputs.Tokens(arrays.ids)
            : new Inputs.Dense(arrays.rows, form.inputs()),
        form.tokens()
            ? new Targets.Classes(arrays.classes)
            : new Targets.Values(arrays.values, form.outputs()),
        stream.task().independent() ? Optional.of(arrays.reset) : Optional.empty(),
        weighted ? Optional.of(arrays.weight) : Optional.empty());
  }

  /** Lets a lane begin some steps into its row of units; to be called before the first window. */
  void begin(int lane, long step) {
    lanes[lane].seek(step);
  }

  @Override
  public boolean startsAfresh() {
    return fresh;
  }

  @Override
  public long windows() {
    return stream.laneSteps() / stream.steps();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void seek(long position) {
    if (position < 0 || position > stream.laneSteps()) {
      throw new IllegalArgumentException(
          "position " + position + " is outside the lane's 0 to " + stream.laneSteps());
    }
    this.position = position;
    this.fresh = position == 0;
    for (TaskLane lane : lanes) {
      lane.seek(position);
    }
  }
}
