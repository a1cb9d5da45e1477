package dev.lookback.cli.bench;

import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.OptionalDouble;

/**
 * One step of every stream: the outputs for one input each, from the state that the step before
 * left. The inputs were drawn before, and the outputs stay where the predictor has them.
 */
final class PredictionStep implements Step {
  private static final int INPUTS = 16;
  private static final Predictor.Visitor UNREAD = (first, steps, outputs) -> {};

  private final Predictor predictor;
  private final State state;
  private final Window[] windows = new Window[INPUTS];
  private int next;

  PredictionStep(Workload workload, Team team, long seed) {
    Network network = workload.network();
    Randomness randomness = Randomness.of(seed).with("bench");
    Weights weights = network.initialize(Initialization.uniform(), seed);
    this.predictor = new Predictor(network, weights, workload.batch(), team);
    this.state = State.zeros(network, workload.batch());
    for (int i = 0; i < INPUTS; i++) {
      windows[i] = workload.window(1, randomness.with(i));
    }
  }

  @Override
  public void run() {
    predictor.run(windows[next], state, UNREAD);
    next = (next + 1) % INPUTS;
  }

  @Override
  public OptionalDouble loss() {
    return OptionalDouble.empty();
  }
}
