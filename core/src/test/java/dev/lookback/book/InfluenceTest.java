package dev.lookback.book;

import static dev.lookback.book.Cases.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfluenceTest {

  /** One layer, one lane, drawn from a seed. */
  private record Setting(Cases cases, ElmanTrace trace, BookLoss loss) {
    static Setting of(int seed) {
      Cases cases = new Cases(seed);
      int steps = cases.between(1, 8);
      int outputs = cases.between(1, 3);
      ElmanNetwork network =
          cases.elman(Cases.phi(seed), cases.between(1, 3), cases.between(1, 5), outputs);
      double[][][] x = cases.cube(steps, 1, network.layers().get(0).inputs());
      double[][][] h0 = cases.state(network, 1);
      ElmanTrace trace =
          seed % 4 == 0 ? network.forward(x, h0, cases.resets(steps, 1)) : network.forward(x, h0);
      return new Setting(cases, trace, cases.loss(seed % 2 == 0, steps, 1, outputs));
    }

    double[][] q() {
      ElmanGradient gradient = ElmanGradient.full(trace, loss);
      double[][] q = new double[trace.steps()][];
      for (int t = 0; t < q.length; t++) {
        q[t] = Matrices.multiply(trace.network().whq(), gradient.outputs()[t][0]);
      }
      return q;
    }

    /** The layer's part of a gradient. */
    double[] ofLayer(ElmanGradient gradient) {
      ElmanNetwork.Layer layer = trace.network().layers().get(0);
      int p = layer.hidden() * (layer.inputs() + layer.hidden() + 1);
      return Arrays.copyOf(gradient.parameters(), p);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void recursionExpandedSumAndSweepGiveTheSameGradient(int seed) {
    Setting s = Setting.of(seed);
    Influence influence = Influence.of(s.trace);
    double[] expected = s.ofLayer(ElmanGradient.full(s.trace, s.loss));
    Influence.Result recursion = influence.byRecursion(s.q());
    Influence.Result expanded = influence.byExpandedSum(s.q());
    assertThat(distance(influence.bySweep(s.q()).gradient(), expected)).isLessThan(1e-12);
    assertThat(distance(recursion.gradient(), expected)).isLessThan(1e-12);
    assertThat(distance(expanded.gradient(), expected)).isLessThan(1e-12);
    assertThat(distance(recursion.influence(), expanded.influence())).isLessThan(1e-12);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 8, 11})
  void theInfluenceEqualsDifferencesOfTheState(int seed) {
    Setting s = Setting.of(seed);
    ElmanNetwork network = s.trace.network();
    double[][][] influence = Influence.of(s.trace).byRecursion(s.q()).influence();
    double step = network.phi() == Phi.RELU ? 1e-6 : 1e-4;
    for (int t = 0; t < s.trace.steps(); t++) {
      for (int i = 0; i < influence[t].length; i++) {
        int at = t;
        int unit = i;
        double[] differences =
            Differences.gradient(
                w ->
                    network
                        .withParameters(w)
                        .forward(s.trace.inputs(), s.trace.h0(), s.trace.reset())
                        .h()[0][at][0][unit],
                network.parameters(),
                step);
        assertThat(distance(influence[t][i], Arrays.copyOf(differences, influence[t][i].length)))
            .isLessThan(1e-6);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void theRandomisedRecursionIsTheCoupledSweep(int seed) {
    Setting s = Setting.of(seed);
    double[] xi = s.cases.row(s.trace.steps());
    ElmanGradient coupled =
        ElmanGradient.coupled(s.trace, s.loss, s.trace.steps(), Xi.shared(xi, 1));
    assertThat(
            distance(Influence.of(s.trace).byRecursion(s.q(), xi).gradient(), s.ofLayer(coupled)))
        .isLessThan(1e-12);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void theTruncatedSumIsTheSweepThatSlidesByOne(int seed) {
    Setting s = Setting.of(seed);
    for (int tau = 1; tau <= s.trace.steps() + 1; tau++) {
      ElmanGradient sliding = ElmanGradient.sliding(s.trace, s.loss, s.trace.steps(), 1, tau);
      assertThat(
              distance(
                  Influence.of(s.trace).byExpandedSum(s.q(), tau).gradient(), s.ofLayer(sliding)))
          .isLessThan(1e-12);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 6, 7, 9})
  void multiplicationsAreThoseOfTheFormulas(int seed) {
    Setting s = Setting.of(seed);
    Influence influence = Influence.of(s.trace);
    long steps = s.trace.steps();
    long d = s.trace.network().layers().get(0).inputs();
    long h = s.trace.network().layers().get(0).hidden();
    long p = h * (d + h + 1);
    long shared = steps * (h * (d + h) + h * p) + (steps - 1) * h * h;
    assertThat(influence.byRecursion(s.q()).multiplications())
        .isEqualTo(shared + (steps - 1) * h * h * p);
    assertThat(influence.byExpandedSum(s.q()).multiplications())
        .isEqualTo(
            shared + steps * (steps - 1) / 2 * h * p + (steps - 1) * (steps - 2) / 2 * h * h * h);
    assertThat(influence.bySweep(s.q()).multiplications())
        .isEqualTo(steps * (h + h * (d + h)) + (steps - 1) * h * h);
  }

  /** The chapter's "very slow": 35 steps, 8 inputs, 16 hidden units. */
  @Test
  void goingForwardCostsHundredsOfSweeps() {
    Cases cases = new Cases(1);
    ElmanNetwork network = cases.elman(Phi.TANH, 8, 16, 2);
    ElmanTrace trace = network.forward(cases.cube(35, 1, 8), network.zeroState(1));
    double[][] q = cases.matrix(35, 16);
    Influence influence = Influence.of(trace);
    long sweep = influence.bySweep(q).multiplications();
    assertThat(sweep).isEqualTo(22_704);
    assertThat(influence.byRecursion(q).multiplications() / sweep).isEqualTo(164);
    assertThat(influence.byExpandedSum(q).multiplications() / sweep).isEqualTo(279);
  }

  @Test
  void isOfOneLayerAndOneLane() {
    ElmanNetwork network = ElmanNetwork.zeros(Phi.TANH, 1, 2, 1);
    ElmanTrace trace = network.forward(new double[3][2][1], network.zeroState(2));
    assertThatThrownBy(() -> Influence.of(trace))
        .hasMessage(
            "the trace has 1 layers and 2 lanes but influence is of one layer and one lane");
  }
}
