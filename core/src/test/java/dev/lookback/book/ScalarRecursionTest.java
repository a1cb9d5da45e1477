package dev.lookback.book;

import static dev.lookback.book.Cases.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.RandomTruncation.Survival;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarRecursionTest {

  private static ScalarRecursion drawn(int steps) {
    Cases cases = new Cases(steps);
    return new ScalarRecursion(cases.row(steps), cases.row(steps));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 13, 21})
  void theExpandedSumEqualsTheRecursion(int steps) {
    ScalarRecursion r = drawn(steps);
    assertThat(distance(r.expanded(), r.recursive())).isLessThan(1e-12);
  }

  @Test
  void truncationKeepsTheMostRecentTerms() {
    ScalarRecursion r = drawn(7);
    assertThat(r.truncated(1)).isEqualTo(r.b());
    assertThat(r.truncated(7)).isEqualTo(r.expanded());
    assertThat(r.truncated(100)).isEqualTo(r.expanded());
    assertThat(r.truncated(2)[4]).isCloseTo(r.b()[4] + r.c()[4] * r.b()[3], within(1e-15));
    // The first tau values are whole: there is nothing further back.
    assertThat(Arrays.copyOf(r.truncated(3), 3)).isEqualTo(Arrays.copyOf(r.expanded(), 3));
  }

  /** discuss.pytorch.org/t/15500: x_{t+1} = w x_t with x_0 = 0.9 and w = 0.2. */
  @Test
  void pytorchForum15500GoldenDerivatives() {
    double[] x = {0.9, 0.18, 0.036};
    double[] c = {0.2, 0.2, 0.2};
    ScalarRecursion r = new ScalarRecursion(x, c);
    assertThat(r.recursive()).containsExactly(new double[] {0.9, 0.36, 0.108}, within(1e-15));
    assertThat(r.expanded()).containsExactly(new double[] {0.9, 0.36, 0.108}, within(1e-15));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8, 12})
  void bothRandomisedFormsAreUnbiased(int steps) {
    ScalarRecursion r = drawn(steps);
    for (Survival survival : List.of(Survival.geometric(3), Survival.powerLaw(4, 3))) {
      List<RandomTruncation.Outcome> outcomes = RandomTruncation.shared(steps, 1, survival);
      double[] once =
          RandomTruncation.moments(outcomes, xi -> r.randomizedOnce(Matrices.flatten(xi))).mean();
      double[] run =
          RandomTruncation.moments(outcomes, xi -> r.randomized(Matrices.flatten(xi))).mean();
      assertThat(distance(once, r.recursive())).isLessThan(1e-12);
      assertThat(distance(run, r.recursive())).isLessThan(1e-12);
    }
  }

  /** b = 1; mean segment length L0, pi = 1 - 1/L0. */
  @ParameterizedTest
  @CsvSource({
    "0.8, 5, 20, 0.01",
    "0.8, 10, 6.154, 0.001",
    "0.9, 10, 90.0, 0.1",
    "0.9, 20, 28.93, 0.01",
    "0.9, 50, 9.529, 0.001",
    "0.9, 100, 4.5, 0.1",
    "0.95, 20, 380, 1",
    "0.95, 50, 93.16, 0.01",
    "0.95, 100, 41.26, 0.01",
    "0.99, 100, 9900, 1"
  })
  void varianceOfGeometricXi(double c, double length, double variance, double printed) {
    ScalarRecursion.Moments m = ScalarRecursion.geometric(1, c, 1 - 1 / length);
    assertThat(m.mean()).isCloseTo(1 / (1 - c), within(1e-12));
    assertThat(m.variance()).isCloseTo(variance, within(printed / 2));
    assertThat(m.secondMoment() - m.mean() * m.mean()).isEqualTo(m.variance());
  }

  @ParameterizedTest
  @CsvSource({"0.9, 5", "0.95, 5", "0.95, 10", "0.99, 5", "0.99, 10", "0.99, 20", "0.99, 50"})
  void varianceIsInfiniteWhereMemoryIsAsLongAsTheSegments(double c, double length) {
    assertThat(ScalarRecursion.geometric(1, c, 1 - 1 / length).variance()).isInfinite();
    assertThat(length).isLessThanOrEqualTo(1 / (1 - c * c));
  }

  @Test
  void varianceTurnsFiniteWherePiPassesTheSquareOfC() {
    assertThat(ScalarRecursion.geometric(1, -0.5, 0.25).variance()).isInfinite();
    assertThat(ScalarRecursion.geometric(1, -0.5, 0.2501).variance()).isFinite();
    assertThat(ScalarRecursion.geometric(1, 0.5, 1).variance()).isCloseTo(0, within(1e-12));
    assertThat(ScalarRecursion.geometric(0, 0.9, 0.1).variance()).isZero();
  }

  @Test
  void theMomentsAreTheLimitOfTheEnumeratedOnes() {
    double b = 0.7;
    double c = 0.3;
    double pi = 0.75;
    double[] bs = new double[12];
    double[] cs = new double[12];
    Arrays.fill(bs, b);
    Arrays.fill(cs, c);
    ScalarRecursion r = new ScalarRecursion(bs, cs);
    RandomTruncation.Moments enumerated =
        RandomTruncation.moments(
            RandomTruncation.shared(12, 1, (t, sinceCut) -> pi),
            xi -> r.randomized(Matrices.flatten(xi)));
    ScalarRecursion.Moments formula = ScalarRecursion.geometric(b, c, pi);
    // What is left of the start decays like (c^2 / pi)^t, here 0.12^t, and c^t.
    assertThat(enumerated.mean()[11]).isCloseTo(formula.mean(), within(2e-6));
    assertThat(enumerated.variance()[11]).isCloseTo(formula.variance(), within(1e-6));
  }

  @Test
  void refusesWhatHasNoLimit() {
    assertThatThrownBy(() -> ScalarRecursion.geometric(1, 1, 0.5))
        .hasMessageContaining("c is 1.0 but has to be between -1 and 1");
    assertThatThrownBy(() -> ScalarRecursion.geometric(1, 0.5, 0))
        .hasMessageContaining("pi is 0.0 but has to be above 0 and at most 1");
    assertThatThrownBy(() -> new ScalarRecursion(new double[2], new double[3]))
        .hasMessageContaining("2 b and 3 c");
    assertThatThrownBy(() -> drawn(3).truncated(0)).hasMessageContaining("tau is 0");
  }
}
