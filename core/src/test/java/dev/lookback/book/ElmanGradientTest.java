package dev.lookback.book;

import static dev.lookback.book.Cases.distance;
import static dev.lookback.book.Cases.flatten;
import static dev.lookback.book.Cases.shaped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElmanGradientTest {

  /** A run drawn from a seed: any phi, loss, number of layers and lanes, some with resets. */
  private record Setting(Cases cases, ElmanTrace trace, BookLoss loss, double denominator) {
    static Setting of(int seed) {
      Cases cases = new Cases(seed);
      int steps = cases.between(1, 7);
      int lanes = cases.between(1, 3);
      int[] widths = new int[cases.between(3, 5)];
      for (int k = 0; k < widths.length; k++) {
        widths[k] = cases.between(1, 4);
      }
      ElmanNetwork network = cases.elman(Cases.phi(seed), widths);
      double[][][] x = cases.cube(steps, lanes, widths[0]);
      double[][][] h0 = cases.state(network, lanes);
      BookLoss loss = cases.loss(seed % 2 == 0, steps, lanes, widths[widths.length - 1]);
      if (seed % 5 == 0) {
        loss = new BookLoss.Weighted(loss, cases.matrix(steps, lanes));
      }
      ElmanTrace trace =
          seed % 4 == 0
              ? network.forward(x, h0, cases.resets(steps, lanes))
              : network.forward(x, h0);
      return new Setting(cases, trace, loss, seed % 2 == 0 ? (double) steps * lanes : 2.5);
    }

    int steps() {
      return trace.steps();
    }

    int lanes() {
      return trace.lanes();
    }

    double lossOf(ElmanNetwork network, double[][][] x, double[][][] h0) {
      return network.forward(x, h0, trace.reset()).loss(loss, denominator);
    }

    ElmanGradient full() {
      return ElmanGradient.coupled(trace, loss, denominator, Xi.whole(steps(), lanes()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void theFullGradientEqualsDifferences(int seed) {
    Setting s = Setting.of(seed);
    ElmanNetwork network = s.trace.network();
    double[][][] x = s.trace.inputs();
    double[][][] h0 = s.trace.h0();
    ElmanGradient gradient = s.full();
    Judge judge = network.phi() == Phi.RELU ? Judge.NEAR_KINKS : Judge.SMOOTH;
    judge.agrees(
        gradient.parameters(),
        w -> s.lossOf(network.withParameters(w), x, h0),
        network.parameters());
    judge.agrees(flatten(gradient.h0()), v -> s.lossOf(network, x, shaped(v, h0)), flatten(h0));
    judge.agrees(flatten(gradient.inputs()), v -> s.lossOf(network, shaped(v, x), h0), flatten(x));
  }

  private enum Judge {
    SMOOTH,
    NEAR_KINKS;

    void agrees(double[] gradient, ToDoubleFunction<double[]> f, double[] at) {
      double[] differences =
          this == SMOOTH ? Differences.gradient(f, at) : Differences.gradient(f, at, 1e-6);
      assertThat(distance(gradient, differences)).isLessThan(this == SMOOTH ? 1e-9 : 1e-8);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void anyCouplingEqualsTheTape(int seed) {
    Setting s = Setting.of(seed);
    double[][] xi = s.cases.matrix(s.steps(), s.lanes());
    agrees(
        ElmanGradient.coupled(s.trace, s.loss, s.denominator, xi),
        new TapedElman(s.trace).gradient(s.loss, s.denominator, xi, 0, s.steps()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void anySweepEqualsTheTape(int seed) {
    Setting s = Setting.of(seed);
    double[][] xi = s.cases.matrix(s.steps(), s.lanes());
    int to = s.cases.between(1, s.steps());
    int from = s.cases.between(0, to - 1);
    int back = s.cases.between(0, from);
    ElmanGradient gradient =
        ElmanGradient.of(s.trace, s.loss, s.denominator, xi, List.of(new Sweep(from, to, back)));
    // On the tape, a constant state enters the earliest step when its link carries nothing back.
    double[][] stopped = xi.clone();
    if (back > 0) {
      stopped[back] = new double[s.lanes()];
    }
    TapedElman.Gradient taped =
        new TapedElman(s.trace).gradient(s.loss, s.denominator, stopped, from, to);
    agrees(gradient, taped);
    if (back > 0) {
      assertThat(flatten(gradient.h0())).containsOnly(0);
    }
  }

  private static void agrees(ElmanGradient gradient, TapedElman.Gradient taped) {
    assertThat(distance(gradient.parameters(), taped.weights())).isLessThan(1e-12);
    assertThat(distance(flatten(gradient.h0()), taped.h0())).isLessThan(1e-12);
    assertThat(distance(flatten(gradient.inputs()), taped.inputs())).isLessThan(1e-12);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void truncationAsLongAsTheWindowIsTheFullGradientToTheBit(int seed) {
    Setting s = Setting.of(seed);
    double[] full = s.full().parameters();
    for (int more = 0; more < 3; more++) {
      int tau = s.steps() + more;
      double[][] xi = Xi.fixed(s.steps(), s.lanes(), tau);
      assertThat(ElmanGradient.coupled(s.trace, s.loss, s.denominator, xi).parameters())
          .isEqualTo(full);
      assertThat(ElmanGradient.sliding(s.trace, s.loss, s.denominator, s.steps(), tau).parameters())
          .isEqualTo(full);
    }
    assertThat(
            distance(
                ElmanGradient.sliding(s.trace, s.loss, s.denominator, 1, s.steps()).parameters(),
                full))
        .isLessThan(1e-12);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void slidingByItsOwnLengthIsFixedTruncationWhereItDividesTheWindow(int seed) {
    Setting s = Setting.of(seed);
    for (int tau = 1; tau <= s.steps(); tau++) {
      if (s.steps() % tau != 0) {
        continue;
      }
      double[][] xi = Xi.fixed(s.steps(), s.lanes(), tau);
      double[] fixed = ElmanGradient.coupled(s.trace, s.loss, s.denominator, xi).parameters();
      double[] sliding =
          ElmanGradient.sliding(s.trace, s.loss, s.denominator, tau, tau).parameters();
      assertThat(distance(sliding, fixed)).isLessThan(1e-13);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 8, 12})
  void aBatchIsTheSumOfItsLanes(int seed) {
    Setting s = Setting.of(seed);
    double[][] xi = s.cases.matrix(s.steps(), s.lanes());
    double[] batch = ElmanGradient.coupled(s.trace, s.loss, s.denominator, xi).parameters();
    double[] sum = new double[batch.length];
    double[][] weight = new double[s.steps()][s.lanes()];
    for (int b = 0; b < s.lanes(); b++) {
      for (int t = 0; t < s.steps(); t++) {
        Arrays.fill(weight[t], 0);
        weight[t][b] = 1;
      }
      BookLoss lane = new BookLoss.Weighted(s.loss, weight);
      Matrices.addTo(sum, ElmanGradient.coupled(s.trace, lane, s.denominator, xi).parameters());
    }
    assertThat(distance(sum, batch)).isLessThan(1e-13);
  }

  /** discuss.pytorch.org/t/15500: x_{t+1} = w x_t with x_0 = 0.9 and w = 0.2. */
  @Test
  void pytorchForum15500GoldenDerivatives() {
    ElmanNetwork network =
        ElmanNetwork.zeros(Phi.IDENTITY, 1, 1, 1).withParameters(new double[] {0, 0.2, 0, 1, 0});
    ElmanTrace trace = network.forward(new double[3][1][1], new double[][][] {{{0.9}}});
    double[] golden = {0.9, 0.36, 0.108};
    for (int t = 0; t < 3; t++) {
      // The targets are 1 below the outputs, so that each loss has the derivative 1.
      double[][] targets = new double[3][];
      for (int k = 0; k < 3; k++) {
        targets[k] = new double[] {trace.o()[k][0][0] - 1};
      }
      ElmanGradient gradient =
          ElmanGradient.of(
              trace, BookLoss.values(targets), 1, Xi.whole(3, 1), List.of(new Sweep(t, t + 1, 0)));
      assertThat(gradient.weights().layers().get(0).whh()[0][0])
          .isCloseTo(golden[t], within(1e-15));
    }
  }

  @Test
  void fixedXiCutsEveryTauthLink() {
    assertThat(Matrices.flatten(Xi.fixed(7, 1, 3))).containsExactly(1, 1, 1, 0, 1, 1, 0);
    assertThat(Matrices.flatten(Xi.fixed(3, 1, 1))).containsExactly(1, 0, 0);
    assertThat(Xi.whole(2, 3)).isDeepEqualTo(new double[][] {{1, 1, 1}, {1, 1, 1}});
  }

  @Test
  void slidingSweepsOverlapAndEndWithTheWindow() {
    assertThat(Sweep.sliding(8, 3, 5))
        .containsExactly(new Sweep(0, 3, 0), new Sweep(3, 6, 1), new Sweep(6, 8, 3));
    assertThatThrownBy(() -> Sweep.sliding(8, 3, 2))
        .hasMessage("k1 = 3, k2 = 2, but a sliding sweep needs 1 <= k1 <= k2");
    assertThatThrownBy(() -> new Sweep(2, 2, 0)).hasMessageContaining("back <= from < to");
    assertThatThrownBy(() -> new Sweep(1, 3, 2)).hasMessageContaining("back <= from < to");
  }

  @Test
  void saysWhichShapesDoNotFit() {
    assertThatThrownBy(() -> ElmanNetwork.zeros(Phi.TANH, 2, 1)).hasMessageContaining("2 widths");
    assertThatThrownBy(() -> ElmanNetwork.zeros(Phi.TANH, 1, 1, 1).withParameters(new double[4]))
        .hasMessage("there are 4 parameters but the network needs 5");
    Setting s = Setting.of(1);
    assertThatThrownBy(
            () -> ElmanGradient.coupled(s.trace, s.loss, 1, Xi.whole(s.steps() + 1, s.lanes())))
        .hasMessageContaining("xi is [");
  }
}
