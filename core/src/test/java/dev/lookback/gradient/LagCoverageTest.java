package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.RandomTruncation;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.math.Randomness;
import dev.lookback.window.Links;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counted lags against their closed forms, and expected ones against all outcomes. */
class LagCoverageTest {

  @ParameterizedTest
  @CsvSource({"1", "2", "35"})
  void fullLooksBackToTheWindowsStart(int steps) {
    assertThat(Coupling.full().lagCoverage(steps))
        .isEqualTo(new LagCoverage(1, (steps + 1) / 2.0, steps));
  }

  @ParameterizedTest
  @CsvSource({"1, 8", "8, 8", "35, 140", "5, 10"})
  void fixedGivesHalfOfWhatItsNumberSays(int tau, int steps) {
    assertThat(Coupling.fixed(tau).lagCoverage(steps))
        .isEqualTo(new LagCoverage(1, (tau + 1) / 2.0, tau));
  }

  @Test
  void aShorterLastSegmentCounts() {
    // 1 2 3 1 2 3 1
    assertThat(Coupling.fixed(3).lagCoverage(7)).isEqualTo(new LagCoverage(1, 13 / 7.0, 3));
    assertThat(Coupling.fixed(9).lagCoverage(4)).isEqualTo(Coupling.full().lagCoverage(4));
  }

  @Test
  void slidingStopsAtTheWindowsStart() {
    // Sweeps [0, 2) to 0, [2, 4) to 0, [4, 6) to 1, [6, 7) to 2: 1 2, 3 4, 4 5, 5.
    assertThat(Coupling.sliding(2, 5).lagCoverage(7)).isEqualTo(new LagCoverage(1, 24 / 7.0, 5));
    assertThat(Coupling.sliding(3, 3).lagCoverage(9)).isEqualTo(Coupling.fixed(3).lagCoverage(9));
    assertThat(Coupling.sliding(4, 50).lagCoverage(20)).isEqualTo(Coupling.full().lagCoverage(20));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 7", "3, 3", "3, 7", "4, 20", "5, 9"})
  void throughWindowsTheStartIsForgotten(int k1, int k2) {
    Coupling.Sliding sliding = new Coupling.Sliding(k1, k2);
    LagCoverage expected = new LagCoverage(k2 - k1 + 1, k2 - (k1 - 1) / 2.0, k2);
    assertThat(sliding.lagCoverageThroughWindows(k1)).isEqualTo(expected);
    assertThat(sliding.lagCoverageThroughWindows(5 * k1)).isEqualTo(expected);
    assertThat(sliding.backwardSteps(5 * k1)).isEqualTo((double) k2 / k1);
    // One window of k1 steps that begins k2 steps behind the stream's start.
    int start = k1 * k2;
    List<Sweep> sweeps = sliding.couple(start + k1, 1, Randomness.of(0)).sweeps();
    Sweep last = sweeps.get(sweeps.size() - 1);
    assertThat(last.injectFrom()).isEqualTo(start);
    assertThat(last.length()).isEqualTo(expected.most());
    assertThat(last.injectFrom() - last.backTo() + 1).isEqualTo(expected.fewest());
    // And a long window's mean differs from it by what its first k2 steps lack.
    int steps = 1000 * k1;
    assertThat(sliding.lagCoverage(steps).mean())
        .isBetween(expected.mean() - k2 * (double) k2 / steps, expected.mean());
  }

  @Test
  void aWindowsEndIsABoundaryToo() {
    // Windows of 50 of 100 steps: each sweep has but its window's steps.
    assertThat(new Coupling.Sliding(100, 100).lagCoverageThroughWindows(50))
        .isEqualTo(new LagCoverage(1, 25.5, 50));
    assertThat(new Coupling.Sliding(100, 100).backwardSteps(50)).isEqualTo(1);
    // Boundaries at 3, 6 and 7 of every 7: 5 6 7, 5 6 7, 7.
    assertThat(new Coupling.Sliding(3, 7).lagCoverageThroughWindows(7))
        .isEqualTo(new LagCoverage(5, 43 / 7.0, 7));
    // Windows of 2: each has its 2 steps and the 4 before.
    assertThat(new Coupling.Sliding(3, 7).lagCoverageThroughWindows(2))
        .isEqualTo(new LagCoverage(5, 5.5, 6));
    assertThat(new Coupling.Sliding(3, 7).backwardSteps(2)).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "35"})
  void everyLossHasAtLeastWhatItIsPromised(int lags) {
    Coupling.Sliding sliding = Coupling.everyLossAtLeast(lags);
    assertThat(sliding.lagCoverageThroughWindows(lags))
        .isEqualTo(new LagCoverage(lags, (3 * lags - 1) / 2.0, 2 * lags - 1));
    assertThat(sliding.couple(200, 1, Randomness.of(0)))
        .usingRecursiveComparison()
        .isEqualTo(Coupling.sliding(lags, 2 * lags - 1).couple(200, 1, Randomness.of(0)));
    assertThat(sliding.label()).isEqualTo("every-loss-at-least:" + lags);
    // One lag less in the sweeps would be too few.
    if (lags > 1) {
      assertThat(new Coupling.Sliding(lags, 2 * lags - 2).lagCoverageThroughWindows(lags).fewest())
          .isEqualTo(lags - 1);
    }
  }

  @Test
  void anotherSlidingIsNotCalledByItsLags() {
    assertThatThrownBy(() -> new Coupling.Sliding(4, 8, true))
        .hasMessage(
            "every loss looks back over K1 steps or more in sliding:K1,2K1-1, and this is"
                + " sliding:4,8");
  }

  /** (1/T) sum_t (1 - pi^(t+1)) / (1 - pi) = m - m pi (1 - pi^T) / (1 - pi) / T. */
  @ParameterizedTest
  @CsvSource({"2, 1", "2, 9", "4.5, 40", "50, 35", "35, 2000"})
  void geometricSegmentsHaveTheClosedForm(double mean, int steps) {
    double pi = 1 - 1 / mean;
    double expected = mean - mean * pi * (1 - Math.pow(pi, steps)) / (1 - pi) / steps;
    LagCoverage found = Coupling.random(mean).lagCoverage(steps);
    assertThat(found.mean()).isCloseTo(expected, within(1e-10 * mean));
    assertThat(found.fewest()).isEqualTo(1);
    assertThat(found.most()).isEqualTo(steps);
  }

  @Test
  void longWindowsTakeTheChanceOfACutForWhatItHasComeTo() {
    double pi = 1 - 1 / 300.0;
    int steps = 40_000;
    double expected = 300 - 300 * pi * (1 - Math.pow(pi, steps)) / (1 - pi) / steps;
    assertThat(Coupling.random(300).lagCoverage(steps).mean())
        .isCloseTo(expected, within(1e-9 * expected));
    for (KeepProbability keep :
        List.of(
            KeepProbability.powerLaw(4, 50),
            KeepProbability.floor(20, KeepProbability.geometric(30)))) {
      double walked = LagCoverage.walked(keep, 12_000).mean();
      assertThat(LagCoverage.expected(keep, 12_000).mean())
          .isCloseTo(walked, within(1e-4 * walked));
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "7", "12"})
  void expectedLagsAreTheMeanOverAllOutcomes(int steps) {
    double[] each = {1, 0.5, 0.9, 0.25, 1, 0.7, 0.8, 0.6, 0.5, 0.75, 0.9, 0.4};
    for (KeepProbability keep :
        List.of(
            KeepProbability.geometric(3),
            KeepProbability.powerLaw(4, 5),
            KeepProbability.floor(3, KeepProbability.powerLaw(3, 2)),
            KeepProbability.perStep(each))) {
      double mean = 0;
      int most = 0;
      for (Outcome outcome : RandomTruncation.shared(steps, 1, keep::at)) {
        int lags = 0;
        int sum = 0;
        for (double[] xi : outcome.xi()) {
          lags = xi[0] == 0 ? 1 : lags + 1;
          sum += lags;
          most = Math.max(most, lags);
        }
        mean += outcome.probability() * sum / steps;
      }
      LagCoverage found = new Coupling.Randomised(keep, 5, Drawing.SHARED).lagCoverage(steps);
      assertThat(found.mean()).isCloseTo(mean, within(1e-12));
      assertThat(found.most()).isEqualTo(most);
    }
  }

  @Test
  void givenLinksAreCountedLaneByLane() {
    // Lane 0 is cut at 2 and 4, lane 1 at 1 and 2: 1 2 1 2 1 and 1 1 1 2 3.
    Links links = Links.perLane(new float[] {1, 1, 2, 0, 0, 0, 2, 1, 0, 3}, 2);
    assertThat(Coupling.given(links).lagCoverage(5)).isEqualTo(new LagCoverage(1, 1.5, 3));
    // What stands in front of the window cuts nothing inside.
    assertThat(Coupling.given(Links.shared(new float[] {0, 1, 1})).lagCoverage(3))
        .isEqualTo(new LagCoverage(1, 2, 3));
    assertThatThrownBy(() -> Coupling.given(links).lagCoverage(4))
        .hasMessage("xi has 5 steps but the window has 4");
  }

  @Test
  void aWindowHasAStep() {
    assertThatThrownBy(() -> Coupling.fixed(3).lagCoverage(0))
        .hasMessage("the window has 0 steps but a loss needs one at least");
    assertThatThrownBy(() -> Coupling.random(3).lagCoverage(-1))
        .hasMessage("the window has -1 steps but a loss needs one at least");
    assertThatThrownBy(() -> new LagCoverage(3, 2, 4))
        .hasMessage(
            "losses look back over 3 to 4 steps, 2.0 on average: a loss has its own step at least,"
                + " and the mean lies between the two");
  }
}
