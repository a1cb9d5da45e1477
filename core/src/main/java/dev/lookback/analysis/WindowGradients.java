package dev.lookback.analysis;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagGradients;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.weights.Weights;
import java.util.List;

/**
 * Gradients of one network on held-out windows, one window at a time. The one place where an
 * analysis makes its passes.
 */
final class WindowGradients {
  private final Network network;
  private final Weights weights;
  private final List<Sample> samples;
  private final Team team;
  private final int lanes;
  private final Pass pass;
  private final Weights gradient;

  /** All samples have the same number of lanes. */
  WindowGradients(Network network, Weights weights, List<Sample> samples, Team team) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("an audit needs at least one held-out window");
    }
    this.network = network;
    this.weights = weights;
    this.samples = List.copyOf(samples);
    this.team = team;
    this.lanes = samples.get(0).window().lanes();
    this.pass = pass(Pass.blockStepsFor(lanes));
    this.gradient = Weights.zeros(network.layout());
  }

  private Pass pass(int blockSteps) {
    return new Pass(network, lanes, blockSteps, team);
  }

  /** The same windows with a pass of their own, which counts its memory from nothing. */
  WindowGradients afresh() {
    return new WindowGradients(network, weights, samples, team);
  }

  int count() {
    return samples.size();
  }

  int lanes() {
    return lanes;
  }

  Network network() {
    return network;
  }

  Coupled coupled(int i, Coupling coupling, Randomness randomness) {
    return coupling.couple(samples.get(i).window().steps(), lanes, randomness);
  }

  /** Window i's gradient, in the order of the layout; overwritten by the next one. */
  float[] of(int i, Coupled coupled) {
    Sample sample = samples.get(i);
    pass.run(weights, sample.window(), coupled, sample.state().copy(), gradient);
    return gradient.values();
  }

  long peakActivationBytes() {
    return pass.peakActivationBytes();
  }

  /** Window by window the last loss's gradient by lag. */
  List<LagGradients> lags() {
    Pass steps = pass(1);
    return samples.stream()
        .map(s -> steps.lagGradients(weights, s.window(), s.state().copy()))
        .toList();
  }
}
