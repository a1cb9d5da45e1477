package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.RandomTruncation;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A truncated gradient that points the wrong way, by the engine: ds^1/dtheta is -6, but the lags
 * that come first are positive.
 *
 * <p>theta = 1/2 and the state is the fixed point, so that s^1 is the same number at every step and
 * so is the error of the loss; the gradient over that error is ds^1/dtheta, as far as the coupling
 * looks back.
 */
class InfluenceBalancingTest {
  private static final Team TEAM = Team.of(1);
  private static final double THETA = 0.5;

  @AfterAll
  static void close() {
    TEAM.close();
  }

  /** A chain of n units, the first of them pushed up, with the loss (s^1 - 1)^2 / 2. */
  private record Chain(int n, int positive) {
    static final Chain PAPERS = new Chain(23, 10);

    double total() {
      return 2.0 * (positive - (n - positive));
    }

    /** dL/dtheta over the error of each loss, summed over the losses that count. */
    double coefficient(Coupled coupled, boolean lastOnly) {
      InfluenceCell cell = new InfluenceCell(n, positive);
      Network network = Network.of(cell, Readout.linear(1).withoutBias());
      Weights weights = Weights.zeros(network.layout());
      weights.values()[0] = (float) THETA;
      weights.values()[network.layout().get("decoder.weight").offset()] = 1;
      // The fixed point: s_i = s_{i+1} + 2 theta sgn_i.
      State state = State.zeros(network, 1);
      float[] s = state.layer(0)[0];
      for (int i = n - 1; i >= 0; i--) {
        s[i] = (i + 1 < n ? s[i + 1] : 0) + 2 * (float) THETA * cell.sign(i);
      }
      double error = s[0] - 1;
      int steps = coupled.links().steps();
      float[] ones = new float[steps];
      Arrays.fill(ones, 1);
      Window window =
          Window.of(steps, 1, new Inputs.Dense(new float[steps], 1), new Targets.Values(ones, 1));
      if (lastOnly) {
        float[] last = new float[steps];
        last[steps - 1] = 1;
        window = window.withWeight(last);
      }
      Weights gradient = Weights.zeros(network.layout());
      Pass.Result result =
          new Pass(network, 1, 16, TEAM).run(weights, window, coupled, state, gradient, 1);
      assertThat(result.loss()).isCloseTo(0.5 * error * error, within(1e-6));
      return gradient.values()[0] / error;
    }

    double lastLoss(Coupling coupling, int steps) {
      return coefficient(coupling.couple(steps, 1, Randomness.of(0)), true);
    }

    double everyLoss(Coupling coupling, int steps) {
      return coefficient(coupling.couple(steps, 1, Randomness.of(0)), false) / steps;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1e-6",
    "10, 10.0, 0.05",
    "19, 16.476, 5e-4",
    "20, 16.476, 5e-4",
    "30, 9.870, 5e-4",
    "39, 1.396, 5e-4",
    "40, 0.5655, 5e-5",
    "41, -0.2190, 5e-5",
    "50, -4.753, 5e-4",
    "60, -5.897, 5e-4"
  })
  void theLastLossSeesTheCoefficient(int lags, double computed, double printed) {
    double sliding = Chain.PAPERS.lastLoss(Coupling.sliding(1, lags), lags + 20);
    assertThat(sliding).isCloseTo(computed, within(printed));
    // Fixed truncation gives the last loss of a whole segment as many lags.
    assertThat(Chain.PAPERS.lastLoss(Coupling.fixed(lags), 2 * lags))
        .isCloseTo(sliding, within(1e-5));
    // Where every loss is promised half of it, the last one still sees them all.
    if (lags % 2 == 1) {
      int promised = (lags + 1) / 2;
      assertThat(Chain.PAPERS.lastLoss(Coupling.everyLossAtLeast(promised), 4 * promised))
          .isCloseTo(sliding, within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"23, 10, -6", "4, 1, -4", "13, 3, -14"})
  void fullBackpropagationSeesTheTotal(int n, int positive, double total) {
    Chain chain = new Chain(n, positive);
    assertThat(chain.total()).isEqualTo(total);
    assertThat(chain.lastLoss(Coupling.full(), 400)).isCloseTo(total, within(1e-5));
  }

  /** The shortest truncation that descends: of the last loss, and of a window with every loss. */
  @ParameterizedTest
  @CsvSource({"23, 10, 41, 110", "4, 1, 4, 6", "13, 3, 12, 20"})
  void theSignIsWrongUpToALength(int n, int positive, int lastLoss, int everyLoss) {
    Chain chain = new Chain(n, positive);
    for (int lags = 1; lags <= 60; lags++) {
      double found = chain.lastLoss(Coupling.sliding(1, lags), 61);
      assertThat(found > 0).as("last loss, %d lags", lags).isEqualTo(lags < lastLoss);
    }
    for (int steps = 1; steps <= 130; steps++) {
      double found = chain.everyLoss(Coupling.full(), steps);
      assertThat(found > 0).as("every loss, %d steps", steps).isEqualTo(steps < everyLoss);
    }
  }

  @ParameterizedTest
  @CsvSource({"20, 10.0, 0.05", "50, 7.07, 5e-3", "100, 0.580, 5e-4", "200, -2.71, 5e-3"})
  void chunksSeeTheMeanCoefficient(int chunk, double computed, double printed) {
    assertThat(Chain.PAPERS.everyLoss(Coupling.full(), chunk)).isCloseTo(computed, within(printed));
    // A window of several chunks.
    assertThat(Chain.PAPERS.everyLoss(Coupling.fixed(chunk), 3 * chunk))
        .isCloseTo(computed, within(printed));
  }

  /** What sliding promises it keeps: from 41 lags for every loss on, all of them point right. */
  @Test
  void everyLossAtLeastFortyOneLagsPointsRight() {
    int lags = 41;
    int far = 10 * lags;
    for (int offset = 0; offset < lags; offset++) {
      int steps = far + offset + 1;
      // The loss in question is the last of its window, wherever a boundary lies.
      Coupled coupled = Coupling.everyLossAtLeast(lags).couple(far + lags, 1, Randomness.of(0));
      Coupled upTo =
          new Coupled(
              Links.whole(steps),
              coupled.sweeps().stream()
                  .map(s -> new Sweep(s.injectFrom(), Math.min(steps, s.to()), s.backTo()))
                  .toList());
      assertThat(Chain.PAPERS.coefficient(upTo, true)).isNegative();
    }
  }

  @Test
  void randomTruncationHasTheTotalForItsMean() {
    Chain chain = new Chain(4, 1);
    double exact = chain.everyLoss(Coupling.full(), 12);
    assertThat(exact).isNegative();
    for (KeepProbability keep :
        new KeepProbability[] {KeepProbability.geometric(3), KeepProbability.powerLaw(4, 3)}) {
      double mean = 0;
      for (Outcome outcome : RandomTruncation.shared(12, 1, keep::at)) {
        float[] xi = new float[12];
        for (int t = 0; t < 12; t++) {
          xi[t] = (float) outcome.xi()[t][0];
        }
        Coupled coupled = Coupled.tiled(Links.shared(xi));
        mean += outcome.probability() * chain.coefficient(coupled, false) / 12;
      }
      assertThat(mean).isCloseTo(exact, within(1e-5));
      // Segments of the same length cut at fixed places climb.
      assertThat(chain.everyLoss(Coupling.fixed(3), 12)).isPositive();
    }
  }
}
