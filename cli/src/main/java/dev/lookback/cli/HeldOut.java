package dev.lookback.cli;

import dev.lookback.analysis.Sample;
import dev.lookback.data.Epoch;
import dev.lookback.data.Lanes;
import dev.lookback.data.Tokens;
import dev.lookback.gradient.LagNorms;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.State;
import dev.lookback.train.StatePolicy;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Text that a model does not learn from, to measure gradients on.
 *
 * @param tokens the text
 * @param steps T of a window
 * @param lanes the most there may be
 * @param state what enters a window
 */
record HeldOut(Tokens tokens, int steps, int lanes, StatePolicy state) {

  /** Whether there is a window at all. */
  boolean isEnough() {
    return tokens.length() > steps;
  }

  /** Consecutive windows, each entered by the state that these weights come with. */
  List<Sample> samples(Network network, Weights weights, int count, Team team) {
    long windows = (tokens.length() - 1) / steps;
    int fitting = (int) Math.max(1, Math.min(lanes, windows / count));
    Epoch epoch = Lanes.of(tokens, fitting, steps).epoch(0);
    Predictor predictor = new Predictor(network, weights, fitting, team);
    State entering = State.initial(network, weights, fitting);
    List<Sample> samples = new ArrayList<>();
    while (samples.size() < count && epoch.hasNext()) {
      Window window = epoch.next();
      samples.add(new Sample(window, entering.copy()));
      if (state == StatePolicy.CARRY) {
        predictor.run(window, entering, (first, steps, outputs) -> {});
      }
    }
    return samples;
  }

  /** How far back the last step's loss reaches, in the last of {@code count} windows. */
  LagNorms lags(Network network, Weights weights, int count, Team team) {
    List<Sample> samples = samples(network, weights, count, team);
    Sample last = samples.get(samples.size() - 1);
    // Blocks of one step: every link is a block's border.
    Pass pass = new Pass(network, last.window().lanes(), 1, team);
    return pass.lagNorms(weights, last.window(), last.state().copy());
  }
}
