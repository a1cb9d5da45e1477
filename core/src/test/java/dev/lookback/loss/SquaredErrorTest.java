package dev.lookback.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.math.Team;
import dev.lookback.window.Targets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SquaredErrorTest {
  private static final Team TEAM = Team.of(1);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  // Rows 1 to 3 of a window of four; numbers that floats hold, so that nothing is rounded.
  @Test
  void isHalfTheSquaredDistanceOfTheRowsThatCount() {
    float[] o = {3, 4, Float.NaN, 8, 1, 1};
    Targets targets = new Targets.Values(new float[] {9, 9, 1, 2, 9, 9, 0, 3}, 2);
    float[] weight = {9, 1, 0, 0.5f};
    assertThat(run(o, new Loss.RowRange(1, 3, 2), targets, Optional.of(weight), 0.25))
        .isEqualTo(0.5 * (4 + 4) + 0.5 * 0.5 * (1 + 4));
    assertThat(o).containsExactly(0.5f, 0.5f, 0, 0, 0.125f, -0.25f);
  }

  @Test
  void withoutWeightsEveryRowCountsOnce() {
    float[] o = {3, 5};
    Targets targets = new Targets.Values(new float[] {1, 2}, 1);
    assertThat(run(o, new Loss.RowRange(0, 2, 1), targets, Optional.empty(), 1)).isEqualTo(6.5);
    assertThat(o).containsExactly(2, 3);
  }

  @Test
  void refusesTargetsOfAnotherShape() {
    Loss.RowRange rows = new Loss.RowRange(0, 1, 2);
    String needed = "squared error needs targets [T, B, 2], as many as the network has outputs, ";
    assertThatThrownBy(
            () -> run(new float[2], rows, new Targets.Values(new float[3], 3), Optional.empty(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(needed + "not [T, B, 3]");
    assertThatThrownBy(
            () -> run(new float[2], rows, new Targets.Classes(new int[1]), Optional.empty(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(needed + "not class ids");
  }

  @Test
  void saysWhatItIsCountedIn() {
    assertThat(new SquaredError().unit()).isEqualTo("half squared error");
    assertThat(new SquaredError().label()).isEqualTo("squared-error");
  }

  private static double run(
      float[] o, Loss.RowRange rows, Targets targets, Optional<float[]> weight, double scale) {
    return new SquaredError().lossAndGradient(o, rows, targets, weight, scale, TEAM);
  }
}
