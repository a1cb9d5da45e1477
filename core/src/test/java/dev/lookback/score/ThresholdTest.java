package dev.lookback.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The promised share holds exactly: counted over every place that a further line may have. */
class ThresholdTest {

  @Test
  void amongOneMoreLineTheShareAboveIsAtMostWhatWasAskedFor() {
    for (int n : new int[] {1, 2, 9, 19, 99, 250}) {
      for (double share : new double[] {0.5, 0.1, 0.05, 0.01}) {
        if (share < 1.0 / (n + 1)) {
          continue;
        }
        // n + 1 exchangeable lines: each is in turn the further one.
        int above = 0;
        for (int left = 0; left <= n; left++) {
          int out = left;
          double[] usual =
              IntStream.rangeClosed(0, n).filter(i -> i != out).asDoubleStream().toArray();
          above += out > Threshold.of(usual, share).excess() ? 1 : 0;
        }
        assertThat(above).isEqualTo((int) Math.floor(share * (n + 1) + 1e-9));
      }
    }
  }

  @Test
  void theOrderOfTheLinesDoesNotMatterAndTiesAreUsual() {
    Threshold threshold = Threshold.of(new double[] {5, 1, 5, 2}, 0.2);
    assertThat(threshold.excess()).isEqualTo(5);
    LineScore five = new LineScore(new double[] {7}, new double[] {2});
    assertThat(threshold.exceededBy(five)).isFalse();
    assertThat(threshold.exceededBy(new LineScore(new double[] {7.1}, new double[] {2}))).isTrue();
  }

  @Test
  void theShareThatIsAdvisedSuffices() {
    for (int n = 1; n < 3000; n++) {
      double[] usual = new double[n];
      IllegalArgumentException few =
          catchThrowableOfType(
              IllegalArgumentException.class, () -> Threshold.of(usual, Double.MIN_NORMAL));
      String advised =
          String.valueOf(few.getMessage()).replaceAll(".*a share of ([0-9.]+) or more", "$1");
      assertThat(Threshold.of(usual, Double.parseDouble(advised)).lines()).isEqualTo(n);
    }
  }

  @Test
  void tooFewLinesAndSharesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> Threshold.of(new double[99], 0.001))
        .hasMessageContaining("99 usual lines")
        .hasMessageEndingWith("use more of them, or a share of 0.01 or more");
    assertThatThrownBy(() -> Threshold.of(new double[298], 0.001))
        .hasMessageEndingWith("or a share of 0.00335 or more");
    assertThatThrownBy(() -> Threshold.of(new double[0], 0.5)).hasMessageContaining("are none");
    assertThatThrownBy(() -> Threshold.of(new double[9], 0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Threshold.of(new double[9], 1.5)).hasMessageContaining("below 1");
    assertThatThrownBy(() -> Threshold.of(new double[9], Double.NaN)).hasMessageContaining("NaN");
  }
}
