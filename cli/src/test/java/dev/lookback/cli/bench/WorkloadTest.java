package dev.lookback.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cli.CellKind;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Operations counted from sizes, and the windows that are made up. */
class WorkloadTest {
  private static final int V = 5;
  private static final int H = 3;
  private static final int B = 2;
  private static final int T = 4;

  private static Workload workload(CellKind cell, int layers, boolean dense) {
    return new Workload(cell, V, H, layers, dense, B, T);
  }

  // Calculated by hand: N = 8, 2 N = 16, the readout's H V = 15.
  @ParameterizedTest
  @CsvSource({
    // 16 (1*3*3 + 15), three times
    "ELMAN, 1, false, 384, 1152",
    // 16 (1*3*(5+3) + 15); 3 * 624 - 16*1*3*5
    "ELMAN, 1, true, 624, 1632",
    // 16 (3*3*3 + 15), three times
    "GRU, 1, false, 672, 2016",
    // 16 (4*3*3 + 15), three times
    "LSTM, 1, false, 816, 2448",
    // 16 (4*3*(5+3) + 15); 3 * 1776 - 16*4*3*5
    "LSTM, 1, true, 1776, 4368",
    // 16 (4*3*3 + 4*3*(3+3) + 15), three times
    "LSTM, 2, false, 1968, 5904",
    // 16 (3*3*(5+3) + 2 * 3*3*(3+3) + 15); 3 * 3120 - 16*3*3*5
    "GRU, 3, true, 3120, 8640",
  })
  void operationsAreThoseOfTheProducts(
      CellKind cell, int layers, boolean dense, double forward, double training) {
    Workload workload = workload(cell, layers, dense);
    assertThat(workload.forwardOperations(T)).isEqualTo(forward);
    assertThat(workload.trainingOperations()).isEqualTo(training);
    assertThat(Mode.TRAIN.operations(workload)).isEqualTo(training);
    assertThat(Mode.STEP.operations(workload)).isEqualTo(forward / T);
    assertThat(Mode.TRAIN.steps(workload)).isEqualTo(T);
    assertThat(Mode.STEP.steps(workload)).isEqualTo(1);
  }

  @Test
  void largeSizesDoNotOverflow() {
    Workload workload = new Workload(CellKind.LSTM, 50_000, 20_000, 2, false, 1000, 1000);
    assertThat(workload.trainingOperations()).isGreaterThan(1e16);
  }

  @Test
  void denseRowsAreTheTokens() {
    Window tokens = workload(CellKind.LSTM, 1, false).window(T, Randomness.of(1));
    Window dense = workload(CellKind.LSTM, 1, true).window(T, Randomness.of(1));
    int[] ids = ((Inputs.Tokens) tokens.inputs()).ids();
    float[] rows = ((Inputs.Dense) dense.inputs()).values();
    assertThat(ids).hasSize(T * B);
    assertThat(rows).hasSize(T * B * V);
    for (int row = 0; row < ids.length; row++) {
      float[] expected = new float[V];
      expected[ids[row]] = 1;
      assertThat(Arrays.copyOfRange(rows, row * V, (row + 1) * V)).isEqualTo(expected);
    }
    int[] targets = ((Targets.Classes) tokens.targets()).ids();
    assertThat(targets).isNotEqualTo(ids).isEqualTo(((Targets.Classes) dense.targets()).ids());
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void trainingStepsLearnTheWindowFromEitherInput(CellKind cell) {
    try (Team team = Team.of(1)) {
      Step tokens = new TrainingStep(workload(cell, 2, false), team, 7);
      Step dense = new TrainingStep(workload(cell, 2, true), team, 7);
      tokens.run();
      dense.run();
      double first = tokens.loss().orElseThrow();
      assertThat(dense.loss().orElseThrow()).isCloseTo(first, within(1e-6));
      for (int i = 0; i < 200; i++) {
        tokens.run();
      }
      assertThat(tokens.loss().orElseThrow()).isLessThan(first);
    }
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void predictionStepsHaveNoLoss(CellKind cell) {
    try (Team team = Team.of(2)) {
      for (boolean dense : new boolean[] {false, true}) {
        Step step = Step.of(Mode.STEP, workload(cell, 2, dense), team, 7);
        for (int i = 0; i < 20; i++) {
          step.run();
        }
        assertThat(step.loss()).isEmpty();
      }
    }
  }
}
