package dev.lookback.book;

import static dev.lookback.book.Cases.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.RandomTruncation.Moments;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.book.RandomTruncation.Survival;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomTruncationTest {
  private static final List<Survival> SURVIVALS =
      List.of(
          Survival.geometric(4),
          Survival.powerLaw(4, 5),
          // No cut in the first two links after one, then by chance.
          (t, sinceCut) -> sinceCut <= 2 ? 1 : 0.6,
          // Depends on the place as well as on the past.
          (t, sinceCut) -> 1.0 / (1 + 0.1 * t + 0.2 * sinceCut));

  private static double[] coupled(ElmanTrace trace, BookLoss loss, double[][] xi) {
    double mean = (double) trace.steps() * trace.lanes();
    return ElmanGradient.coupled(trace, loss, mean, xi).parameters();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void theMeanOverAllOutcomesOfSharedXiIsTheExactGradient(int steps) {
    Cases cases = new Cases(steps);
    ElmanNetwork network = cases.elman(Phi.TANH, 2, 3, 2, 2);
    ElmanTrace trace = network.forward(cases.cube(steps, 2, 2), cases.state(network, 2));
    BookLoss loss = cases.loss(true, steps, 2, 2);
    double[] exact = ElmanGradient.full(trace, loss).parameters();
    for (Survival survival : SURVIVALS) {
      List<Outcome> outcomes = RandomTruncation.shared(steps, 2, survival);
      Moments moments = RandomTruncation.moments(outcomes, xi -> coupled(trace, loss, xi));
      assertThat(distance(moments.mean(), exact)).isLessThan(1e-12);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 3", "3, 4", "4, 3", "6, 2", "12, 1"})
  void theMeanOverAllOutcomesOfXiPerLaneIsTheExactGradient(int steps, int lanes) {
    Cases cases = new Cases(steps);
    ElmanNetwork network = cases.elman(Phi.TANH, 2, 2, 3, 2);
    ElmanTrace trace = network.forward(cases.cube(steps, lanes, 2), cases.state(network, lanes));
    BookLoss loss = cases.loss(false, steps, lanes, 2);
    double[] exact = ElmanGradient.full(trace, loss).parameters();
    for (Survival survival : SURVIVALS) {
      List<Outcome> outcomes = RandomTruncation.perLane(steps, lanes, survival);
      Moments moments = RandomTruncation.moments(outcomes, xi -> coupled(trace, loss, xi));
      assertThat(distance(moments.mean(), exact)).isLessThan(1e-12);
    }
  }

  @Test
  void lanesThatDrawForThemselvesDivideTheVarianceByTheirNumber() {
    Cases cases = new Cases(7);
    ElmanNetwork network = cases.elman(Phi.TANH, 2, 3, 1);
    double[][][] one = cases.cube(4, 1, 2);
    double[][][] same = new double[4][][];
    double[][][] targets = new double[4][3][1];
    for (int t = 0; t < 4; t++) {
      same[t] = new double[][] {one[t][0], one[t][0], one[t][0]};
    }
    ElmanTrace trace = network.forward(same, network.zeroState(3));
    BookLoss loss = new BookLoss.HalfSquaredError(targets);
    Survival survival = Survival.geometric(3);
    double[] shared =
        RandomTruncation.moments(
                RandomTruncation.shared(4, 3, survival), xi -> coupled(trace, loss, xi))
            .variance();
    double[] perLane =
        RandomTruncation.moments(
                RandomTruncation.perLane(4, 3, survival), xi -> coupled(trace, loss, xi))
            .variance();
    assertThat(Matrices.norm(shared)).isGreaterThan(1e-3);
    assertThat(distance(Matrices.scale(3, perLane), shared)).isLessThan(1e-12);
  }

  /**
   * h_t = tanh(0.8 h_{t-1} + 0.3 sin i), i = 0..9, h_0 = 0.1, loss half the squared distance from
   * 0.5; power law with alpha = 4 and mean 5.
   */
  @Test
  void scalarTanhNetworkOfTenStepsHasTheKnownMeanAndVariance() {
    ElmanNetwork network =
        ElmanNetwork.zeros(Phi.TANH, 1, 1, 1).withParameters(new double[] {1, 0.8, 0, 1, 0});
    double[][][] x = new double[10][1][1];
    double[][] targets = new double[10][1];
    for (int i = 0; i < 10; i++) {
      x[i][0][0] = 0.3 * Math.sin(i);
      targets[i][0] = 0.5;
    }
    ElmanTrace trace = network.forward(x, new double[][][] {{{0.1}}});
    BookLoss loss = BookLoss.values(targets);
    int whh = 1;
    double exact = -1.4102188634587054;
    assertThat(ElmanGradient.coupled(trace, loss, 1, Xi.whole(10, 1)).parameters()[whh])
        .isCloseTo(exact, within(1e-14));
    List<Outcome> outcomes = RandomTruncation.shared(10, 1, Survival.powerLaw(4, 5));
    assertThat(outcomes).hasSize(512);
    Moments moments =
        RandomTruncation.moments(
            outcomes, xi -> ElmanGradient.coupled(trace, loss, 1, xi).parameters());
    assertThat(moments.mean()[whh]).isCloseTo(exact, within(1e-13));
    assertThat(moments.variance()[whh]).isCloseTo(0.91737, within(5e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12})
  void probabilitiesAddUpAndEveryLinkHasMeanOne(int steps) {
    List<Outcome> outcomes = RandomTruncation.shared(steps, 1, Survival.powerLaw(3, 4));
    assertThat(outcomes).hasSize(1 << (steps - 1));
    assertThat(outcomes.stream().mapToDouble(Outcome::probability).sum())
        .isCloseTo(1, within(1e-13));
    double[] ones = new double[steps];
    Arrays.fill(ones, 1);
    assertThat(RandomTruncation.moments(outcomes, Matrices::flatten).mean())
        .containsExactly(ones, within(1e-13));
    assertThat(RandomTruncation.perLane(3, 2, Survival.geometric(2))).hasSize(16);
  }

  @Test
  void theCountOfStepsStartsAgainAfterACutAndRunsForwardInTime() {
    Survival survival = (t, sinceCut) -> 1.0 / (1 + sinceCut);
    List<double[]> drawn =
        RandomTruncation.shared(4, 1, survival).stream()
            .map(o -> Matrices.flatten(o.xi()))
            .toList();
    assertThat(drawn).hasSize(8);
    assertThat(drawn.get(0)).containsExactly(1, 2, 3, 4);
    assertThat(drawn.get(2)).containsExactly(new double[] {1, 2, 0, 2}, within(1e-15));
    assertThat(drawn.get(4)).containsExactly(new double[] {1, 0, 2, 3}, within(1e-15));
  }

  @Test
  void certainLinksAreNotDrawn() {
    List<Outcome> outcomes =
        RandomTruncation.shared(4, 1, (t, sinceCut) -> sinceCut <= 2 ? 1 : 0.5);
    assertThat(outcomes).hasSize(2);
    assertThat(Matrices.flatten(outcomes.get(0).xi())).containsExactly(1, 1, 1, 2);
    assertThat(Matrices.flatten(outcomes.get(1).xi())).containsExactly(1, 1, 1, 0);
  }

  /** sum over l of P(length above l) is the mean length. */
  @ParameterizedTest
  @CsvSource({"3, 16", "3, 50", "4, 16", "4, 50", "4, 100", "6, 16", "6, 50", "6, 100"})
  void segmentsOfThePowerLawHaveTheMeanAskedFor(double alpha, double mean) {
    Survival survival = Survival.powerLaw(alpha, mean);
    double survived = 1;
    double sum = 0;
    for (int dt = 1; dt <= 1_000_000; dt++) {
      sum += survived;
      survived *= survival.pi(dt, dt);
    }
    assertThat(sum).isCloseTo(mean, within(0.01));
  }

  @Test
  void refusesWhatHasNoExpectation() {
    assertThatThrownBy(() -> RandomTruncation.shared(3, 1, (t, sinceCut) -> 0))
        .hasMessage(
            "pi is 0.0 at step 1 but has to be above 0 and at most 1: 1/pi has to have a value");
    assertThatThrownBy(() -> RandomTruncation.perLane(12, 2, Survival.geometric(3)))
        .hasMessage("there are 22 links to draw but only 0 to 20 can be enumerated");
  }
}
