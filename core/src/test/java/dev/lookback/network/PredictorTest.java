package dev.lookback.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.Meter;
import dev.lookback.book.ElmanTrace;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.gradient.Case;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Team;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictorTest {
  private static final Team TEAM = Team.of(2);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Predictor predictor(Case c) {
    return new Predictor(c.network(), c.weights(), c.lanes(), TEAM);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void goesWhereTheBookAndThePassGo(long seed) {
    Case c = Case.draw(seed);
    State state = c.state().copy();
    float[] outputs = predictor(c).outputs(c.window(), state);

    State end = c.engine(Coupling.full(), 1, 5, TEAM).end();
    for (int l = 0; l < c.network().cells().size(); l++) {
      assertThat(state.layer(l)[0]).isEqualTo(end.layer(l)[0]);
    }
    ElmanTrace trace = c.bookTrace(c.bookNetwork());
    int width = c.network().readout().outputs();
    assertThat(outputs).hasSize(c.steps() * c.lanes() * width);
    for (int row = 0; row < c.steps() * c.lanes(); row++) {
      double[] o = trace.o()[row / c.lanes()][row % c.lanes()];
      for (int j = 0; j < width; j++) {
        assertThat((double) outputs[row * width + j])
            .isCloseTo(o[j], within(1e-5 * Math.max(1, Math.abs(o[j]))));
      }
    }
  }

  private static Case tokens(int steps, int lanes) {
    Case.Sizes sizes = new Case.Sizes(2, 7, 19, 7, lanes, steps);
    return Case.of(sizes, Activation.TANH, new boolean[] {true, true, false}, 3);
  }

  @Test
  void stepByStepIsTheWholeWindowToTheBit() {
    Case c = tokens(70, 3);
    int[] ids = ((Inputs.Tokens) c.window().inputs()).ids();
    State whole = c.state().copy();
    float[] outputs = predictor(c).outputs(c.window(), whole);
    Predictor predictor = predictor(c);
    State state = c.state().copy();
    for (int t = 0; t < 70; t++) {
      float[] o = predictor.step(Arrays.copyOfRange(ids, 3 * t, 3 * t + 3), state);
      assertThat(o).isEqualTo(Arrays.copyOfRange(outputs, 21 * t, 21 * t + 21));
    }
    assertThat(state.layer(0)[0]).isEqualTo(whole.layer(0)[0]);
    assertThat(state.layer(1)[0]).isEqualTo(whole.layer(1)[0]);
  }

  @Test
  void theStateCarriesOverFromWindowToWindow() {
    Case c = tokens(70, 3);
    int[] ids = ((Inputs.Tokens) c.window().inputs()).ids();
    float[] outputs = predictor(c).outputs(c.window(), c.state().copy());
    Predictor predictor = predictor(c);
    State state = c.state().copy();
    int from = 0;
    for (int steps : new int[] {1, 33, 32, 4}) {
      int[] part = Arrays.copyOfRange(ids, 3 * from, 3 * (from + steps));
      Window window = Window.of(steps, 3, new Inputs.Tokens(part), new Targets.Classes(part));
      assertThat(predictor.outputs(window, state))
          .isEqualTo(Arrays.copyOfRange(outputs, 21 * from, 21 * (from + steps)));
      from += steps;
    }
    assertThat(from).isEqualTo(70);
  }

  @Test
  void visitsTheStepsInOrderAndResetsWhereTold() {
    Case c = tokens(70, 3);
    boolean[] reset = new boolean[210];
    reset[3 * 40 + 1] = true;
    List<Integer> firsts = new ArrayList<>();
    int[] seen = new int[1];
    predictor(c)
        .run(
            c.window().withReset(reset),
            c.state().copy(),
            (first, steps, o) -> {
              assertThat(first).isEqualTo(seen[0]);
              assertThat(o.length).isGreaterThanOrEqualTo(steps * 21);
              firsts.add(first);
              seen[0] += steps;
            });
    assertThat(seen[0]).isEqualTo(70);
    assertThat(firsts).hasSizeGreaterThan(1);

    float[] plain = predictor(c).outputs(c.window(), c.state().copy());
    float[] afresh = predictor(c).outputs(c.window().withReset(reset), c.state().copy());
    int at = (3 * 40 + 1) * 7;
    assertThat(Arrays.copyOf(afresh, at)).isEqualTo(Arrays.copyOf(plain, at));
    assertThat(Arrays.copyOfRange(afresh, at, at + 7))
        .isNotEqualTo(Arrays.copyOfRange(plain, at, at + 7));
    assertThat(Arrays.copyOfRange(afresh, at + 7, at + 21))
        .isEqualTo(Arrays.copyOfRange(plain, at + 7, at + 21));
  }

  @Test
  void takesOtherWeights() {
    Case c = tokens(5, 2);
    Predictor predictor = predictor(c);
    float[] before = predictor.outputs(c.window(), c.state().copy());
    c.weights().values()[0] += 1;
    // Packed weights are a copy, those of token inputs and biases are not: pack after each change.
    predictor.pack(c.weights());
    float[] after = predictor.outputs(c.window(), c.state().copy());
    assertThat(after).isNotEqualTo(before);
    assertThat(after).isEqualTo(predictor(c).outputs(c.window(), c.state().copy()));
  }

  @Test
  void otherLanesAreRefused() {
    Case c = tokens(5, 2);
    Predictor three = new Predictor(c.network(), c.weights(), 3, TEAM);
    assertThatThrownBy(() -> three.outputs(c.window(), c.state()))
        .hasMessage("the window has 2 lanes and the state 2 but the predictor was made for 3");
  }

  // A copy of the weights packed for the way forward, and none for a way back.
  @Test
  void nothingIsPackedThatOnlyAWayBackNeeds() {
    List<Cell> cells = List.of(Lstm.of(8, 192), Gru.of(192, 192), Elman.of(192, 192));
    Network network = new Network(cells, Readout.softmax(192));
    Weights weights = network.initialize(Initialization.uniform(), 1);
    // Vectors are objects as long as nothing is compiled.
    try (Team team = Team.scalar(1)) {
      Predictor warm = new Predictor(network, weights, 1, team);
      State state = State.zeros(network, 1);
      warm.step(new int[] {1}, state);
      long before = Meter.read();
      new Predictor(network, weights, 1, team).step(new int[] {1}, state);
      long bytes = Meter.read() - before;
      assertThat(bytes).isLessThan((long) (1.5 * Float.BYTES * weights.values().length));
    }
  }

  @Test
  void aStateThatNoArrayHoldsIsRefused() {
    Network wide = Network.of(Elman.of(1, 4096), Readout.softmax(1));
    assertThatThrownBy(() -> State.zeros(wide, 1 << 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1048576 lanes with 4096 numbers each is more than one array holds");
  }

  @Test
  void softmaxOfARow() {
    float[] o = {9, 1, 2, 3, 9};
    double[] p = Predictor.softmax(o, 1, 3, 1);
    double sum = Math.exp(-2) + Math.exp(-1) + 1;
    assertThat(p)
        .containsExactly(
            new double[] {Math.exp(-2) / sum, Math.exp(-1) / sum, 1 / sum}, within(1e-15));
    assertThat(Predictor.softmax(o, 1, 3, 1e-3)).containsExactly(0, 0, 1);
    assertThat(Predictor.softmax(o, 1, 3, 1e9))
        .containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, within(1e-8));
    assertThat(Predictor.softmax(new float[] {1e4f, -1e4f}, 0, 2, 0.5)).containsExactly(1, 0);
  }

  @Test
  void logProbabilitiesAreTheLogarithmsOfProbabilitiesAndLastWhereThoseVanish() {
    float[] outputs = {0.5f, -3, 2.25f, 0};
    double[] log = Predictor.logSoftmax(outputs);
    double[] p = Predictor.softmax(outputs);
    for (int j = 0; j < p.length; j++) {
      assertThat(log[j]).isCloseTo(Math.log(p[j]), within(1e-14));
    }
    assertThat(Predictor.logSoftmax(new float[] {0, -2000})).containsExactly(0, -2000);
  }
}
