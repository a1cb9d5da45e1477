package dev.lookback.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeakTest {
  private static final double BRIEFLY = 0.02;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyTeamHasAPeak(int threads) {
    try (Team team = Team.of(threads);
        Team scalar = Team.scalar(threads)) {
      assertThat(Peak.gigaflops(team, BRIEFLY)).isFinite().isPositive();
      assertThat(Peak.gigaflops(scalar, BRIEFLY)).isFinite().isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void noTimeIsRefused(double seconds) {
    try (Team team = Team.of(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Peak.gigaflops(team, seconds))
          .withMessageContaining("needs more than 0, such as 0.5");
    }
  }

  @Test
  void theTeamIsThereForOtherWorkAfterwards() {
    try (Team team = Team.of(2)) {
      Peak.gigaflops(team, BRIEFLY);
      int[] seen = new int[1000];
      team.split(
          seen.length,
          1_000_000,
          (worker, from, to) -> {
            for (int i = from; i < to; i++) {
              seen[i] = i;
            }
          });
      assertThat(seen[999]).isEqualTo(999);
    }
  }
}
