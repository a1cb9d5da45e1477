package dev.lookback.train;

import dev.lookback.data.Sampling;
import dev.lookback.data.Stretches;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.LagGradients;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.loss.Loss;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Measures gradients by lag on random stretches of the data that is learned from: after a warm-up
 * from the initial state the last loss alone goes back, over so many steps, nothing being dropped.
 * Averages over draws of one stretch for each lane. Leaves weights, data and states as they are.
 *
 * @param network whose gradients they are
 * @param sampling whose data
 * @param warm whether there is a warm-up, as long as what is gone back over: where the state is
 *     carried. Where it is reset, a stretch begins as a window does.
 * @param memory the most bytes of activations at once
 * @param loss whose gradients they are
 * @param team computes
 */
record LagMeasurement(
    Network network,
    Sampling sampling,
    boolean warm,
    Memory memory,
    Supplier<Loss> loss,
    Team team) {
  /** Stretches that a mean is over, at least. */
  static final int STRETCHES = 64;

  static final int FEWEST_DRAWS = 2;

  /**
   * What was found.
   *
   * @param lags the mean, entry k for lag k
   * @param peakBytes of activations
   */
  record Found(LagGradients lags, long peakBytes) {}

  /** The steps that can be gone back over, where so many are wanted: whole units, 1 or more. */
  int steps(int wanted) {
    Stretches stretches = new Stretches(sampling);
    int unit = stretches.unit();
    int longest = Math.max(1, stretches.longest() / unit / (warm ? 2 : 1));
    int units = (int) (((long) wanted + unit - 1) / unit);
    return unit * Math.max(1, Math.min(units, longest));
  }

  /**
   * Measures.
   *
   * @param steps as {@link #steps} has them
   */
  Found of(Weights weights, int steps, Randomness randomness) {
    Stretches stretches = new Stretches(sampling);
    int before = warm && 2L * steps <= stretches.longest() ? steps : 0;
    int lanes = lanes(steps);
    int draws = Math.max(FEWEST_DRAWS, (STRETCHES + lanes - 1) / lanes);
    // Blocks of one step: every link is a block's border.
    Pass pass = new Pass(network, lanes, 1, memory, team);
    pass.minimise(loss.get());
    List<LagGradients> found = new ArrayList<>();
    for (int i = 0; i < draws; i++) {
      Window all = stretches.draw(before + steps, lanes, randomness.with(i));
      State state = State.initial(network, weights, lanes);
      if (before > 0) {
        Predictor predictor = new Predictor(network, weights, lanes, team);
        predictor.run(all.upTo(before), state, (first, count, outputs) -> {});
        all = all.from(before);
      }
      found.add(pass.lagGradients(weights, all, state));
    }
    return new Found(LagGradients.average(found), pass.peakActivationBytes());
  }

  // Half, a quarter, ... of the lanes where more would not fit.
  private int lanes(int steps) {
    int lanes = sampling.lanes();
    while (lanes > 1 && smallest(lanes, steps) > memory.bytes()) {
      lanes /= 2;
    }
    if (smallest(lanes, steps) > memory.bytes()) {
      throw new IllegalArgumentException(
          "measuring how the gradient decays takes "
              + smallest(lanes, steps)
              + " bytes for a single lane but a quarter of the memory, which is what it may use, is "
              + memory.bytes()
              + ". Use more memory, or a coupling that does not measure");
    }
    return lanes;
  }

  private long smallest(int lanes, int steps) {
    return Footprint.of(network, lanes, 1, true).smallest(steps);
  }
}
