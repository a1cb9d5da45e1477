package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.data.Sampling;
import dev.lookback.data.Vocabulary;
import dev.lookback.data.task.Task;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.network.Network;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Stride;
import java.util.Optional;

/** What networks learn from and are judged by: a text, or a task that is made up. */
interface Material extends AutoCloseable {

  /** What people call it. */
  String name();

  /** The task, if it is one. */
  Optional<Task> task();

  /** What the ids stand for, where they stand for characters. */
  Optional<Vocabulary> vocabulary();

  /** A network of its sizes. */
  Network network(NetworkOptions shape);

  /** The windows to learn from. */
  Sampling training(long seed);

  /** The windows to judge by, if there are any. */
  Optional<Sampling> validation();

  /** What to measure gradients on. */
  HeldOut heldOut(StatePolicy state);

  /** Held-out windows of some steps in at most so many lanes, if there is even one. */
  Optional<Sampling> lanes(int count, int most, int steps);

  /** Refuses what has no room for a single segment of each lane. */
  void requireRoom(CouplingPolicy coupling, Stride stride);

  /** What a sample goes on from: the text's first characters; empty for models without text. */
  String beginning(int length);

  /** Its first characters, or signs that stand for its steps; never line breaks. */
  String excerpt(int length);

  /** What a run's record says of it. */
  JsonObject record();

  /** What its steps are called. */
  default String steps() {
    return task().isPresent() ? "steps" : "characters";
  }

  /** What contenders are judged by. */
  default Score score() {
    return task().map(Score::loss).orElse(Score.PERPLEXITY);
  }

  @Override
  void close();
}
