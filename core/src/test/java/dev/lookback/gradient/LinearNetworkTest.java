package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.BookLoss;
import dev.lookback.book.LinearNetwork;
import dev.lookback.book.Matrices;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * h_t = W_hx x_t + W_hh h_{t-1}, o_t = W_qh h_t: closed form with powers of W_hh = recursion =
 * engine.
 */
class LinearNetworkTest {
  private static final Team TEAM = Team.of(1);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  /** One lane of random inputs for a random network. */
  private record Setting(
      Network network, Weights weights, Inputs.Dense x, Targets.Values y, float[] h0) {

    static Setting of(int seed) {
      Randomness r = Randomness.of(seed);
      int steps = 1 + r.below(30, 0);
      int inputs = 1 + r.below(7, 1);
      int hidden = 1 + r.below(20, 2);
      int outputs = 1 + r.below(9, 3);
      Network network =
          Network.of(
              new Elman(inputs, hidden, Activation.IDENTITY, Biases.NONE),
              Readout.linear(outputs).withoutBias());
      return new Setting(
          network,
          network.initialize(Initialization.orthogonal(), seed),
          new Inputs.Dense(Case.numbers(r.with("x"), steps * inputs), inputs),
          new Targets.Values(Case.numbers(r.with("y"), steps * outputs), outputs),
          Case.numbers(r.with("h0"), hidden));
    }

    int steps() {
      return x.values().length / x.width();
    }

    LinearNetwork book() {
      int hidden = h0.length;
      return new LinearNetwork(
          Matrices.transpose(rows(weights.of("rnn.weight_ih_l0"), hidden)),
          Matrices.transpose(rows(weights.of("rnn.weight_hh_l0"), hidden)),
          Matrices.transpose(rows(weights.of("decoder.weight"), y.width())));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void closedFormAndRecursionAndEngineAgree(int seed) {
    Setting s = Setting.of(seed);
    LinearNetwork book = s.book();
    double[][] x = rows(s.x.values(), s.x.width());
    BookLoss loss = BookLoss.values(rows(s.y.values(), s.y.width()));
    double[] h0 = EngineTest.toDouble(s.h0);
    LinearNetwork.Derivatives recursion = book.derivatives(x, h0, loss);
    double[][] closed = book.lossByHiddenInClosedForm(recursion.lossByOutput());

    assertClose("dL/dh", closed, recursion.lossByHidden(), 1e-12);
    LinearNetwork gradient = recursion.gradient();
    assertClose("dL/dW_hx closed", book.lossByWhx(closed, x), gradient.whx(), 1e-12);
    assertClose(
        "dL/dW_hh closed", book.lossByWhh(closed, recursion.h(), h0), gradient.whh(), 1e-12);

    Weights found = Weights.zeros(s.network.layout());
    State state = State.zeros(s.network, 1);
    System.arraycopy(s.h0, 0, state.layer(0)[0], 0, s.h0.length);
    State byState = State.zeros(s.network, 1);
    Coupled full = Coupling.full().couple(s.steps(), 1, Randomness.of(0));
    Window window = Window.of(s.steps(), 1, s.x, s.y);
    double value =
        new Pass(s.network, 1, 4, TEAM).run(s.weights, window, full, state, found, byState).loss();

    assertThat(value).isCloseTo(recursion.loss(), within(1e-5 * Math.max(1, recursion.loss())));
    int hidden = s.h0.length;
    assertClose("dL/dW_hx", turned(found, "rnn.weight_ih_l0", hidden), gradient.whx(), 1e-5);
    assertClose("dL/dW_hh", turned(found, "rnn.weight_hh_l0", hidden), gradient.whh(), 1e-5);
    assertClose("dL/dW_qh", turned(found, "decoder.weight", s.y.width()), gradient.wqh(), 1e-5);
    assertClose("h_T", rows(state.layer(0)[0], hidden), last(recursion.h()), 1e-5);
    double[] first = Matrices.multiply(Matrices.transpose(book.whh()), closed[0]);
    assertClose("dL/dh_0", rows(byState.layer(0)[0], hidden), new double[][] {first}, 1e-5);
  }

  private static double[][] last(double[][] rows) {
    return new double[][] {rows[rows.length - 1]};
  }

  private static double[][] turned(Weights weights, String name, int columns) {
    return Matrices.transpose(rows(weights.of(name), columns));
  }

  private static double[][] rows(float[] flat, int width) {
    double[][] rows = new double[flat.length / width][width];
    for (int i = 0; i < flat.length; i++) {
      rows[i / width][i % width] = flat[i];
    }
    return rows;
  }

  /** Within a fraction of the largest magnitude, 1 at least. */
  private static void assertClose(
      String what, double[][] found, double[][] expected, double tolerance) {
    double[] of = Matrices.flatten(expected);
    double[] part = Matrices.flatten(found);
    double largest = 1;
    for (double value : of) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(part).hasSameSizeAs(of);
    for (int i = 0; i < of.length; i++) {
      assertThat(part[i]).as(what).isCloseTo(of[i], within(tolerance * largest));
    }
  }
}
