package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.BookLoss;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.Phi;
import dev.lookback.cell.Elman;
import dev.lookback.data.Epoch;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final Team TEAM = Team.of(1);
  private static final int SYMBOLS = 6;
  private static final Network NETWORK = Network.of(Elman.of(SYMBOLS, 8), Readout.softmax(SYMBOLS));
  private static final Weights WEIGHTS = NETWORK.initialize(Initialization.orthogonal(), 3);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Tokens text(int length) {
    return RandomText.of(SYMBOLS, length);
  }

  /** The sum of all losses by the book, the state carried within a lane or not. */
  private static Evaluation byBook(Sampling sampling, boolean carried) {
    double[] w = new double[WEIGHTS.values().length];
    Arrays.setAll(w, i -> WEIGHTS.values()[i]);
    ElmanNetwork book = ElmanNetwork.zeros(Phi.TANH, SYMBOLS, 8, SYMBOLS).withParameters(w);
    double[][][] state = book.zeroState(sampling.lanes());
    double sum = 0;
    long tokens = 0;
    Epoch epoch = sampling.epoch(0);
    while (epoch.hasNext()) {
      Window window = epoch.next();
      int lanes = window.lanes();
      if (!carried) {
        state = book.zeroState(lanes);
      }
      double[][][] x = Matrices.oneHot(square(((Inputs.Tokens) window.inputs()).ids(), lanes), 6);
      ElmanTrace trace = book.forward(x, state);
      int[][] y = square(((Targets.Classes) window.targets()).ids(), lanes);
      sum += trace.loss(new BookLoss.CrossEntropy(y), 1);
      tokens += (long) window.steps() * lanes;
      state = new double[][][] {trace.h()[0][window.steps() - 1]};
    }
    return new Evaluation(sum / tokens, tokens);
  }

  private static int[][] square(int[] flat, int lanes) {
    int[][] rows = new int[flat.length / lanes][];
    Arrays.setAll(rows, t -> Arrays.copyOfRange(flat, t * lanes, (t + 1) * lanes));
    return rows;
  }

  private static void assertSame(Evaluation found, Evaluation expected) {
    assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-6));
    assertThat(found.tokens()).isEqualTo(expected.tokens());
  }

  @Test
  void lanesCarryTheirState() {
    Sampling lanes = Lanes.of(text(400), 3, 11).keepingRemainder();
    Evaluation found = Evaluation.of(NETWORK, WEIGHTS, lanes, TEAM);
    assertSame(found, byBook(lanes, true));
    assertThat(found.tokens()).isEqualTo(399);
    Evaluation reset = Evaluation.of(NETWORK, WEIGHTS, lanes, StatePolicy.RESET, TEAM);
    assertSame(reset, byBook(lanes, false));
    assertThat(reset.loss()).isNotEqualTo(found.loss());
  }

  @Test
  void windowsStartAfreshAndTheLastBatchMayBeSmaller() {
    Sampling windows = Windows.of(text(200), 9, 4);
    Evaluation found = Evaluation.of(NETWORK, WEIGHTS, windows, TEAM);
    assertSame(found, byBook(windows, false));
    assertThat(found.tokens()).isEqualTo(22 * 9);
  }

  @Test
  void theLengthOfAWindowDoesNotMatterWhereStateIsCarried() {
    Tokens text = text(301);
    double whole = Evaluation.of(NETWORK, WEIGHTS, Lanes.of(text, 2, 150), TEAM).loss();
    double pieces =
        Evaluation.of(NETWORK, WEIGHTS, Lanes.of(text, 2, 7).keepingRemainder(), TEAM).loss();
    assertThat(pieces).isCloseTo(whole, within(1e-12));
  }

  @Test
  void perplexityAndBitsOfTheLoss() {
    Evaluation evaluation = new Evaluation(Math.log(8), 1);
    assertThat(evaluation.perplexity()).isCloseTo(8, within(1e-12));
    assertThat(evaluation.bits()).isCloseTo(3, within(1e-12));
    Evaluation uniform =
        Evaluation.of(NETWORK, Weights.zeros(NETWORK.layout()), Lanes.of(text(100), 3, 5), TEAM);
    assertThat(uniform.perplexity()).isCloseTo(SYMBOLS, within(1e-5));
  }

  @Test
  void tokensTheNetworkDoesNotKnowAreRefused() {
    int[] ids = new int[60];
    ids[30] = SYMBOLS;
    Sampling strange = Windows.of(Tokens.of(ids), 1, 1);
    assertThatThrownBy(() -> Evaluation.of(NETWORK, WEIGHTS, strange, TEAM))
        .hasMessage("a target is class 6 but the network has the outputs 0 to 5");
    Sampling later = Windows.of(Tokens.of(ids).slice(30, 60), 2, 3);
    assertThatThrownBy(() -> Evaluation.of(NETWORK, WEIGHTS, later, TEAM))
        .hasMessage("the input at step 0, lane 0 is token 6 but the network knows 0 to 5");
  }
}
