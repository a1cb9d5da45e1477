package dev.lookback.analysis;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.LagGradients;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * Gradients of one network on held-out windows, one window at a time, within a budget of
 * activations. The one place where an analysis makes its passes.
 */
final class WindowGradients {
  private final Network network;
  private final Weights weights;
  private final List<Sample> samples;
  private final Team team;
  private final Memory memory;
  private final Footprint footprint;
  private final Pass pass;
  private final Weights gradient;

  /** All samples have the same number of lanes. */
  WindowGradients(
      Network network, Weights weights, List<Sample> samples, Team team, Memory memory) {
    this(network, weights, samples, team, memory, footprint(network, samples, memory));
  }

  private WindowGradients(
      Network network,
      Weights weights,
      List<Sample> samples,
      Team team,
      Memory memory,
      Footprint footprint) {
    this.network = network;
    this.weights = weights;
    this.samples = List.copyOf(samples);
    this.team = team;
    this.memory = memory;
    this.footprint = footprint;
    this.pass = new Pass(network, lanes(), footprint.blockSteps(), memory, team);
    this.gradient = Weights.zeros(network.layout());
  }

  // Blocks with which the exact gradient of the longest window keeps to the budget.
  private static Footprint footprint(Network network, List<Sample> samples, Memory memory) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("an audit needs at least one held-out window");
    }
    int lanes = samples.get(0).window().lanes();
    return Footprint.within(network, lanes, steps(samples), memory, resets(samples));
  }

  private static int steps(List<Sample> samples) {
    return samples.stream().mapToInt(s -> s.window().steps()).max().orElseThrow();
  }

  private static boolean resets(List<Sample> samples) {
    return samples.stream().anyMatch(s -> s.window().reset().isPresent());
  }

  /**
   * The same windows with a pass of their own, which counts its memory from nothing, and whose
   * blocks are short enough for what a coupling has to remember; none where no blocks are.
   */
  Optional<WindowGradients> afresh(Coupling coupling) {
    Coupled coupled = coupled(0, coupling, Randomness.of(0));
    return room(coupled)
        .map(room -> new WindowGradients(network, weights, samples, team, memory, room));
  }

  /** Whether a coupling can be carried out within the budget. */
  boolean fits(Coupling coupling) {
    return room(coupled(0, coupling, Randomness.of(0))).isPresent();
  }

  private Optional<Footprint> room(Coupled coupled) {
    if (!overlaps(coupled)) {
      return Optional.of(footprint);
    }
    return footprint.orShorter(network, lanes(), resets(samples)).stream()
        .filter(shorter -> shorter.remembers(coupled, memory))
        .findFirst();
  }

  // Only what a sweep alone needs can be computed again.
  private static boolean overlaps(Coupled coupled) {
    return coupled.sweeps().stream().anyMatch(sweep -> sweep.backTo() < sweep.injectFrom());
  }

  int count() {
    return samples.size();
  }

  private int lanes() {
    return samples.get(0).window().lanes();
  }

  Network network() {
    return network;
  }

  Coupled coupled(int i, Coupling coupling, Randomness randomness) {
    return coupling.couple(samples.get(i).window().steps(), lanes(), randomness);
  }

  /** Window i's gradient, in the order of the layout; overwritten by the next one. */
  float[] of(int i, Coupled coupled) {
    Sample sample = samples.get(i);
    pass.run(weights, sample.window(), coupled, sample.state().copy(), gradient);
    return gradient.values();
  }

  /** What has been needed so far, within the budget. */
  long peakActivationBytes() {
    return pass.peakActivationBytes();
  }

  /** What a coupling needs if nothing is computed again. */
  long bytesFor(Coupled coupled) {
    return footprint.peak(coupled);
  }

  /** Window by window the last loss's gradient by lag. */
  LagProfile lags() {
    Pass steps = new Pass(network, lanes(), 1, memory, team);
    List<LagGradients> lags =
        samples.stream()
            .map(s -> steps.lagGradients(weights, s.window(), s.state().copy()))
            .toList();
    return new LagProfile(lags, steps.peakActivationBytes());
  }
}
