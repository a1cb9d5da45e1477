package dev.lookback.network;

import dev.lookback.math.Keyed;
import dev.lookback.math.KeyedStore;
import dev.lookback.math.Pool;
import dev.lookback.math.Team;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A model in a service: many streams, each with a state of its own under an id, step by step or
 * whole sequences.
 *
 * <pre>
 *   h_t, o_t = f(x_t, h_{t-1})     h_0: zero, or the initial state that the network has learned
 * </pre>
 *
 * <p>A stream begins when its id is first used. Inputs x are token ids or rows {@code [D]}; outputs
 * o are {@code [O]}, scores or values as the readout has them ({@link Predictor#softmax}).
 *
 * <p><b>Threads.</b> For any number of them at once. Different streams are stepped at the same
 * time; a stream is used by one thread at a time, the others wait, in no promised order. Whatever
 * the threads do, and whether streams are stepped one by one, together or in sequences, a stream's
 * outputs and states have the same bits as alone in one thread. An input that is refused leaves its
 * stream, and all others of the same call, as they were.
 *
 * <p><b>Cost.</b> The weights are copied once and packed once for each thread that steps at the
 * same moment, at most once for each processor or as {@link #atOnce} says. A stream holds its state
 * (H floats a layer, 2 H for LSTM) and some hundred bytes. A step into an array of the caller's
 * allocates nothing.
 *
 * @param <K> ids, as of a hash map: strings, numbers, records
 */
public final class StreamPredictor<K> {
  private final Network network;
  private final StreamInputs accepted;
  private final Weights weights;
  private final Supplier<Team> team;
  private final int threads;
  private final Pool<StreamEngine> engines;
  private final Keyed<K, State> streams;
  private final State initial;

  private StreamPredictor(
      Network network, Weights weights, Supplier<Team> team, int threads, Kept<K> kept) {
    this.network = network;
    this.accepted = new StreamInputs(network);
    this.weights = weights;
    this.team = team;
    this.threads = threads;
    this.engines = new Pool<>(threads, () -> new StreamEngine(network, weights, team.get()));
    this.initial = State.initial(network, weights, 1);
    this.streams = kept.of(initial::copy);
  }

  // Which streams are kept.
  private interface Kept<K> {
    Keyed<K, State> of(Supplier<State> fresh);
  }

  /** With the weights as they are now; later changes do not matter. */
  public static <K> StreamPredictor<K> of(Network network, Weights weights) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new StreamPredictor<>(network, weights.copy(), () -> Team.of(1), processors, Keyed::all);
  }

  /**
   * The same on a team: one step at a time, shared by the team's threads where it is large enough.
   * The team has to stay open, and may have no other work meanwhile.
   */
  public static <K> StreamPredictor<K> of(Network network, Weights weights, Team team) {
    return new StreamPredictor<>(network, weights.copy(), () -> team, 1, Keyed::all);
  }

  /**
   * A predictor of the same network, without streams yet, that keeps at most so many: where a
   * further one begins, the one that was used longest ago is forgotten. For streams that are to go
   * on later take {@link #keeping(int, StreamStore)}: with this one, a caller that restores a
   * stream and steps it then has to keep all others from that stream meanwhile.
   *
   * @param most 1 or more; well above the number that is stepped at once
   * @param forgotten told the id of a stream that has to go and its last state, in the thread that
   *     needs the place and before its step. The stream is held until this returns: whoever wants
   *     it waits, so it may not use the predictor's streams. What it throws reaches that thread's
   *     caller; the stream then stays, and the one that would have taken its place does not begin
   */
  public StreamPredictor<K> keeping(int most, BiConsumer<K, StreamState> forgotten) {
    requireRoom(most);
    BiConsumer<K, State> told = (stream, state) -> forgotten.accept(stream, StreamState.of(state));
    return new StreamPredictor<>(
        network, weights, team, threads, fresh -> Keyed.most(most, fresh, told));
  }

  /**
   * A predictor of the same network, without streams yet, that has at most so many in memory and
   * all others in a store: where a further one is used, the one that was used longest ago is saved,
   * and a saved one that is used again is loaded before its step. Whatever threads do, each stream
   * goes on as if all were in memory.
   *
   * @param most 1 or more; well above the number that is stepped at once
   */
  public StreamPredictor<K> keeping(int most, StreamStore<K> store) {
    requireRoom(most);
    KeyedStore<K, State> states = new StoredStates<>(store, network);
    return new StreamPredictor<>(
        network, weights, team, threads, fresh -> Keyed.most(most, fresh, states));
  }

  private static void requireRoom(int most) {
    if (most < 1) {
      throw new IllegalArgumentException(
          "at most " + most + " streams would be kept but 1 or more are needed: keep thousands");
    }
  }

  /**
   * One of the same network, without streams yet and keeping all, in which so many threads step at
   * the same moment and others wait: each takes a packed copy of the weights.
   */
  public StreamPredictor<K> atOnce(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          threads + " threads would step at once but 1 or more are needed");
    }
    return new StreamPredictor<>(network, weights, team, threads, Keyed::all);
  }

  /** One step of a stream whose inputs are tokens; the outputs {@code [O]}. */
  public float[] step(K stream, int token) {
    float[] outputs = new float[outputs()];
    step(stream, token, outputs);
    return outputs;
  }

  /** The same into the first O numbers of an array. */
  public void step(K stream, int token, float[] outputs) {
    accepted.requireToken(token);
    StreamInputs.requireRoom(outputs, outputs());
    Keyed.Held<K, State> held = streams.hold(stream);
    try {
      StreamEngine engine = engines.take();
      try {
        engine.step(held.value(), token, outputs);
      } finally {
        engines.give(engine);
      }
    } finally {
      held.release();
    }
  }

  /** One step of a stream whose inputs are rows {@code [D]}; the outputs {@code [O]}. */
  public float[] step(K stream, float[] x) {
    float[] outputs = new float[outputs()];
    step(stream, x, outputs);
    return outputs;
  }

  /** The same into the first O numbers of an array. */
  public void step(K stream, float[] x, float[] outputs) {
    accepted.requireRow(x);
    StreamInputs.requireRoom(outputs, outputs());
    Keyed.Held<K, State> held = streams.hold(stream);
    try {
      StreamEngine engine = engines.take();
      try {
        engine.step(held.value(), x, outputs);
      } finally {
        engines.give(engine);
      }
    } finally {
      held.release();
    }
  }

  /** All steps of a sequence of tokens; the outputs {@code [T, O]}. */
  public float[] steps(K stream, int[] tokens) {
    return steps(stream, accepted.tokens(tokens), tokens.length);
  }

  /** All steps of a sequence of rows {@code [T, D]}; the outputs {@code [T, O]}. */
  public float[] steps(K stream, float[] rows) {
    return steps(stream, accepted.rows(rows), rows.length / accepted.width());
  }

  private float[] steps(K stream, Inputs inputs, int count) {
    float[] outputs = new float[Math.multiplyExact(count, outputs())];
    Keyed.Held<K, State> held = streams.hold(stream);
    try {
      StreamEngine engine = engines.take();
      try {
        engine.advance(held.value(), inputs, count, outputs);
      } finally {
        engines.give(engine);
      }
    } finally {
      held.release();
    }
    return outputs;
  }

  /**
   * One step of each of several streams, a token each: one product serves them all.
   *
   * @param ids each once
   * @return {@code [N, O]}: row i is stream i's
   */
  public float[] stepAll(List<K> ids, int[] tokens) {
    float[] outputs = new float[Math.multiplyExact(ids.size(), outputs())];
    stepAll(ids, tokens, outputs);
    return outputs;
  }

  /** The same into the first N O numbers of an array. */
  public void stepAll(List<K> ids, int[] tokens, float[] outputs) {
    Inputs inputs = accepted.tokens(tokens);
    StreamInputs.requireCount(ids.size(), tokens.length);
    stepAll(ids, inputs, outputs);
  }

  /**
   * One step of each of several streams, a row each: {@code [N, D]}.
   *
   * @param ids each once
   * @return {@code [N, O]}: row i is stream i's
   */
  public float[] stepAll(List<K> ids, float[] rows) {
    float[] outputs = new float[Math.multiplyExact(ids.size(), outputs())];
    stepAll(ids, rows, outputs);
    return outputs;
  }

  /** The same into the first N O numbers of an array. */
  public void stepAll(List<K> ids, float[] rows, float[] outputs) {
    Inputs inputs = accepted.rows(rows);
    StreamInputs.requireCount(ids.size(), rows.length / accepted.width());
    stepAll(ids, inputs, outputs);
  }

  private void stepAll(List<K> ids, Inputs inputs, float[] outputs) {
    StreamInputs.requireRoom(outputs, (long) ids.size() * outputs());
    List<Keyed.Held<K, State>> held = streams.hold(ids);
    try {
      List<State> states = new ArrayList<>(held.size());
      for (Keyed.Held<K, State> one : held) {
        states.add(one.value());
      }
      StreamEngine engine = engines.take();
      try {
        engine.step(states, inputs, outputs);
      } finally {
        engines.give(engine);
      }
    } finally {
      held.forEach(Keyed.Held::release);
    }
  }

  /**
   * Takes steps that belong to no stream, so that the JVM has compiled what a step runs before the
   * first real one waits for it. Call it once, before the service takes requests. No stream begins
   * or changes.
   *
   * @param steps how many; some thousands are enough
   */
  public void warmUp(int steps) {
    if (steps < 0) {
      throw new IllegalArgumentException(
          "the warm-up takes " + steps + " steps but needs 0 or more: some thousands");
    }
    float[] outputs = new float[outputs()];
    float[] row = new float[accepted.takesRows() ? accepted.width() : 0];
    State state = initial.copy();
    StreamEngine engine = engines.take();
    try {
      for (int t = 0; t < steps; t++) {
        engine.step(state, 0, outputs);
        if (accepted.takesRows()) {
          engine.step(state, row, outputs);
        }
      }
    } finally {
      engines.give(engine);
    }
  }

  /** Lets a stream begin again, from the initial state. */
  public void reset(K stream) {
    Keyed.Held<K, State> held = streams.holdToOverwrite(stream);
    try {
      held.value().set(initial);
    } finally {
      held.release();
    }
  }

  /**
   * Drops a stream and its state, in the store too; says whether there was one. Used again, it
   * begins again.
   */
  public boolean forget(K stream) {
    return streams.forget(stream);
  }

  /**
   * A stream's state as it is now, to keep or to take elsewhere, if there is such a stream. One
   * that is in the store is loaded, as for a step.
   */
  public Optional<StreamState> snapshot(K stream) {
    Optional<Keyed.Held<K, State>> held = streams.holdIfThere(stream);
    try {
      return held.map(one -> StreamState.of(one.value()));
    } finally {
      held.ifPresent(Keyed.Held::release);
    }
  }

  /**
   * Lets a stream, there or not, go on from a state.
   *
   * @throws IllegalArgumentException if the state is another network's, or not finite
   */
  public void restore(K stream, StreamState state) {
    state.requireFits(network);
    Keyed.Held<K, State> held = streams.holdToOverwrite(stream);
    try {
      state.copyTo(held.value());
    } finally {
      held.release();
    }
  }

  /** The ids of the streams that are in memory now, in no promised order. */
  public List<K> streams() {
    return streams.keys();
  }

  /** How many streams are in memory now. */
  public int size() {
    return streams.size();
  }

  /** O: how many numbers a step gives. */
  public int outputs() {
    return network.readout().outputs();
  }

  /** What is predicted with. */
  public Network network() {
    return network;
  }
}
