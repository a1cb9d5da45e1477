package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.BookLoss;
import dev.lookback.book.ElmanGradient;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.RandomTruncation;
import dev.lookback.book.ScalarRecursion;
import dev.lookback.book.Sweep;
import dev.lookback.book.Xi;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
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
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LagNormsTest {
  private static final Team TEAM = Team.of(1);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Case draw(int layers, long seed) {
    return Case.of(
        new Case.Sizes(layers, 3, 9, 4, 3, 13),
        Activation.TANH,
        new boolean[] {false, seed % 2 == 0, false},
        seed);
  }

  private static LagNorms measured(Case c) {
    return new Pass(c.network(), c.lanes(), 1, TEAM)
        .lagNorms(c.weights(), c.window(), c.state().copy());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void phiIsTheNormOfTheBooksDelta(long seed) {
    Case c = draw(1, seed);
    double[][][] h = delta(c);
    double[] phi = measured(c).phi();
    assertThat(phi).hasSize(13);
    // Lag 13 is the state that enters the window, which delta does not hold.
    for (int k = 1; k < 13; k++) {
      double mean = 0;
      for (int b = 0; b < 3; b++) {
        mean += Matrices.norm(h[12 - k][b]) / 3;
      }
      assertThat(phi[k - 1]).isCloseTo(mean, within(1e-5 * mean));
    }
  }

  /** dl_T/dh_t of each lane, {@code [T][B][H]}. */
  private static double[][][] delta(Case c) {
    double[][] last = new double[c.steps()][c.lanes()];
    Arrays.fill(last[c.steps() - 1], 1);
    BookLoss unweighted = ((BookLoss.Weighted) c.bookLoss()).loss();
    return ElmanGradient.coupled(
            c.bookTrace(c.bookNetwork()),
            new BookLoss.Weighted(unweighted, last),
            1,
            Xi.whole(c.steps(), c.lanes()))
        .delta()[0];
  }

  /** The state of a stack is what all layers carry over a link: what h0 is to the steps after. */
  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void inAStackPhiTakesTheLayersTogether(long seed) {
    Case c = draw(2, seed);
    ElmanNetwork book = c.bookNetwork();
    ElmanTrace whole = c.bookTrace(book);
    double[] phi = measured(c).phi();
    for (int k = 1; k <= c.steps(); k++) {
      int from = c.steps() - k;
      double[][][] h0 = enteringGradient(c, book, whole, from);
      double mean = 0;
      for (int b = 0; b < c.lanes(); b++) {
        mean += Math.hypot(Matrices.norm(h0[0][b]), Matrices.norm(h0[1][b])) / c.lanes();
      }
      assertThat(phi[k - 1]).isCloseTo(mean, within(1e-5 * mean));
    }
  }

  private static double[][][] enteringGradient(
      Case c, ElmanNetwork book, ElmanTrace whole, int from) {
    double[][][] entering = new double[2][c.lanes()][];
    for (int l = 0; l < 2; l++) {
      for (int b = 0; b < c.lanes(); b++) {
        entering[l][b] = whole.entering(l, from, b);
      }
    }
    double[][][] x = Arrays.copyOfRange(whole.inputs(), from, c.steps());
    ElmanTrace rest = book.forward(x, entering);
    return ElmanGradient.of(
            rest,
            shifted(((BookLoss.Weighted) c.bookLoss()).loss(), from),
            1,
            Xi.whole(x.length, c.lanes()),
            List.of(new Sweep(x.length - 1, x.length, 0)))
        .h0();
  }

  private static BookLoss shifted(BookLoss loss, int from) {
    if (loss instanceof BookLoss.CrossEntropy classes) {
      int[][] ids = classes.ids();
      return new BookLoss.CrossEntropy(Arrays.copyOfRange(ids, from, ids.length));
    }
    double[][][] y = ((BookLoss.HalfSquaredError) loss).targets();
    return new BookLoss.HalfSquaredError(Arrays.copyOfRange(y, from, y.length));
  }

  @Test
  void blocksOfMoreThanOneStepAreRefusedAndAskingChangesNothing() {
    Case c = draw(1, 1);
    assertThatThrownBy(
            () ->
                new Pass(c.network(), c.lanes(), 4, TEAM)
                    .lagNorms(c.weights(), c.window(), c.state().copy()))
        .hasMessage("norms by lag need a pass with blocks of 1 step, not 4");
    Pass pass = new Pass(c.network(), c.lanes(), 1, TEAM);
    double[] first = pass.lagNorms(c.weights(), c.window(), c.state().copy()).phi();
    Weights gradient = Weights.zeros(c.network().layout());
    Coupled full = Coupling.full().couple(c.steps(), 3, Randomness.of(1));
    pass.run(c.weights(), c.window(), full, c.state().copy(), gradient);
    assertThat(gradient.values()).isEqualTo(c.engine(Coupling.full(), 1, 1, TEAM).gradient());
    assertThat(pass.lagNorms(c.weights(), c.window(), c.state().copy()).phi()).isEqualTo(first);
  }

  @Test
  void aGeometricDecayIsRead() {
    LagNorms half = new LagNorms(geometric(3, 0.5, 20));
    assertThat(half.decay()).isCloseTo(0.5, within(1e-12));
    assertThat(half.halfLife()).isCloseTo(1, within(1e-12));
    assertThat(half.effectiveMemory()).isCloseTo(2, within(1e-5));
    LagNorms slow = new LagNorms(geometric(0.01, 0.99, 300));
    assertThat(slow.decay()).isCloseTo(0.99, within(1e-12));
    assertThat(slow.halfLife()).isCloseTo(Math.log(0.5) / Math.log(0.99), within(1e-6));
    LagNorms flat = new LagNorms(geometric(2, 1, 10));
    assertThat(flat.decay()).isCloseTo(1, within(1e-12));
    assertThat(flat.effectiveMemory()).isCloseTo(10, within(1e-12));
    LagNorms growing = new LagNorms(geometric(1, 1.5, 10));
    assertThat(growing.decay()).isCloseTo(1.5, within(1e-12));
    assertThat(growing.halfLife()).isInfinite();
  }

  @Test
  void whatIsBelowExpMinus50IsLeftOut() {
    double[] phi = geometric(1, 0.1, 60);
    assertThat(new LagNorms(phi).decay()).isCloseTo(0.1, within(1e-12));
    Arrays.fill(phi, 21, 60, 0);
    assertThat(new LagNorms(phi).decay()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void nothingComesBackFromNothing() {
    LagNorms dead = new LagNorms(new double[8]);
    assertThat(dead.decay()).isZero();
    assertThat(dead.halfLife()).isZero();
    assertThat(dead.effectiveMemory()).isZero();
    assertThat(new LagNorms(new double[] {2}).effectiveMemory()).isEqualTo(1);
  }

  @Test
  void whatOverflowedGrows() {
    double infinite = Double.POSITIVE_INFINITY;
    LagNorms exploding = new LagNorms(new double[] {1, 1e30, infinite, infinite});
    assertThat(exploding.decay()).isInfinite();
    assertThat(exploding.halfLife()).isInfinite();
  }

  @ParameterizedTest
  @ValueSource(floats = {0.8f, 0.9f, 0.99f, 1.01f, -0.9f})
  void theScalarNetworkDecaysByItsOwnFactor(float c) {
    int steps = 25;
    LagNorms norms =
        new Pass(scalar(), 1, 1, TEAM)
            .lagNorms(weights(c), window(steps, c), State.zeros(scalar(), 1));
    for (int k = 1; k <= steps; k++) {
      double expected = Math.pow(Math.abs(c), k);
      assertThat(norms.phi()[k - 1]).isCloseTo(expected, within(1e-5 * expected));
    }
    assertThat(norms.decay()).isCloseTo(Math.abs(c), within(1e-6));
  }

  /** h_t = c h_{t-1} + w x_t with x = w = 1 and dl_T/dh_T = 1, so that dl_T/dw is a_T. */
  private static Network scalar() {
    return Network.of(
        new Elman(1, 1, Activation.IDENTITY, Biases.NONE), Readout.linear(1).withoutBias());
  }

  private static Weights weights(float c) {
    return new Weights(scalar().layout(), new float[] {1, c, 1});
  }

  private static Window window(int steps, float c) {
    float[] x = new float[steps];
    Arrays.fill(x, 1);
    float[] y = new float[steps];
    double h = 0;
    for (int t = 0; t < steps; t++) {
      h = 1 + c * h;
      y[t] = (float) (h - 1);
    }
    float[] last = new float[steps];
    last[steps - 1] = 1;
    return Window.of(steps, 1, new Inputs.Dense(x, 1), new Targets.Values(y, 1)).withWeight(last);
  }

  /** Var z_T over all outcomes of the engine's dl_T/dw. */
  private static double varianceOfEngine(float c, double pi, int steps) {
    Pass pass = new Pass(scalar(), 1, 8, TEAM);
    Weights gradient = Weights.zeros(scalar().layout());
    Weights weights = weights(c);
    Window window = window(steps, c);
    return RandomTruncation.moments(
            RandomTruncation.shared(steps, 1, (t, sinceCut) -> pi),
            xi -> {
              float[] flat = new float[steps];
              for (int t = 0; t < steps; t++) {
                flat[t] = (float) xi[t][0];
              }
              Coupling given = Coupling.given(Links.shared(flat));
              Coupled coupled = given.couple(steps, 1, Randomness.of(0));
              pass.run(weights, window, coupled, State.zeros(scalar(), 1), gradient);
              return new double[] {gradient.values()[0]};
            })
        .variance()[0];
  }

  private static double varianceOfBook(double c, double pi, int steps) {
    double[] b = new double[steps];
    double[] factors = new double[steps];
    Arrays.fill(b, 1);
    Arrays.fill(factors, c);
    ScalarRecursion recursion = new ScalarRecursion(b, factors);
    return RandomTruncation.moments(
            RandomTruncation.shared(steps, 1, (t, sinceCut) -> pi),
            xi -> new double[] {recursion.randomized(Matrices.flatten(xi))[steps - 1]})
        .variance()[0];
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.75", "-0.5, 0.75", "0.4, 0.9", "0.3, 0.5"})
  void theVarianceOfTheScalarNetworkTendsToItsFormula(float c, double pi) {
    double limit = ScalarRecursion.geometric(1, c, pi).variance();
    double before = Double.POSITIVE_INFINITY;
    for (int steps = 4; steps <= 16; steps += 4) {
      double distance = Math.abs(varianceOfBook(c, pi, steps) - limit);
      assertThat(distance).isLessThan(0.2 * before);
      before = distance;
    }
    assertThat(before).isLessThan(2e-4 * limit);
    assertThat(varianceOfEngine(c, pi, 12))
        .isCloseTo(varianceOfBook(c, pi, 12), within(1e-5 * limit));
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.75", "0.8, 0.5", "0.9, 0.8"})
  void whereTheSquareOfTheDecayReachesPiTheVarianceHasNoBound(float c, double pi) {
    assertThat(ScalarRecursion.geometric(1, c, pi).variance()).isInfinite();
    double increase = 0;
    double before = varianceOfBook(c, pi, 2);
    for (int steps = 3; steps <= 15; steps++) {
      double variance = varianceOfBook(c, pi, steps);
      // It grows by more from step to step: no limit is in sight.
      assertThat(variance - before).isGreaterThan(increase);
      increase = variance - before;
      before = variance;
    }
    assertThat(varianceOfEngine(c, pi, 12))
        .isCloseTo(varianceOfBook(c, pi, 12), within(1e-4 * before));
  }

  private static double[] geometric(double first, double factor, int lags) {
    double[] phi = new double[lags];
    Arrays.setAll(phi, k -> first * Math.pow(factor, k));
    return phi;
  }
}
