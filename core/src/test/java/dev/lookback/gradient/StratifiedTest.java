package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.BookLoss;
import dev.lookback.book.ElmanGradient;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.Phi;
import dev.lookback.book.RandomTruncation;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.math.Randomness;
import dev.lookback.window.Links;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lanes that draw by strata, each by the schedule's law. */
class StratifiedTest {
  private static final List<KeepProbability> SCHEDULES =
      List.of(
          KeepProbability.geometric(2),
          KeepProbability.geometric(3.7),
          KeepProbability.powerLaw(4, 5),
          KeepProbability.floor(1, KeepProbability.powerLaw(3, 2)));

  @ParameterizedTest
  @CsvSource({"2, 1", "4, 1", "2, 4", "3, 3", "4, 2", "5, 2"})
  void eachLanesLawIsTheSchedules(int steps, int lanes) {
    for (KeepProbability keep : SCHEDULES) {
      List<Outcome> joint = StratifiedOutcomes.of(keep, steps, lanes);
      for (Outcome alone : RandomTruncation.shared(steps, 1, keep::at)) {
        for (int b = 0; b < lanes; b++) {
          int lane = b;
          double p =
              joint.stream()
                  .filter(o -> Arrays.equals(lane(o, lane), lane(alone, 0)))
                  .mapToDouble(Outcome::probability)
                  .sum();
          assertThat(p).isCloseTo(alone.probability(), within(1e-14));
        }
      }
    }
  }

  private static double[] lane(Outcome outcome, int b) {
    return Arrays.stream(outcome.xi()).mapToDouble(row -> row[b]).toArray();
  }

  /** Two lanes, a first link that is kept with probability 1/2: one keeps it, one does not. */
  @Test
  void theLanesAreNotIndependent() {
    List<Outcome> joint = StratifiedOutcomes.of(KeepProbability.geometric(2), 2, 2);
    assertThat(joint).hasSize(2);
    for (Outcome outcome : joint) {
      assertThat(outcome.probability()).isEqualTo(0.5);
      assertThat(outcome.xi()[1][0] + outcome.xi()[1][1]).isEqualTo(2);
    }
  }

  @Test
  void theirVarianceIsBelowThatOfIndependentLanes() {
    int steps = 4;
    int lanes = 3;
    ElmanNetwork network =
        ElmanNetwork.zeros(Phi.TANH, 1, 1, 1).withParameters(new double[] {1, 0.8, 0, 1, 0});
    double[][][] x = new double[steps][lanes][1];
    for (int t = 0; t < steps; t++) {
      for (double[] lane : x[t]) {
        lane[0] = 0.3 * Math.sin(t + 1);
      }
    }
    ElmanTrace trace = network.forward(x, network.zeroState(lanes));
    BookLoss loss = new BookLoss.HalfSquaredError(new double[steps][lanes][1]);
    KeepProbability keep = KeepProbability.geometric(3);
    double independent = variance(RandomTruncation.perLane(steps, lanes, keep::at), trace, loss);
    double stratified = variance(StratifiedOutcomes.of(keep, steps, lanes), trace, loss);
    assertThat(independent).isGreaterThan(1e-5);
    assertThat(stratified).isLessThan(0.6 * independent);
  }

  private static double variance(List<Outcome> outcomes, ElmanTrace trace, BookLoss loss) {
    return Matrices.norm(
        RandomTruncation.moments(
                outcomes, xi -> ElmanGradient.coupled(trace, loss, 1, xi).parameters())
            .variance());
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "7", "64"})
  void numbersLieOneInEachStratum(int lanes) {
    boolean[] first = new boolean[lanes];
    for (int seed = 0; seed < 40 * lanes; seed++) {
      boolean[] taken = new boolean[lanes];
      double[] uniform = Draws.strata(lanes, Randomness.of(seed));
      for (double u : uniform) {
        assertThat(u).isBetween(0.0, Math.nextDown(1.0));
        taken[(int) (u * lanes)] = true;
      }
      assertThat(taken).containsOnly(true);
      first[(int) (uniform[0] * lanes)] = true;
    }
    // No lane keeps to one stratum.
    assertThat(first).containsOnly(true);
  }

  @Test
  void aDrawDependsOnSeedAndUpdateAlone() {
    Coupling coupling = Coupling.randomPowerLaw(6, 4).with(Drawing.STRATIFIED);
    Randomness update = Randomness.of(5).with(3);
    Links long40 = coupling.couple(40, 4, update).links();
    Links again = coupling.couple(25, 4, update).links();
    assertThat(again.toArray()).isEqualTo(Arrays.copyOf(long40.toArray(), 100));
    assertThat(coupling.couple(25, 4, update.with(1)).links().toArray())
        .isNotEqualTo(again.toArray());
    assertThat(again.isShared()).isFalse();
    assertThat(coupling.couple(1, 4, update).links().toArray()).containsExactly(1, 1, 1, 1);
  }
}
