package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Quantity;
import dev.lookback.gradient.CellCase.Kind;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks in which a chosen number goes bad first, and the trace that has to name it. */
class TraceTest {
  private static final Team TEAM = Team.of(1);
  private static final List<Integer> BLOCKS = List.of(1, 4, 32);
  private static final int STEPS = 11;
  private static final int LANES = 3;
  private static final int HIDDEN = 5;
  private static final int TOKENS = 6;
  private static final int RARE = 5;
  // Where the rare token stands.
  private static final int STEP = 6;
  private static final int LANE = 1;

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Window tokens() {
    int[] ids = new int[STEPS * LANES];
    Arrays.setAll(ids, i -> Randomness.of(3).below(RARE, i));
    ids[STEP * LANES + LANE] = RARE;
    return Window.ofTokens(STEPS, LANES, ids, ids);
  }

  /** A window of squared errors whose targets are all zero but one. */
  private static Window values(float target) {
    int[] ids = new int[STEPS * LANES];
    ids[STEP * LANES + LANE] = RARE;
    float[] targets = new float[STEPS * LANES];
    targets[STEP * LANES + LANE] = target;
    return Window.of(STEPS, LANES, new Inputs.Tokens(ids), new Targets.Values(targets, 1));
  }

  private static Weights random(Network network) {
    return network.initialize(Initialization.orthogonal(), 2);
  }

  private static void set(Weights weights, String tensor, int row, int column, float value) {
    Tensor place = weights.layout().get(tensor);
    weights.values()[place.offset() + row * place.columns() + column] = value;
  }

  private static void fill(Weights weights, String tensor, float value) {
    Tensor place = weights.layout().get(tensor);
    Arrays.fill(weights.values(), place.offset(), place.end(), value);
  }

  private static Optional<Origin> trace(
      Network network, Weights weights, Window window, Coupling coupling, int blockSteps) {
    Pass pass = new Pass(network, LANES, blockSteps, TEAM);
    return trace(pass, network, weights, window, coupling);
  }

  private static Optional<Origin> trace(
      Pass pass, Network network, Weights weights, Window window, Coupling coupling) {
    Trace trace = new Trace(network, TEAM);
    pass.watch(Optional.of(trace));
    Coupled coupled = coupling.couple(window.steps(), LANES, Randomness.of(1));
    State state = State.zeros(network, LANES);
    pass.run(weights, window, coupled, state, Weights.zeros(network.layout()));
    return trace.found();
  }

  private static void requireForward(
      Optional<Origin> found, String quantity, OptionalInt layer, int step) {
    assertThat(found).isPresent();
    Origin origin = found.orElseThrow();
    assertThat(origin.forward()).isTrue();
    assertThat(origin.quantity()).isEqualTo(quantity);
    assertThat(origin.layer()).isEqualTo(layer);
    assertThat(origin.step()).isEqualTo(step).isEqualTo(origin.lastStep());
    assertThat(origin.stream()).hasValue(LANE);
    assertThat(origin.value()).isNotFinite();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aHealthyWindowHasNone(Kind kind) {
    Network network =
        new Network(
            List.of(kind.cell(TOKENS, HIDDEN), kind.cell(HIDDEN, 4)), Readout.softmax(TOKENS));
    for (int blockSteps : BLOCKS) {
      assertThat(trace(network, random(network), tokens(), Coupling.full(), blockSteps)).isEmpty();
    }
  }

  /** A weight of the rare token that is no number spoils one gate, at one step of one lane. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void namesTheGateTheStepAndTheStream(Kind kind) {
    Cell cell = kind.cell(TOKENS, HIDDEN);
    Network network = new Network(List.of(cell, Elman.of(HIDDEN, 4)), Readout.softmax(TOKENS));
    for (int gate = 0; gate < cell.gates(); gate++) {
      int plane = gate;
      String name =
          cell.quantities().stream()
              .filter(q -> q.plane() == plane && q.state() == (cell.gatePlanes() == 0))
              .map(Quantity::name)
              .findFirst()
              .orElseThrow();
      for (int blockSteps : BLOCKS) {
        for (String coupling : List.of("full", "fixed:4", "random:3", "sliding:2,5")) {
          Weights weights = random(network);
          set(weights, "rnn.weight_ih_l0", RARE, gate * HIDDEN + 2, Float.NaN);
          Optional<Origin> found =
              trace(network, weights, tokens(), CouplingNotation.parse(coupling), blockSteps);
          requireForward(found, name, OptionalInt.of(0), STEP);
        }
      }
    }
  }

  /** A sum that overflows becomes a gate of 0, 1 or -1: only what went into it tells. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void namesTheSumOfAGateThatOverflows(Kind kind) {
    Cell cell = kind.cell(TOKENS, HIDDEN);
    Network network = Network.of(cell, Readout.softmax(TOKENS));
    for (int gate = 0; gate < cell.gates(); gate++) {
      int plane = gate;
      String name =
          cell.quantities().stream()
              .filter(q -> q.plane() == plane && q.state() == (cell.gatePlanes() == 0))
              .map(Quantity::name)
              .findFirst()
              .orElseThrow();
      for (int blockSteps : BLOCKS) {
        Weights weights = random(network);
        set(weights, "rnn.weight_ih_l0", RARE, gate * HIDDEN + 2, -3e38f);
        set(weights, "rnn.bias_ih_l0", 0, gate * HIDDEN + 2, -2e38f);
        Optional<Origin> found = trace(network, weights, tokens(), Coupling.full(), blockSteps);
        requireForward(found, "what goes into " + name, OptionalInt.of(0), STEP);
        assertThat(found.orElseThrow().value()).isEqualTo(Float.NEGATIVE_INFINITY);
      }
    }
  }

  @Test
  void namesAreThoseOfTheField() {
    assertThat(Kind.LSTM.cell(2, 2).quantities().stream().map(Quantity::name))
        .containsExactly(
            "input gate i",
            "forget gate f",
            "candidate g",
            "output gate o",
            "cell state c",
            "tanh of c",
            "hidden state h");
    assertThat(Kind.GRU_AFTER.cell(2, 2).deltas())
        .containsExactly("reset gate r", "update gate z", "candidate n", "recurrent sum u");
    assertThat(Kind.GRU_BEFORE.cell(2, 2).deltas()).hasSize(3);
  }

  /** An initial cell state that is infinite reaches one lane, where that lane starts afresh. */
  @Test
  void namesTheCellState() {
    Cell cell = Kind.LSTM.cell(TOKENS, HIDDEN).withLearnedState();
    Network network = Network.of(cell, Readout.softmax(TOKENS));
    Weights weights = random(network);
    fill(weights, "rnn.c0_l0", Float.POSITIVE_INFINITY);
    boolean[] reset = new boolean[STEPS * LANES];
    reset[STEP * LANES + LANE] = true;
    Window window = tokens().withReset(reset);
    for (int blockSteps : BLOCKS) {
      requireForward(
          trace(network, weights, window, Coupling.full(), blockSteps),
          "cell state c",
          OptionalInt.of(0),
          STEP);
    }
  }

  // h is 0 until the rare token makes it 1; then it grows by a factor with each step.
  private static Weights growing(Network network, float factor) {
    Weights weights = Weights.zeros(network.layout());
    for (int j = 0; j < HIDDEN; j++) {
      set(weights, "rnn.weight_ih_l0", RARE, j, 1);
      set(weights, "rnn.weight_hh_l0", j, j, factor);
    }
    return weights;
  }

  private static Elman linear(int inputs) {
    return Elman.of(inputs, HIDDEN).with(Activation.IDENTITY).with(Biases.NONE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"IDENTITY", "RELU"})
  void findsWhereAStateOverflows(Activation phi) {
    Network network = Network.of(linear(TOKENS).with(phi), Readout.softmax(TOKENS));
    for (int blockSteps : BLOCKS) {
      Optional<Origin> found =
          trace(network, growing(network, 1e15f), tokens(), Coupling.full(), blockSteps);
      // 1, 1e15, 1e30, infinity
      requireForward(found, "hidden state h", OptionalInt.of(0), STEP + 3);
      assertThat(found.orElseThrow().value()).isEqualTo(Float.POSITIVE_INFINITY);
      assertThat(found.orElseThrow().text())
          .isEqualTo("step 9, layer 0, stream 1: hidden state h is Infinity");
    }
  }

  @Test
  void findsItWithinASmallMemory() {
    Network network = Network.of(linear(TOKENS), Readout.softmax(TOKENS));
    Footprint small =
        Footprint.candidates(network, LANES, false).stream()
            .min((a, b) -> Long.compare(a.smallest(STEPS), b.smallest(STEPS)))
            .orElseThrow();
    Memory memory = Memory.within(small.smallest(STEPS));
    Pass pass = new Pass(network, LANES, small.blockSteps(), memory, TEAM);
    Optional<Origin> found =
        trace(pass, network, growing(network, 1e15f), tokens(), Coupling.full());
    requireForward(found, "hidden state h", OptionalInt.of(0), STEP + 3);
    assertThat(pass.computedSteps()).isGreaterThan(STEPS);
  }

  @Test
  void findsAnInputThatIsNoNumber() {
    Network network = Network.of(Elman.of(2, HIDDEN), Readout.linear(1));
    float[] x = new float[STEPS * LANES * 2];
    x[2 * (STEP * LANES + LANE) + 1] = Float.NaN;
    Targets targets = new Targets.Values(new float[STEPS * LANES], 1);
    Window window = Window.of(STEPS, LANES, new Inputs.Dense(x, 2), targets);
    for (int blockSteps : BLOCKS) {
      Optional<Origin> found = trace(network, random(network), window, Coupling.full(), blockSteps);
      requireForward(found, "input x", OptionalInt.of(0), STEP);
    }
  }

  @Test
  void findsAnEmbeddingAndAnOutputAndALoss() {
    Network embedded =
        Network.of(Elman.of(4, HIDDEN), Readout.softmax(TOKENS)).withEmbedding(TOKENS);
    Weights weights = random(embedded);
    set(weights, "embedding.weight", RARE, 3, Float.NEGATIVE_INFINITY);
    requireForward(
        trace(embedded, weights, tokens(), Coupling.full(), 4), "input x", OptionalInt.of(0), STEP);

    Network classes = Network.of(linear(TOKENS), Readout.softmax(TOKENS));
    Weights steep = growing(classes, 0);
    fill(steep, "decoder.weight", 2e38f);
    requireForward(
        trace(classes, steep, tokens(), Coupling.full(), 4), "output o", OptionalInt.empty(), STEP);

    Network numbers = Network.of(linear(TOKENS), Readout.linear(1));
    Weights far = growing(numbers, 0);
    set(far, "decoder.weight", 0, 0, 3e38f);
    requireForward(
        trace(numbers, far, values(-3e38f), Coupling.full(), 4), "loss", OptionalInt.empty(), STEP);
  }

  /** What is masked neither counts nor is it found. */
  @Test
  void looksPastMaskedOutputs() {
    Network network = Network.of(linear(TOKENS), Readout.linear(1));
    Weights far = growing(network, 0);
    set(far, "decoder.weight", 0, 0, 3e38f);
    float[] weight = new float[STEPS * LANES];
    Arrays.fill(weight, 1);
    weight[STEP * LANES + LANE] = 0;
    Window window = values(-3e38f).withWeight(weight);
    assertThat(trace(network, far, window, Coupling.full(), 4)).isEmpty();
  }

  /** Infinite where the mask lets one unit through, and only there. */
  @Test
  void dropsTheSameUnits() {
    Network network =
        new Network(List.of(linear(TOKENS), linear(HIDDEN)), Readout.softmax(TOKENS))
            .withDropout(0.5);
    Weights weights = growing(network, 0);
    set(weights, "rnn.weight_ih_l1", 2, 0, 3e38f);
    int kept = 0;
    for (int draw = 0; draw < 12; draw++) {
      Randomness dropping = Randomness.of(draw);
      Pass pass = new Pass(network, LANES, 4, TEAM);
      pass.drop(Optional.of(dropping));
      Optional<Origin> found = trace(pass, network, weights, tokens(), Coupling.full());
      long place = (long) (STEP * LANES + LANE) * HIDDEN + 2;
      if (dropping.with(1).uniform(place) >= 0.5) {
        requireForward(found, "hidden state h", OptionalInt.of(1), STEP);
        kept++;
      } else {
        assertThat(found).isEmpty();
      }
    }
    assertThat(kept).isBetween(1, 11);
  }

  private static void requireBackward(
      Optional<Origin> found, String quantity, OptionalInt layer, int step) {
    assertThat(found).isPresent();
    Origin origin = found.orElseThrow();
    assertThat(origin.forward()).isFalse();
    assertThat(origin.quantity()).isEqualTo(quantity);
    assertThat(origin.layer()).isEqualTo(layer);
    assertThat(origin.step()).isEqualTo(step).isEqualTo(origin.lastStep());
    assertThat(origin.stream()).hasValue(LANE);
    assertThat(origin.value()).isNotFinite();
  }

  @Test
  void findsAGradientThatOverflowsUnderTheReadout() {
    Network network = Network.of(linear(TOKENS), Readout.linear(1));
    Weights weights = Weights.zeros(network.layout());
    fill(weights, "decoder.weight", 1e20f);
    for (int blockSteps : BLOCKS) {
      requireBackward(
          trace(network, weights, values(-1e25f), Coupling.full(), blockSteps),
          "hidden state h through the output alone (q)",
          OptionalInt.of(0),
          STEP);
    }
  }

  // h is 0 throughout; what goes back grows by a factor with each link.
  private static Weights growingBack(Network network) {
    Weights weights = Weights.zeros(network.layout());
    fill(weights, "decoder.weight", 1);
    for (int j = 0; j < HIDDEN; j++) {
      set(weights, "rnn.weight_hh_l0", j, j, 1e15f);
    }
    return weights;
  }

  @Test
  void findsAGradientThatOverflowsOnItsWayThroughTime() {
    Network network = Network.of(linear(TOKENS), Readout.linear(1));
    Weights weights = growingBack(network);
    for (int blockSteps : BLOCKS) {
      // 1, 1e15, 1e30, infinity
      requireBackward(
          trace(network, weights, values(-100), Coupling.full(), blockSteps),
          "sum a (delta)",
          OptionalInt.of(0),
          STEP - 3);
      // The segment [6, 9) ends before it could.
      assertThat(trace(network, weights, values(-100), Coupling.fixed(3), blockSteps)).isEmpty();
      // xi speeds it up, in one lane only.
      float[] xi = new float[STEPS * LANES];
      Arrays.fill(xi, 1);
      xi[STEP * LANES + LANE] = 1e30f;
      requireBackward(
          trace(
              network, weights, values(-100), Coupling.given(Links.perLane(xi, LANES)), blockSteps),
          "sum a (delta)",
          OptionalInt.of(0),
          STEP - 1);
    }
  }

  /**
   * All states are 0 and the candidates alone see them: dh grows by a quarter of the factor with
   * each link, and where it is infinite the first delta is infinity times 0.
   */
  @ParameterizedTest
  @CsvSource({
    "LSTM, input gate i (delta), 3",
    "GRU_AFTER, reset gate r (delta), 3",
    "GRU_BEFORE, reset gate r (delta), 2"
  })
  void findsTheDeltaOfAGate(Kind kind, String delta, int before) {
    Network network = Network.of(kind.cell(TOKENS, HIDDEN), Readout.linear(1));
    Weights weights = Weights.zeros(network.layout());
    fill(weights, "decoder.weight", 1);
    for (int j = 0; j < HIDDEN; j++) {
      set(weights, "rnn.weight_hh_l0", j, 2 * HIDDEN + j, 1e15f);
    }
    for (int blockSteps : BLOCKS) {
      requireBackward(
          trace(network, weights, values(-100), Coupling.full(), blockSteps),
          delta,
          OptionalInt.of(0),
          STEP - before);
    }
  }

  @Test
  void findsASumOfTheGradient() {
    Network network = Network.of(linear(TOKENS), Readout.linear(1));
    Weights weights = growing(network, 0);
    for (int j = 0; j < HIDDEN; j++) {
      set(weights, "rnn.weight_ih_l0", RARE, j, 1e22f);
    }
    Origin origin = trace(network, weights, values(-1e22f), Coupling.full(), 4).orElseThrow();
    assertThat(origin.text()).isEqualTo("steps 4 to 7: the gradient of decoder.weight is Infinity");
  }

  /** Through what is remembered of the windows before, which is not computed again. */
  @Test
  void goesBackBehindTheWindowWhereSlidingDoes() {
    Network network = Network.of(linear(TOKENS), Readout.linear(1));
    Weights weights = growingBack(network);
    Coupling.Sliding sliding = new Coupling.Sliding(4, 12);
    for (int blockSteps : BLOCKS) {
      Pass pass = new Pass(network, LANES, blockSteps, TEAM);
      State state = State.zeros(network, LANES);
      Weights gradient = Weights.zeros(network.layout());
      Window window = values(-100);
      // Steps 0 to 4, and then 5 to 10 with the loss at its second one.
      pass.slide(weights, window.upTo(5), sliding, state, gradient, false);
      Trace trace = new Trace(network, TEAM);
      pass.watch(Optional.of(trace));
      pass.slide(weights, window.from(5), sliding, state, gradient, false);
      requireBackward(trace.found(), "sum a (delta)", OptionalInt.of(0), STEP - 3 - 5);
      assertThat(trace.found().orElseThrow().step()).isNegative();
    }
  }

  @Test
  void findsAWeightThatIsNoNumber() {
    Network network = Network.of(Elman.of(TOKENS, HIDDEN), Readout.softmax(TOKENS));
    Weights weights = random(network);
    assertThat(Trace.in(weights)).isEmpty();
    set(weights, "rnn.weight_ih_l0", RARE, 2, Float.NaN);
    // As in PyTorch: [outputs, inputs].
    assertThat(Trace.in(weights)).hasValue("rnn.weight_ih_l0[2, 5] is NaN");
    Weights other = random(network);
    int first = weights.layout().get("rnn.bias_ih_l0").offset();
    other.values()[first] = Float.NEGATIVE_INFINITY;
    assertThat(Trace.in(other)).hasValue("rnn.bias_ih_l0[0] is -Infinity");
    other.values()[0] = Float.NaN;
    assertThat(Trace.in(other))
        .hasValue(weights.layout().tensors().get(0).name() + "[0, 0] is NaN");
  }

  private static Origin at(boolean forward, int step, String name) {
    OptionalInt none = OptionalInt.empty();
    return new Origin(forward, name, none, step, step, none, Float.NaN);
  }

  /** Time forward, time back, and within a step the order of computing. */
  @Test
  void theFirstIsTheOneThatWasComputedFirst() {
    Network network = Network.of(Elman.of(TOKENS, HIDDEN), Readout.softmax(TOKENS));
    Trace trace = new Trace(network, TEAM);
    trace.found(at(false, 5, "a"), 0, 3);
    trace.found(at(false, 4, "b"), 0, 1);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("a");
    trace.found(at(false, 6, "c"), 0, 9);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("c");
    trace.found(at(false, 6, "d"), 0, 9);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("c");
    trace.found(at(false, 6, "e"), 0, 8);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("e");
    // A later sweep is later, wherever it is.
    trace.found(at(false, 9, "f"), 1, 0);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("e");
    // What goes wrong on the way forward is why.
    trace.found(at(true, 8, "g"), 1, 2);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("g");
    trace.found(at(true, 9, "h"), 1, 0);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("g");
    trace.found(at(true, 8, "i"), 1, 2);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("g");
    trace.found(at(true, 8, "j"), 1, 1);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("j");
    trace.found(at(true, 7, "k"), 1, 5);
    assertThat(trace.found().orElseThrow().quantity()).isEqualTo("k");
  }

  // What is measured meanwhile is seen too, and what comes after it.
  @Test
  void measuringLagsDoesNotEndTheWatch() {
    Network network = Network.of(Elman.of(TOKENS, HIDDEN), Readout.softmax(TOKENS));
    Weights good = random(network);
    Weights bad = good.copy();
    fill(bad, "decoder.weight", Float.MAX_VALUE);
    Trace trace = new Trace(network, TEAM);
    Pass pass = new Pass(network, LANES, 1, TEAM);
    pass.watch(Optional.of(trace));
    pass.lagNorms(good, tokens(), State.zeros(network, LANES));
    pass.lagGradients(good, tokens(), State.zeros(network, LANES));
    assertThat(trace.found()).isEmpty();
    Coupled coupled = Coupling.full().couple(STEPS, LANES, Randomness.of(1));
    pass.run(bad, tokens(), coupled, State.zeros(network, LANES), Weights.zeros(network.layout()));
    Optional<Origin> alone = trace(network, bad, tokens(), Coupling.full(), 1);
    assertThat(alone).isPresent();
    assertThat(trace.found()).isEqualTo(alone);

    Trace measured = new Trace(network, TEAM);
    Pass measuring = new Pass(network, LANES, 1, TEAM);
    measuring.watch(Optional.of(measured));
    measuring.lagNorms(bad, tokens(), State.zeros(network, LANES));
    assertThat(measured.found()).isPresent();
    measuring.watch(Optional.empty());
    measuring.lagNorms(bad, tokens(), State.zeros(network, LANES));
  }
}
