package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.analysis.Estimate;
import org.junit.jupiter.api.Test;

class RecommendationTest {
  @Test
  void anIntervalThatReachesAnywhereIsNotPrinted() {
    assertThat(Recommendation.bias(new Estimate(0.1, 0.08, 0.13)))
        .isEqualTo("10.0% (8.0% to 13.0%)");
    assertThat(Recommendation.bias(new Estimate(0.071, 7e-12, 7e8)))
        .endsWith("% (so few windows leave it open: use more, --windows)");
  }
}
