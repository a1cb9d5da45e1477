package dev.lookback.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.RandomTruncation;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.cell.Quantity;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.KeepProbability;
import dev.lookback.gradient.Sweep;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.window.Links;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A truncated gradient that points the wrong way, by the engine. */
class InfluenceBalancingTest {
  private static final Team TEAM = Team.of(1);
  private static final InfluenceBalancing PAPERS = InfluenceBalancing.papers();

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static InfluenceBalancing chain(int n, int positive) {
    return new InfluenceBalancing(new InfluenceCell(n, positive));
  }

  /** A cell without gates has a state to be traced, and nothing else. */
  @Test
  void theCellIsItsState() {
    assertThat(new InfluenceCell(3, 1).quantities())
        .containsExactly(Quantity.state("hidden state h", 0));
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
    double sliding = PAPERS.lastLoss(Coupling.sliding(1, lags), lags + 20, TEAM);
    assertThat(sliding).isCloseTo(computed, within(printed));
    // Fixed truncation gives the last loss of a whole segment as many lags.
    assertThat(PAPERS.lastLoss(Coupling.fixed(lags), 2 * lags, TEAM))
        .isCloseTo(sliding, within(1e-5));
    // Where every loss is promised half of it, the last one still sees them all.
    if (lags % 2 == 1) {
      int promised = (lags + 1) / 2;
      assertThat(PAPERS.lastLoss(Coupling.everyLossAtLeast(promised), 4 * promised, TEAM))
          .isCloseTo(sliding, within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"23, 10, -6", "4, 1, -4", "13, 3, -14"})
  void fullBackpropagationSeesTheTotal(int n, int positive, double total) {
    InfluenceBalancing chain = chain(n, positive);
    assertThat(chain.total()).isEqualTo(total);
    assertThat(chain.lastLoss(Coupling.full(), 400, TEAM)).isCloseTo(total, within(1e-5));
  }

  /** The shortest truncation that descends: of the last loss, and of a window with every loss. */
  @ParameterizedTest
  @CsvSource({"23, 10, 41, 110", "4, 1, 4, 6", "13, 3, 12, 20"})
  void theSignIsWrongUpToALength(int n, int positive, int lastLoss, int everyLoss) {
    InfluenceBalancing chain = chain(n, positive);
    for (int lags = 1; lags <= 60; lags++) {
      double found = chain.lastLoss(Coupling.sliding(1, lags), 61, TEAM);
      assertThat(found > 0).as("last loss, %d lags", lags).isEqualTo(lags < lastLoss);
    }
    for (int steps = 1; steps <= 130; steps++) {
      double found = chain.everyLoss(Coupling.full(), steps, TEAM);
      assertThat(found > 0).as("every loss, %d steps", steps).isEqualTo(steps < everyLoss);
    }
  }

  @ParameterizedTest
  @CsvSource({"20, 10.0, 0.05", "50, 7.07, 5e-3", "100, 0.580, 5e-4", "200, -2.71, 5e-3"})
  void chunksSeeTheMeanCoefficient(int chunk, double computed, double printed) {
    assertThat(PAPERS.everyLoss(Coupling.full(), chunk, TEAM)).isCloseTo(computed, within(printed));
    // A window of several chunks.
    assertThat(PAPERS.everyLoss(Coupling.fixed(chunk), 3 * chunk, TEAM))
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
      assertThat(PAPERS.coefficient(upTo, true, TEAM)).isNegative();
    }
  }

  @Test
  void randomTruncationHasTheTotalForItsMean() {
    InfluenceBalancing chain = chain(4, 1);
    double exact = chain.everyLoss(Coupling.full(), 12, TEAM);
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
        mean += outcome.probability() * chain.coefficient(coupled, false, TEAM) / 12;
      }
      assertThat(mean).isCloseTo(exact, within(1e-5));
      // Segments of the same length cut at fixed places climb.
      assertThat(chain.everyLoss(Coupling.fixed(3), 12, TEAM)).isPositive();
    }
  }
}
