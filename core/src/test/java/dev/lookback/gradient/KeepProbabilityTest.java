package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.RandomTruncation;
import dev.lookback.book.RandomTruncation.Moments;
import dev.lookback.book.ScalarRecursion;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mean lengths and variances of the schedules, summed and not sampled. */
class KeepProbabilityTest {

  /** P(a segment is longer than l), l = 0, 1, .. */
  private static double[] survival(KeepProbability keep, int count) {
    double[] survival = new double[count];
    survival[0] = 1;
    for (int l = 1; l < count; l++) {
      survival[l] = survival[l - 1] * keep.at(l, l);
    }
    return survival;
  }

  /**
   * The tail of the power law has a closed form: sum_{l >= N} P(longer than l) = ((alpha-2) mean +
   * N) / (alpha-2) P(longer than N), because the difference from N to N + 1 is P(longer than N).
   * With it the sum is the mean exactly, wherever the tail begins.
   */
  @ParameterizedTest
  @CsvSource({"3, 16", "4, 5", "4, 50", "6, 16", "6, 100", "2.25, 1.5", "2.01, 40", "1e3, 35"})
  void thePowerLawsMeanIsExact(double alpha, double mean) {
    for (int n : new int[] {0, 1, 2, 50, 5000}) {
      double[] survival = survival(KeepProbability.powerLaw(alpha, mean), n + 1);
      double head = Arrays.stream(survival, 0, n).sum();
      double tail = ((alpha - 2) * mean + n) / (alpha - 2) * survival[n];
      assertThat(head + tail).isCloseTo(mean, within(1e-10 * mean));
    }
  }

  /** P(longer than 2l) / P(longer than l) goes to 2^-(alpha-1). */
  @ParameterizedTest
  @CsvSource({"3", "4", "6"})
  void thePowerLawsTailFallsAsAPower(double alpha) {
    double[] survival = survival(KeepProbability.powerLaw(alpha, 10), 200_001);
    assertThat(survival[200_000] / survival[100_000])
        .isCloseTo(Math.pow(2, 1 - alpha), within(1e-3));
  }

  @ParameterizedTest
  @CsvSource({"6, 16, 10", "4, 50, 26"})
  void thePowerLawsMedianIsWellBelowItsMean(double alpha, double mean, int median) {
    double[] survival = survival(KeepProbability.powerLaw(alpha, mean), median + 1);
    // The first length that half of the segments do not pass.
    assertThat(survival[median - 1]).isGreaterThan(0.5);
    assertThat(survival[median]).isLessThan(0.5);
  }

  @ParameterizedTest
  @CsvSource({"50, 20", "50, 48", "22.5, 1", "3, 1"})
  void aFloorKeepsTheMean(double mean, int floor) {
    KeepProbability keep = Coupling.randomFloor(mean, floor).keep();
    double[] survival = survival(keep, floor + 1);
    assertThat(survival).containsOnly(1);
    // From there on the tail is geometric: 1 + pi + pi^2 + ..
    double pi = keep.at(floor + 1, floor + 1);
    assertThat(floor + 1 / (1 - pi)).isCloseTo(mean, within(1e-12 * mean));
    assertThat(keep.at(7000, 7000)).isEqualTo(pi);
    // With a power law behind it, by the closed form of its tail.
    KeepProbability law = KeepProbability.floor(floor, KeepProbability.powerLaw(4, mean - floor));
    double[] both = survival(law, floor + 101);
    double tail = (2 * (mean - floor) + 100) / 2 * both[floor + 100];
    assertThat(Arrays.stream(both, 0, floor + 100).sum() + tail)
        .isCloseTo(mean, within(1e-11 * mean));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 100, 0.5",
    "0.9, 100, 0.9",
    // The cap, where it is above 0.985^1.5 = 0.9776.
    "0.985, 50, 0.98",
    // The cap would be 0.98, below 0.999^1.5.
    "0.999, 50, 0.99850037",
    "0.1, Infinity, 0.1"
  })
  void aMeasuredDecayIsTheProbability(double decay, double longest, double pi) {
    Coupling.Randomised random = Coupling.randomMeasured(decay, longest);
    assertThat(random.keep().at(1, 1)).isCloseTo(pi, within(1e-8));
    assertThat(random.mean()).isCloseTo(1 / (1 - pi), within(1e-5 * random.mean()));
    // Finite variance: the recursion's second moment has a limit.
    assertThat(ScalarRecursion.geometric(1, decay, random.keep().at(1, 1)).variance()).isFinite();
  }

  @Test
  void aDecayThatIsNoneIsRefused() {
    assertThatThrownBy(() -> Coupling.randomMeasured(1, 50))
        .hasMessage(
            "the measured decay is 1.0 but has to be above 0 and below 1: credit that does not"
                + " decay leaves no pi below 1 with a finite variance. Use full");
    assertThatThrownBy(() -> Coupling.randomMeasured(Double.NaN, 50))
        .hasMessageStartingWith("the measured decay is NaN");
    assertThatThrownBy(() -> Coupling.randomMeasured(0.5, 1))
        .hasMessage("the longest mean length is 1.0 but has to be more than 1 step");
  }

  /** E z_t and Var z_t of z_t = 1 + xi_t c z_{t-1}, by the steps since the last cut. */
  private static double variance(KeepProbability keep, double c, int steps) {
    // Probability, E z and E z^2 where the last cut is d - 1 links ago.
    double[] p = new double[steps + 2];
    double[] first = new double[steps + 2];
    double[] second = new double[steps + 2];
    p[1] = 1;
    first[1] = 1;
    second[1] = 1;
    for (int t = 1; t < steps; t++) {
      double cut = 0;
      for (int d = t; d >= 1; d--) {
        double pi = keep.at(t, d);
        second[d + 1] = pi * p[d] + 2 * c * first[d] + c * c / pi * second[d];
        first[d + 1] = pi * p[d] + c * first[d];
        p[d + 1] = pi * p[d];
        cut += (1 - pi) * p[d];
      }
      p[1] = cut;
      first[1] = cut;
      second[1] = cut;
    }
    double mean = Arrays.stream(first).sum();
    return Arrays.stream(second).sum() - mean * mean;
  }

  @ParameterizedTest
  @CsvSource({"0.9, 4", "0.5, 2", "-0.7, 3"})
  void theSummedVarianceIsTheEnumeratedOne(double c, double mean) {
    double[] ones = new double[11];
    double[] cs = new double[11];
    Arrays.fill(ones, 1);
    Arrays.fill(cs, c);
    ScalarRecursion r = new ScalarRecursion(ones, cs);
    for (KeepProbability keep :
        new KeepProbability[] {
          KeepProbability.geometric(mean),
          KeepProbability.powerLaw(4, mean),
          KeepProbability.floor(3, KeepProbability.geometric(mean))
        }) {
      Moments moments =
          RandomTruncation.moments(
              RandomTruncation.shared(11, 1, keep::at),
              xi -> r.randomized(Arrays.stream(xi).mapToDouble(row -> row[0]).toArray()));
      assertThat(variance(keep, c, 11)).isCloseTo(moments.variance()[10], within(1e-11));
    }
  }

  /** E z^2 = (1 + 2c / (1-c)) / (1 - c^2/pi) is what the sum goes to. */
  @ParameterizedTest
  @CsvSource({"0.8, 5, 20", "0.8, 10, 6.154", "0.9, 20, 28.93", "0.9, 50, 9.529"})
  void theGeometricVarianceIsTheFormulas(double c, double mean, double computed) {
    double found = variance(KeepProbability.geometric(mean), c, 1500);
    assertThat(found)
        .isCloseTo(ScalarRecursion.geometric(1, c, 1 - 1 / mean).variance(), within(1e-9 * found));
    assertThat(found).isCloseTo(computed, within(6e-4 * computed));
  }

  /** The table of recomputed numbers has infinity here for the geometric schedule. */
  @ParameterizedTest
  @CsvSource({"0.9, 5", "0.95, 5", "0.95, 10"})
  void thePowerLawsVarianceIsFiniteWhereTheGeometricOneIsNot(double c, double mean) {
    assertThat(ScalarRecursion.geometric(1, c, 1 - 1 / mean).variance()).isInfinite();
    KeepProbability geometric = KeepProbability.geometric(mean);
    assertThat(variance(geometric, c, 800)).isGreaterThan(2 * variance(geometric, c, 400));
    KeepProbability law = KeepProbability.powerLaw(4, mean);
    double late = variance(law, c, 1600);
    assertThat(variance(law, c, 800)).isCloseTo(late, within(1e-3 * late));
  }
}
