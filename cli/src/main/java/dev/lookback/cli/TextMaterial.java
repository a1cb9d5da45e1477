package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.data.Corpus;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.Split;
import dev.lookback.data.Tokens;
import dev.lookback.data.Vocabulary;
import dev.lookback.data.task.Task;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.network.Network;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Stride;
import java.util.Optional;

/**
 * A text.
 *
 * @param corpus its ids
 * @param split its parts
 * @param loop how windows are drawn
 */
record TextMaterial(Corpus corpus, Split split, LoopOptions loop) implements Material {

  /** The text in the parts that were asked for. */
  static TextMaterial of(Corpus corpus, TextOptions text, LoopOptions loop) {
    try {
      return new TextMaterial(corpus, text.split(corpus.tokens()), loop);
    } catch (RuntimeException e) {
      corpus.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return corpus.source().name();
  }

  @Override
  public Optional<Task> task() {
    return Optional.empty();
  }

  @Override
  public Optional<Vocabulary> vocabulary() {
    return Optional.of(corpus.vocabulary());
  }

  @Override
  public Network network(NetworkOptions shape) {
    return shape.forVocabulary(corpus.vocabulary().size());
  }

  @Override
  public Sampling training(long seed) {
    return loop.training(split.training(), seed);
  }

  @Override
  public Optional<Sampling> validation() {
    return split.validation().length() > 1
        ? Optional.of(loop.evaluation(split.validation()))
        : Optional.empty();
  }

  @Override
  public HeldOut heldOut(StatePolicy state) {
    return new HeldOut(count -> lanes(count, loop.batch(), loop.steps()), state);
  }

  @Override
  public Optional<Sampling> lanes(int count, int most, int steps) {
    Tokens tokens = split.validation();
    if (tokens.length() <= steps) {
      return Optional.empty();
    }
    long windows = (tokens.length() - 1) / steps;
    int fitting = (int) Math.max(1, Math.min(most, windows / count));
    return Optional.of(Lanes.of(tokens, fitting, steps));
  }

  @Override
  public void requireRoom(CouplingPolicy coupling, Stride stride) {
    loop.requireRoom(coupling, stride, split.training());
  }

  @Override
  public String beginning(int length) {
    int most = (int) Math.min(length, corpus.tokens().length());
    return corpus.vocabulary().decode(corpus.tokens().toArray(0, most));
  }

  @Override
  public String excerpt(int length) {
    return beginning(length).replace('\n', ' ');
  }

  @Override
  public JsonObject record() {
    JsonObject data = new JsonObject();
    data.addProperty("name", name());
    data.addProperty("characters", corpus.characters());
    data.addProperty("tokens", corpus.tokens().length());
    data.addProperty("fingerprint", corpus.fingerprint());
    data.addProperty("vocabulary", corpus.vocabulary().size());
    return data;
  }

  @Override
  public void close() {
    corpus.close();
  }
}
