package dev.lookback.examples;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Arrays;
import java.util.Locale;

/**
 * A gradient that points the wrong way until it looks far enough back (Tallec and Ollivier 2017),
 * with a {@link InfluenceCell cell of one's own} in whose chain one weight pushes 10 units up and
 * 13 down, and the loss (s^1 - 1)^2 / 2 that reads the first unit alone.
 *
 * <p>theta = 1/2 and the state is the fixed point, so that s^1 is the same number at every step and
 * so is the error of the loss; the gradient over that error is ds^1/dtheta, as far as the coupling
 * looks back. In the long run it is -6.
 *
 * @param cell the chain
 */
record InfluenceBalancing(InfluenceCell cell) {
  private static final float THETA = 0.5f;
  private static final int BLOCK_STEPS = 16;

  /** The paper's chain. */
  static InfluenceBalancing papers() {
    return new InfluenceBalancing(new InfluenceCell(23, 10));
  }

  /** Prints what the last loss sees of ds^1/dtheta, by how far back it looks. */
  public static void main(String[] args) {
    System.out.println("lags  ds/dtheta as seen  a step along it");
    try (Team team = Team.of(1)) {
      for (int lags : new int[] {1, 10, 20, 30, 40, 41, 50, 60, 100}) {
        Coupling sliding = Coupling.sliding(1, lags);
        double seen = papers().lastLoss(sliding, lags + 20, team);
        System.out.printf(
            Locale.ROOT, "%4d  %17.3f  %s%n", lags, seen, seen < 0 ? "descends" : "climbs");
      }
    }
    System.out.printf(Locale.ROOT, "full  %17.3f%n", papers().total());
  }

  /** ds^1/dtheta in the long run. */
  double total() {
    return 2.0 * (cell.positive() - (cell.hidden() - cell.positive()));
  }

  /** What the last of so many losses sees of it. */
  double lastLoss(Coupling coupling, int steps, Team team) {
    return coefficient(coupling.couple(steps, 1, Randomness.of(0)), true, team);
  }

  /** What they all see, on average. */
  double everyLoss(Coupling coupling, int steps, Team team) {
    return coefficient(coupling.couple(steps, 1, Randomness.of(0)), false, team) / steps;
  }

  /** dL/dtheta over the error of each loss, summed over the losses that count. */
  double coefficient(Coupled coupled, boolean lastOnly, Team team) {
    Network network = Network.of(cell, Readout.linear(1).withoutBias());
    Weights weights = Weights.zeros(network.layout());
    weights.values()[network.layout().get("rnn.theta_l0").offset()] = THETA;
    weights.values()[network.layout().get("decoder.weight").offset()] = 1;
    State state = fixedPoint(network);
    int steps = coupled.links().steps();
    Window window = window(steps, lastOnly);
    Weights gradient = Weights.zeros(network.layout());
    double error = state.layer(0)[0][0] - 1;
    new Pass(network, 1, BLOCK_STEPS, team).run(weights, window, coupled, state, gradient, 1);
    return gradient.values()[network.layout().get("rnn.theta_l0").offset()] / error;
  }

  // s_i = s_{i+1} + 2 theta sgn_i.
  private State fixedPoint(Network network) {
    State state = State.zeros(network, 1);
    float[] s = state.layer(0)[0];
    for (int i = cell.hidden() - 1; i >= 0; i--) {
      s[i] = (i + 1 < cell.hidden() ? s[i + 1] : 0) + 2 * THETA * cell.sign(i);
    }
    return state;
  }

  // Nothing enters; every output is to be 1.
  private static Window window(int steps, boolean lastOnly) {
    float[] ones = new float[steps];
    Arrays.fill(ones, 1);
    Inputs nothing = new Inputs.Dense(new float[steps], 1);
    Window window = Window.of(steps, 1, nothing, new Targets.Values(ones, 1));
    if (!lastOnly) {
      return window;
    }
    float[] weight = new float[steps];
    weight[steps - 1] = 1;
    return window.withWeight(weight);
  }
}
