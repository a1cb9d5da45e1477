package dev.lookback.cli;

import dev.lookback.analysis.LagProfile;
import dev.lookback.analysis.Sample;
import dev.lookback.data.Epoch;
import dev.lookback.data.Sampling;
import dev.lookback.gradient.LagNorms;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.State;
import dev.lookback.train.StatePolicy;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Windows that a model does not learn from, to measure gradients on.
 *
 * @param source where they come from
 * @param state what enters a window
 */
record HeldOut(Source source, StatePolicy state) {

  /** Gives windows. */
  interface Source {
    /** As many as are asked for, if they suffice; none if there is not even one. */
    Optional<Sampling> windows(int count);
  }

  /** Whether there is a window at all. */
  boolean isEnough() {
    return source.windows(1).isPresent();
  }

  /** Consecutive windows, each entered by the state that these weights come with. */
  List<Sample> samples(Network network, Weights weights, int count, Team team) {
    Sampling windows = source.windows(count).orElseThrow();
    Epoch epoch = windows.epoch(0);
    Predictor predictor = new Predictor(network, weights, windows.lanes(), team);
    State entering = State.initial(network, weights, windows.lanes());
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

  /** How far back the last step's loss reaches, on average over {@code count} windows. */
  LagNorms lags(Network network, Weights weights, int count, Team team) {
    List<Sample> samples = samples(network, weights, count, team);
    return LagProfile.of(network, weights, samples, team).mean().norms();
  }
}
