package dev.lookback.book;

import static dev.lookback.book.Cases.distance;
import static dev.lookback.book.Cases.flatten;
import static dev.lookback.book.Matrices.multiply;
import static dev.lookback.book.Matrices.transpose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.book.BookWindow.Numbers;
import dev.lookback.book.GruLayer.Reset;
import dev.lookback.book.Run.Cell;
import dev.lookback.book.Run.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What has to come out the same by two ways. */
class RecurrentIdentityTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void elmanLayersAreTheElmanNetwork(int seed) {
    Cell cell = List.of(Cell.TANH, Cell.RELU, Cell.IDENTITY).get(seed % 3);
    Set<Part> parts = EnumSet.of(Part.INPUT_BIAS, Part.READOUT_BIAS);
    if (seed % 2 == 0) {
      parts.add(Part.CLASSES);
    }
    if (seed % 4 < 2) {
      parts.add(Part.RESETS);
    }
    Run run = Run.of(Collections.nCopies(1 + seed / 3 % 3, cell), parts, seed);
    RecurrentNetwork network = run.trace().network();
    ElmanTrace elman = elman(run);
    assertThat(distance(run.trace().o(), elman.o())).isLessThan(1e-14);

    double[][] xi = run.cases().matrix(run.steps(), run.lanes());
    double divisor = run.denominator();
    agrees(
        run.gradient(xi, List.of(Sweep.full(run.steps()))),
        ElmanGradient.coupled(elman, run.loss(), divisor, xi));
    for (int k2 = 2; k2 <= run.steps(); k2++) {
      List<Sweep> sweeps = Sweep.sliding(run.steps(), 2, k2);
      agrees(run.gradient(xi, sweeps), ElmanGradient.of(elman, run.loss(), divisor, xi, sweeps));
    }
    assertThat(network.withParameters(network.parameters()).parameters())
        .isEqualTo(elman.network().parameters());
  }

  private static ElmanTrace elman(Run run) {
    RecurrentNetwork network = run.trace().network();
    int[] widths = new int[network.layers().size() + 2];
    double[][][] h0 = new double[network.layers().size()][run.lanes()][];
    widths[0] = network.layers().get(0).inputs();
    for (int l = 0; l < h0.length; l++) {
      widths[l + 1] = network.layers().get(l).hidden();
      for (int b = 0; b < run.lanes(); b++) {
        h0[l][b] = run.trace().state()[l][b].h();
      }
    }
    widths[widths.length - 1] = network.outputs();
    Phi phi = ((ElmanLayer) network.layers().get(0)).phi();
    return ElmanNetwork.zeros(phi, widths)
        .withParameters(network.parameters())
        .forward(((Numbers) run.trace().window().inputs()).x(), h0, run.trace().window().reset());
  }

  private static void agrees(RecurrentGradient found, ElmanGradient elman) {
    assertThat(distance(found.parameters(), elman.parameters())).isLessThan(1e-13);
    assertThat(distance(Run.flatten(found.state()), flatten(elman.h0()))).isLessThan(1e-13);
    assertThat(distance(found.inputs(), elman.inputs())).isLessThan(1e-13);
    assertThat(distance(found.outputs(), elman.outputs())).isLessThan(1e-13);
    for (int l = 0; l < elman.delta().length; l++) {
      CellState[][][] layer = {found.delta()[l]};
      assertThat(distance(Run.flatten(layer), flatten(elman.delta()[l]))).isLessThan(1e-13);
    }
  }

  @ParameterizedTest
  @EnumSource
  void truncationAsLongAsTheWindowIsTheFullGradient(Cell cell) {
    for (int variant = 0; variant < Run.VARIANTS.size(); variant++) {
      Run run = Run.of(List.of(cell, cell), Run.VARIANTS.get(variant), variant);
      int steps = run.steps();
      double[] full = run.full().parameters();
      double[][] whole = Xi.whole(steps, run.lanes());
      double[][] fixed = Xi.fixed(steps, run.lanes(), steps);
      assertThat(run.gradient(fixed, List.of(Sweep.full(steps))).parameters()).isEqualTo(full);
      assertThat(run.gradient(whole, Sweep.sliding(steps, steps, steps)).parameters())
          .isEqualTo(full);
      double[] stepByStep = run.gradient(whole, Sweep.sliding(steps, 1, steps)).parameters();
      assertThat(distance(stepByStep, full)).isLessThan(1e-13);
    }
  }

  /** With one unit and no b_hn, r (h w) is (r h) w. */
  @Test
  void bothFormsOfTheGruAreOneWhereThereIsOneUnit() {
    Cases cases = new Cases(3);
    double[][][] x = cases.cube(6, 2, 1);
    BookLoss loss = cases.loss(false, 6, 2, 1);
    double[] w = cases.row(3 + 3 + 3 + 1 + 1);
    List<RecurrentGradient> both = new ArrayList<>();
    for (Reset reset : Reset.values()) {
      Layer layer = GruLayer.zeros(reset, 1, 1).withInputBias();
      RecurrentNetwork network = RecurrentNetwork.of(List.of(layer), 1).withParameters(w);
      RecurrentTrace trace = network.forward(BookWindow.of(x), network.zeroState(2));
      both.add(RecurrentGradient.full(trace, loss));
    }
    assertThat(distance(both.get(0).parameters(), both.get(1).parameters())).isLessThan(1e-14);
    assertThat(distance(both.get(0).inputs(), both.get(1).inputs())).isLessThan(1e-14);
  }

  /** The rows of E W_xh are those of the W_xh that tokens select without an embedding. */
  @ParameterizedTest
  @EnumSource
  void anEmbeddingIsAFactorOfTheFirstMatrix(Cell cell) {
    Run run =
        Run.of(
            List.of(cell), Set.of(Part.READOUT_BIAS, Part.CLASSES, Part.TOKENS, Part.EMBEDDING), 8);
    RecurrentNetwork network = run.trace().network();
    Layer layer = network.layers().get(0);
    LayerWeights w = layer.weights();
    LayerWeights product =
        new LayerWeights(
            multiply(network.embedding(), w.wxh()), w.whh(), w.bih(), w.bhh(), w.h0(), w.c0());
    RecurrentTrace selecting =
        new RecurrentNetwork(
                new double[0][], List.of(layer.with(product)), network.whq(), network.bq())
            .forward(run.trace().window(), run.trace().state());
    RecurrentGradient embedded = run.full();
    double[][] dProduct =
        RecurrentGradient.full(selecting, run.loss()).weights().layers().get(0).weights().wxh();
    assertThat(distance(selecting.o(), run.trace().o())).isLessThan(1e-14);
    assertThat(distance(embedded.weights().embedding(), multiply(dProduct, transpose(w.wxh()))))
        .isLessThan(1e-14);
    assertThat(
            distance(
                embedded.weights().layers().get(0).weights().wxh(),
                multiply(transpose(network.embedding()), dProduct)))
        .isLessThan(1e-14);
  }

  @ParameterizedTest
  @EnumSource
  void aLearnedStateHasTheGradientsOfAllLanesThatStartFromIt(Cell cell) {
    Run run =
        Run.of(List.of(cell, cell), Set.of(Part.INPUT_BIAS, Part.READOUT_BIAS, Part.LEARNED), 5);
    RecurrentNetwork network = run.trace().network();
    BookWindow window = run.trace().window();
    RecurrentGradient learned =
        RecurrentGradient.full(
            network.forward(window.startingAfresh(), run.trace().state()), run.loss());
    RecurrentGradient given =
        RecurrentGradient.full(
            network.forward(window, network.startState(run.lanes())), run.loss());
    for (int l = 0; l < 2; l++) {
      LayerWeights weights = learned.weights().layers().get(l).weights();
      CellState sum = given.state()[l][0].plus(given.state()[l][1]);
      assertThat(distance(weights.h0(), sum.h())).isLessThan(1e-15);
      assertThat(distance(weights.c0(), sum.c())).isLessThan(1e-15);
      assertThat(weights.c0()).hasSize(cell == Cell.LSTM ? weights.h0().length : 0);
    }
    assertThat(Run.flatten(learned.state())).containsOnly(0);
    assertThat(Matrices.norm(Run.flatten(given.state()))).isGreaterThan(0.01);
  }

  @ParameterizedTest
  @EnumSource
  void xiOfTheFirstStepScalesWhatReachesTheStateAndNothingElse(Cell cell) {
    Run run = Run.of(List.of(cell, cell), Run.VARIANTS.get(0), 9);
    double[][] xi = Xi.whole(run.steps(), run.lanes());
    Arrays.fill(xi[0], 0.25);
    RecurrentGradient scaled = run.gradient(xi, List.of(Sweep.full(run.steps())));
    RecurrentGradient full = run.full();
    assertThat(scaled.parameters()).isEqualTo(full.parameters());
    assertThat(Run.flatten(scaled.state()))
        .isEqualTo(Matrices.scale(0.25, Run.flatten(full.state())));
  }

  @Test
  void aMaskOfOnesChangesNoBitAndOneOfZerosCutsTheWayUp() {
    Run run = Run.of(List.of(Cell.LSTM, Cell.GRU_AFTER), Run.VARIANTS.get(0), 2);
    RecurrentNetwork network = run.trace().network();
    double[][][] mask = new double[run.steps()][run.lanes()][network.layers().get(0).hidden()];
    BookWindow window = run.trace().window().withMask(new double[][][][] {mask});
    RecurrentGradient cut = full(network.forward(window, run.trace().state()), run);
    assertThat(flatten(cut.inputs())).containsOnly(0);
    Arrays.stream(mask).flatMap(Arrays::stream).forEach(row -> Arrays.fill(row, 1));
    RecurrentGradient whole = full(network.forward(window, run.trace().state()), run);
    assertThat(whole.parameters()).isEqualTo(run.full().parameters());
  }

  private static RecurrentGradient full(RecurrentTrace trace, Run run) {
    return RecurrentGradient.full(trace, run.loss());
  }

  @Test
  void parametersStandInTheEnginesOrder() {
    Layer below = LstmLayer.zeros(2, 1).withInputBias().withLearnedStart();
    Layer above = GruLayer.zeros(Reset.AFTER_PRODUCT, 1, 1).withInputBias().withRecurrentBias();
    RecurrentNetwork zeros = RecurrentNetwork.of(List.of(below, above), 2).withEmbedding(3);
    double[] numbers = new double[6 + (8 + 4 + 4 + 1 + 1) + (3 + 3 + 3 + 3) + 2 + 2];
    Arrays.setAll(numbers, i -> i);
    RecurrentNetwork network = zeros.withParameters(numbers);
    assertThat(network.parameters()).isEqualTo(numbers);
    assertThat(network.embedding()[2]).containsExactly(4, 5);
    LayerWeights lstm = network.layers().get(0).weights();
    assertThat(lstm.wxh()[1]).containsExactly(10, 11, 12, 13);
    assertThat(lstm.whh()[0]).containsExactly(14, 15, 16, 17);
    assertThat(lstm.bih()).containsExactly(18, 19, 20, 21);
    assertThat(lstm.h0()).containsExactly(22);
    assertThat(lstm.c0()).containsExactly(23);
    LayerWeights gru = network.layers().get(1).weights();
    assertThat(gru.wxh()[0]).containsExactly(24, 25, 26);
    assertThat(gru.bih()).containsExactly(30, 31, 32);
    assertThat(gru.bhh()).containsExactly(33, 34, 35);
    assertThat(network.whq()[0]).containsExactly(36, 37);
    assertThat(network.bq()).containsExactly(38, 39);
    assertThat(network.zeros().parameters()).containsOnly(0).hasSize(40);
  }

  @Test
  void saysWhatDoesNotFit() {
    Layer layer = LstmLayer.zeros(2, 3);
    RecurrentNetwork network = RecurrentNetwork.of(List.of(layer), 2);
    assertThatThrownBy(() -> RecurrentNetwork.of(List.of(), 2))
        .hasMessage("there are no layers but at least one is needed");
    assertThatThrownBy(() -> RecurrentNetwork.of(List.of(layer, layer), 2))
        .hasMessage("layer 1 takes 2 numbers but layer 0 gives 3");
    assertThatThrownBy(
            () ->
                new RecurrentNetwork(new double[5][4], List.of(layer), network.whq(), network.bq()))
        .hasMessage("layer 0 takes 2 numbers but the embedding gives 4");
    assertThatThrownBy(
            () ->
                new RecurrentNetwork(
                    new double[0][], List.of(layer), new double[2][2], new double[2]))
        .hasMessage("the readout takes 2 numbers but layer 0 gives 3");
    assertThatThrownBy(() -> network.withParameters(new double[4]))
        .hasMessage("there are 4 parameters but the network needs 68");
    BookWindow numbers = BookWindow.of(new double[4][1][2]);
    assertThatThrownBy(() -> network.withEmbedding(5).forward(numbers, network.zeroState(1)))
        .hasMessage("the inputs are numbers but the network embeds tokens: it needs ids");
    assertThatThrownBy(
            () -> network.forward(BookWindow.of(new int[][] {{2}}), network.zeroState(1)))
        .hasMessage("there is a token 2 but the network knows 0 to 1");
    assertThatThrownBy(() -> numbers.withReset(new boolean[4][2]))
        .hasMessage("reset is [4][2] but the inputs are 4 steps of 1 lanes");
    RecurrentTrace trace = network.forward(numbers, network.zeroState(1));
    BookLoss loss = BookLoss.classes(0, 1, 0, 1);
    assertThatThrownBy(() -> RecurrentGradient.coupled(trace, loss, 1, Xi.whole(5, 1)))
        .hasMessage("xi is [5][1] but the trace has 4 steps of 1 lanes");
  }
}
