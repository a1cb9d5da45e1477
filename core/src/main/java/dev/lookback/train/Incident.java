package dev.lookback.train;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.gradient.SavedWindow;
import dev.lookback.gradient.Sweep;
import dev.lookback.gradient.Trace;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An update that could not be made, with everything that it takes to come to the same end again:
 * the same bits, without the data it came from.
 *
 * @param network what was trained
 * @param weights before the update
 * @param window what it was to learn from
 * @param entering the state that entered the window
 * @param way how credit went back through it
 * @param place which update it was
 * @param behind where sliding truncation goes back behind the window, the pass that remembers it;
 *     empty where there is none or it was not kept, see {@link Training#careful}
 */
public record Incident(
    Network network,
    Weights weights,
    Window window,
    State entering,
    Way way,
    Place place,
    Optional<Snapshot> behind) {

  /**
   * How credit went back.
   *
   * @param coupled xi and the sweeps
   * @param sliding the coupling, where it goes on through the window's start
   * @param refresh whether what lies there is computed again
   * @param divisor what the sum of the losses is divided by
   * @param dropping what dropout draws from
   * @param blockSteps the steps of a block
   * @param memory the most bytes of activations
   */
  public record Way(
      Coupled coupled,
      Optional<Coupling.Sliding> sliding,
      boolean refresh,
      double divisor,
      Optional<Randomness> dropping,
      int blockSteps,
      Memory memory) {}

  /**
   * Which update it was.
   *
   * @param update 1, 2, ...
   * @param epoch 0, 1, ...
   * @param window of the epoch: 1, 2, ...
   * @param lastNorm the gradient's norm at the last update that was made; 0 before the first
   */
  public record Place(long update, long epoch, long window, double lastNorm) {}

  /** Whether {@link #again} has all that the update had. */
  public boolean isWhole() {
    return way.sliding().isEmpty() || behind.isPresent();
  }

  /** Tries the update again, looking at every number; empty where it does not fail. */
  public Optional<TrainingDiverged> again(Team team) {
    Pass pass = new Pass(network, window.lanes(), way.blockSteps(), way.memory(), team);
    pass.drop(way.dropping());
    behind.ifPresent(pass::restore);
    Trace trace = new Trace(network, team);
    pass.watch(Optional.of(trace));
    Weights gradient = Weights.zeros(network.layout());
    State state = entering.copy();
    double loss = back(pass, state, gradient).loss();
    Optional<TrainingDiverged> diverged =
        Double.isFinite(loss)
            ? failure(TrainingDiverged.NORM, gradient.norm(), trace)
            : failure(TrainingDiverged.LOSS, loss, trace);
    return diverged;
  }

  private Pass.Result back(Pass pass, State state, Weights gradient) {
    if (way.sliding().isPresent()) {
      Coupling.Sliding sliding = way.sliding().get();
      return pass.slide(weights, window, sliding, state, gradient, way.refresh());
    }
    return pass.run(weights, window, way.coupled(), state, gradient, way.divisor());
  }

  private Optional<TrainingDiverged> failure(String what, double found, Trace trace) {
    return Double.isFinite(found)
        ? Optional.empty()
        : Optional.of(new TrainingDiverged(this, what, found, trace.found()));
  }

  /** Puts everything but network and weights. */
  public void save(Snapshot.Writer to) {
    to.put("update", place.update()).put("epoch", place.epoch()).put("window", place.window());
    to.put("last_norm", place.lastNorm());
    SavedWindow.save(window, to.under("data"));
    entering.save(to.under("state"));
    to.put("refresh", way.refresh()).put("divisor", way.divisor());
    to.put("block_steps", way.blockSteps());
    to.put("memory", way.memory().bytes());
    way.dropping().ifPresent(randomness -> to.put("dropping", randomness.key()));
    way.sliding()
        .ifPresent(
            sliding -> {
              int said = sliding.saidByLags() ? 1 : 0;
              to.put("sliding", new int[] {sliding.k1(), sliding.k2(), said});
            });
    Links links = way.coupled().links();
    to.put("xi", links.toArray()).put("xi_lanes", links.lanes());
    List<Sweep> sweeps = way.coupled().sweeps();
    int[] numbers = new int[3 * sweeps.size()];
    for (int i = 0; i < sweeps.size(); i++) {
      numbers[3 * i] = sweeps.get(i).injectFrom();
      numbers[3 * i + 1] = sweeps.get(i).to();
      numbers[3 * i + 2] = sweeps.get(i).backTo();
    }
    to.put("sweeps", numbers);
    to.put("has_behind", behind.isPresent());
    behind.ifPresent(pass -> copy(pass, to.under("behind")));
  }

  private static void copy(Snapshot from, Snapshot.Writer to) {
    from.floatNames().forEach(name -> to.put(name, from.floats(name)));
    from.intNames().forEach(name -> to.put(name, from.ints(name)));
    from.wordNames().forEach(name -> to.put(name, from.word(name)));
  }

  /**
   * What was put, of this network with these weights.
   *
   * @throws IllegalArgumentException if it is not what {@link #save} puts, or of another network
   */
  public static Incident saved(Network network, Weights weights, Snapshot from) {
    Window window = SavedWindow.read(from.under("data"));
    network.check(window);
    State entering = State.saved(network, window.lanes(), from.under("state"));
    Place place =
        new Place(
            from.whole("update", 1, Long.MAX_VALUE),
            from.whole("epoch", 0, Long.MAX_VALUE),
            from.whole("window", 1, Long.MAX_VALUE),
            from.decimal("last_norm"));
    Optional<Snapshot> behind =
        from.truth("has_behind") ? Optional.of(from.under("behind")) : Optional.empty();
    Way way = way(from, window.lanes());
    way.coupled().links().requireFits(window.steps(), window.lanes());
    return new Incident(network, weights, window, entering, way, place, behind);
  }

  private static Way way(Snapshot from, int lanes) {
    long bytes = from.whole("memory", 1, Long.MAX_VALUE);
    boolean limited = bytes < Long.MAX_VALUE;
    Optional<Randomness> dropping =
        from.has("dropping")
            ? Optional.of(new Randomness(from.whole("dropping")))
            : Optional.empty();
    return new Way(
        coupled(from),
        from.has("sliding") ? Optional.of(sliding(from.ints("sliding"))) : Optional.empty(),
        from.truth("refresh"),
        from.decimal("divisor"),
        dropping,
        (int) from.whole("block_steps", 1, Pass.blockStepsFor(lanes)),
        new Memory(limited ? OptionalLong.of(bytes) : OptionalLong.empty()));
  }

  private static Coupling.Sliding sliding(int[] numbers) {
    if (numbers.length != 3) {
      throw new IllegalArgumentException(
          "sliding holds " + numbers.length + " numbers but K1, K2 and a sign are needed");
    }
    return new Coupling.Sliding(numbers[0], numbers[1], numbers[2] == 1);
  }

  private static Coupled coupled(Snapshot from) {
    int lanes = from.count("xi_lanes");
    float[] xi = from.floats("xi");
    int[] numbers = from.ints("sweeps");
    List<Sweep> sweeps = new ArrayList<>();
    for (int i = 0; i + 2 < numbers.length; i += 3) {
      sweeps.add(new Sweep(numbers[i], numbers[i + 1], numbers[i + 2]));
    }
    return new Coupled(lanes == 1 ? Links.shared(xi) : Links.perLane(xi, lanes), sweeps);
  }
}
