package dev.lookback.train;

import dev.lookback.data.Epoch;
import dev.lookback.data.Sampling;
import dev.lookback.gradient.Pass;
import dev.lookback.loss.Loss;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;

/**
 * How well a network predicts data that it does not learn from.
 *
 * @param loss mean over all predictions, each by its weight; nats for cross-entropy
 * @param tokens how many predictions: the sum of their weights, where they have some
 */
public record Evaluation(double loss, long tokens) {

  /**
   * One epoch of the sampling, without learning. The state is carried where the sampling carries
   * it.
   */
  public static Evaluation of(Network network, Weights weights, Sampling sampling, Team team) {
    return of(network, weights, sampling, StatePolicy.CARRY, team);
  }

  /** The same, with the state reset before each window if so told. */
  public static Evaluation of(
      Network network, Weights weights, Sampling sampling, StatePolicy policy, Team team) {
    return of(network, weights, sampling, policy, Pass.lossOf(network.readout()), team);
  }

  /** The same by a loss of one's own. */
  public static Evaluation of(
      Network network,
      Weights weights,
      Sampling sampling,
      StatePolicy policy,
      Loss loss,
      Team team) {
    int width = network.readout().outputs();
    Epoch epoch = sampling.epoch(0);
    Predictor predictor = new Predictor(network, weights, sampling.lanes(), team);
    State state = State.initial(network, weights, sampling.lanes());
    double[] sum = new double[1];
    double weight = 0;
    while (epoch.hasNext()) {
      Window window = epoch.next();
      if (window.lanes() != predictor.lanes()) {
        predictor = new Predictor(network, weights, window.lanes(), team);
        state = State.initial(network, weights, window.lanes());
      }
      if (epoch.startsAfresh() || policy == StatePolicy.RESET || !sampling.carriesState()) {
        state.begin(network, weights);
      }
      int lanes = window.lanes();
      predictor.run(
          window,
          state,
          (first, steps, outputs) -> {
            Loss.RowRange rows = new Loss.RowRange(first * lanes, steps * lanes, width);
            sum[0] +=
                loss.lossAndGradient(outputs, rows, window.targets(), window.weight(), 1, team);
          });
      weight += window.totalWeight();
    }
    if (weight == 0) {
      throw new IllegalArgumentException(
          "there is nothing to evaluate: the data has no window, or none that counts");
    }
    return new Evaluation(sum[0] / weight, Math.round(weight));
  }

  /** exp of the loss: of how many equally likely tokens one had to choose. */
  public double perplexity() {
    return Math.exp(loss);
  }

  /** The loss in bits: divided by log 2. */
  public double bits() {
    return loss / Math.log(2);
  }
}
