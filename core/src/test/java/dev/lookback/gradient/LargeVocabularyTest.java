package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.book.RecurrentTrace;
import dev.lookback.gradient.CellCase.Kind;
import dev.lookback.gradient.CellCase.Outcome;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A softmax over 50,000 tokens: its outputs come and go in pieces. */
class LargeVocabularyTest {
  private static final int TOKENS = 50_000;
  private static final int HIDDEN = 16;
  private static final int LANES = 4;
  // What a pass says of its outputs, in bytes: 2^22 of them at most, in whole steps.
  private static final long OUTPUTS = 4L << 22;
  private static final long STEP = 4L * LANES * TOKENS;
  private static final Team TEAM = Team.of(2);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static CellCase embedded(Kind kind, int steps) {
    Network network =
        Network.of(kind.cell(HIDDEN, HIDDEN), Readout.softmax(TOKENS)).withEmbedding(TOKENS);
    CellCase c = CellCase.of(network, LANES, steps, true, 2);
    return c.with(c.window().withReset(c.resets(3)).withWeight(c.sampleWeights(3)));
  }

  @ParameterizedTest
  @EnumSource
  void theEngineAgreesWithTheBookInBlocksOfAnySize(Kind kind) {
    CellCase c = embedded(kind, 12);
    RecurrentTrace trace = c.bookTrace();
    for (Coupling coupling : List.of(Coupling.full(), Coupling.sliding(3, 7))) {
      Coupled coupled = coupling.couple(12, LANES, Randomness.of(1));
      double[] expected = c.book(trace, coupled).parameters();
      for (int blockSteps : new int[] {1, 5, 32}) {
        Outcome found = c.engine(coupling, 1, blockSteps, TEAM);
        CellEngineTest.assertTensors(coupling.label() + " ", c, found.gradient(), expected);
      }
    }
  }

  /** Twenty steps at a time go into sixteen megabytes, so this window's take two and a bit. */
  @Test
  void piecesOfABlockGiveWhatSmallBlocksGive() {
    CellCase c =
        CellCase.of(
            Network.of(Kind.GRU_AFTER.cell(TOKENS, HIDDEN), Readout.softmax(TOKENS)),
            LANES,
            45,
            true,
            5);
    Outcome expected = c.engine(Coupling.full(), 1, 4, TEAM);
    Outcome found = c.engine(Coupling.full(), 1, 64, TEAM);
    assertThat(Math.abs(found.loss() - expected.loss())).isLessThan(1e-12 * expected.loss());
    CellEngineTest.assertTensors(
        "pieces ", c, found.gradient(), EngineTest.toDouble(expected.gradient()));
  }

  @Test
  void whatIsMaskedMayBeAnything() {
    CellCase c = embedded(Kind.LSTM, 12);
    int[] ids = ((Targets.Classes) c.window().targets()).ids().clone();
    float[] weight = c.window().weight().orElseThrow();
    for (int row = 0; row < ids.length; row++) {
      ids[row] = weight[row] == 0 ? -1 : ids[row];
    }
    assertThat(ids).contains(-1);
    CellCase other =
        c.with(
            new Window(
                12,
                LANES,
                c.window().inputs(),
                new Targets.Classes(ids),
                c.window().reset(),
                c.window().weight()));
    Outcome expected = c.engine(Coupling.full(), 1, 32, TEAM);
    Outcome found = other.engine(Coupling.full(), 1, 32, TEAM);
    assertThat(found.loss()).isEqualTo(expected.loss());
    assertThat(found.gradient()).isEqualTo(expected.gradient());
  }

  @ParameterizedTest
  @EnumSource
  void memoryForOutputsDoesNotGrowWithTheWindow(Kind kind) {
    for (int blockSteps : new int[] {1, 5, 32}) {
      CellCase few = embedded(kind, 12);
      CellCase many = embedded(kind, 96);
      long outputs = Math.min(blockSteps, OUTPUTS / STEP) * STEP;
      // The rest is states, gates and deltas: at most eighteen planes of all steps.
      long planes = 4L * 18 * (LANES * HIDDEN + 80);
      assertThat(peak(few, blockSteps)).isBetween(outputs, outputs + planes * (12 + 2 * 33));
      assertThat(peak(many, blockSteps)).isBetween(outputs, outputs + planes * (96 + 2 * 33));
    }
  }

  private static long peak(CellCase c, int blockSteps) {
    Pass pass = new Pass(c.network(), c.lanes(), blockSteps, TEAM);
    Coupled coupled = Coupling.full().couple(c.steps(), c.lanes(), Randomness.of(1));
    State state = c.state().copy();
    pass.run(c.weights(), c.window(), coupled, state, Weights.zeros(c.network().layout()));
    return pass.peakActivationBytes();
  }
}
