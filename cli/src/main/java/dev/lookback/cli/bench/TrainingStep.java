package dev.lookback.cli.bench;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.optim.Sgd;
import dev.lookback.optim.Updater;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.OptionalDouble;

/**
 * A full training step: gradient to zero, forward, loss, backward through all links, and the
 * weights changed by gradient descent without clipping. The same window every time, from a fresh
 * state.
 */
final class TrainingStep implements Step {
  private static final double RATE = 0.1;

  private final Pass pass;
  private final Updater updater;
  private final Weights weights;
  private final Weights gradient;
  private final Window window;
  private final Coupled coupled;
  private final State state;
  private double loss;

  TrainingStep(Workload workload, Team team, long seed) {
    Network network = workload.network();
    Randomness randomness = Randomness.of(seed).with("bench");
    this.weights = network.initialize(Initialization.uniform(), seed);
    this.gradient = Weights.zeros(weights.layout());
    this.updater = Sgd.of(RATE).start(weights.layout());
    this.pass = new Pass(network, workload.batch(), team);
    this.window = workload.window(workload.steps(), randomness);
    this.coupled = Coupling.full().couple(workload.steps(), workload.batch(), randomness);
    this.state = State.zeros(network, workload.batch());
  }

  @Override
  public void run() {
    state.clear();
    loss = pass.run(weights, window, coupled, state, gradient).loss();
    updater.step(weights, gradient);
  }

  @Override
  public OptionalDouble loss() {
    return OptionalDouble.of(loss);
  }
}
