package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.data.Vocabulary;
import dev.lookback.data.task.Task;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.math.Randomness;
import dev.lookback.network.Network;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Stride;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A task that is made up as training goes on.
 *
 * @param made the task
 * @param loop how long windows are, and how many side by side
 */
record TaskMaterial(Task made, LoopOptions loop) implements Material {
  /** The steps of each lane in an epoch, at least. */
  private static final long EPOCH = 10_000;

  /** Judged on the same steps whatever a training's seed and batch. */
  private static final Randomness JUDGING = Randomness.of(0).with("validation");

  private static final int JUDGED_LANES = 32;
  private static final long JUDGED_STEPS = 4_000;

  @Override
  public String name() {
    return TaskNames.PREFIX + made.label();
  }

  @Override
  public Optional<Task> task() {
    return Optional.of(made);
  }

  @Override
  public Optional<Vocabulary> vocabulary() {
    if (made.symbols().isEmpty()) {
      return Optional.empty();
    }
    List<String> symbols = new ArrayList<>();
    symbols.add(Vocabulary.UNKNOWN);
    symbols.addAll(made.symbols());
    return Optional.of(Vocabulary.of(symbols));
  }

  @Override
  public Network network(NetworkOptions shape) {
    return shape.forTask(made);
  }

  @Override
  public Sampling training(long seed) {
    Randomness randomness = Randomness.of(seed).with("training");
    return TaskStream.of(made, loop.batch(), loop.steps(), whole(EPOCH, loop.steps()), randomness);
  }

  @Override
  public Optional<Sampling> validation() {
    return Optional.of(judging(made, loop.steps(), JUDGED_STEPS, JUDGING));
  }

  /** Many steps to judge by. */
  static TaskStream judging(Task task, int steps, long laneSteps, Randomness randomness) {
    long all = whole(laneSteps + task.warmUp(), steps);
    return TaskStream.of(task, JUDGED_LANES, steps, all, randomness).warmingUp();
  }

  // At least so many steps, in whole windows.
  private static long whole(long least, int steps) {
    return (least + steps - 1) / steps * steps;
  }

  @Override
  public HeldOut heldOut(StatePolicy state) {
    return new HeldOut(count -> lanes(count, loop.batch(), loop.steps()), state);
  }

  @Override
  public Optional<Sampling> lanes(int count, int most, int steps) {
    Randomness randomness = JUDGING.with("audit");
    return Optional.of(TaskStream.of(made, most, steps, (long) count * steps, randomness));
  }

  @Override
  public void requireRoom(CouplingPolicy coupling, Stride stride) {
    boolean anyLength =
        coupling instanceof Coupling.Randomised || coupling instanceof CouplingPolicy.Measured;
    if (stride == Stride.OWN && anyLength && made.onlyLastCounts()) {
      throw Failure.usage(
          coupling.label()
              + " at its own cuts makes windows of every length, but "
              + name()
              + " counts only the last step of a sequence. Leave --stride out");
    }
  }

  // Behind a line break a line begins, as a unit does.
  @Override
  public String beginning(int length) {
    return made.symbols().contains("\n") ? "\n" : "";
  }

  @Override
  public String excerpt(int length) {
    return "·".repeat(length);
  }

  @Override
  public JsonObject record() {
    JsonObject data = new JsonObject();
    data.addProperty("name", name());
    data.addProperty("task", made.label());
    TaskNames.describe(made, data);
    return data;
  }

  @Override
  public void close() {}
}
