package dev.lookback.cli.bench;

import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.StreamPredictor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One step of every stream as a service takes it: the outputs for one input each, from the state
 * that the step before left. The inputs were drawn before, and the outputs go into one array.
 */
final class PredictionStep implements Step {
  private static final int INPUTS = 16;

  private final StreamPredictor<Integer> predictor;
  private final List<Integer> streams = new ArrayList<>();
  private final Inputs[] inputs = new Inputs[INPUTS];
  private final float[] outputs;
  private int next;

  PredictionStep(Workload workload, Team team, long seed) {
    Network network = workload.network();
    Randomness randomness = Randomness.of(seed).with("bench");
    Weights weights = network.initialize(Initialization.uniform(), seed);
    this.predictor = StreamPredictor.of(network, weights, team);
    this.outputs = new float[workload.batch() * predictor.outputs()];
    for (int i = 0; i < workload.batch(); i++) {
      streams.add(i);
    }
    for (int i = 0; i < INPUTS; i++) {
      inputs[i] = workload.window(1, randomness.with(i)).inputs();
    }
  }

  @Override
  public void run() {
    boolean one = streams.size() == 1;
    if (inputs[next] instanceof Inputs.Tokens x) {
      if (one) {
        predictor.step(streams.get(0), x.ids()[0], outputs);
      } else {
        predictor.stepAll(streams, x.ids(), outputs);
      }
    } else if (inputs[next] instanceof Inputs.Dense x) {
      if (one) {
        predictor.step(streams.get(0), x.values(), outputs);
      } else {
        predictor.stepAll(streams, x.values(), outputs);
      }
    }
    next = (next + 1) % INPUTS;
  }

  @Override
  public OptionalDouble loss() {
    return OptionalDouble.empty();
  }
}
