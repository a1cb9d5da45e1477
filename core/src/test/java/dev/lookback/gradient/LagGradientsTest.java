package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.BookLoss;
import dev.lookback.book.ElmanGradient;
import dev.lookback.book.Matrices;
import dev.lookback.book.Xi;
import dev.lookback.cell.Activation;
import dev.lookback.math.Team;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LagGradientsTest {
  private static final Team TEAM = Team.of(1);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Case draw(int layers, long seed) {
    return Case.of(
        new Case.Sizes(layers, 3, 9, 4, 3, 13),
        Activation.TANH,
        new boolean[] {false, seed % 2 == 0, false},
        seed);
  }

  private static Pass pass(Case c) {
    return new Pass(c.network(), c.lanes(), 1, TEAM);
  }

  private static LagGradients measured(Case c) {
    return pass(c).lagGradients(c.weights(), c.window(), c.state().copy());
  }

  /** dl_T/dh_t of each lane, {@code [T][B][H]}. */
  private static double[][][] delta(Case c) {
    double[][] last = new double[c.steps()][c.lanes()];
    Arrays.fill(last[c.steps() - 1], 1);
    BookLoss unweighted = ((BookLoss.Weighted) c.bookLoss()).loss();
    return ElmanGradient.coupled(
            c.bookTrace(c.bookNetwork()),
            new BookLoss.Weighted(unweighted, last),
            1,
            Xi.whole(c.steps(), c.lanes()))
        .delta()[0];
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void normsAndSumsAreThoseOfTheBooksDelta(long seed) {
    Case c = draw(1, seed);
    double[][][] h = delta(c);
    LagGradients found = measured(c);
    assertThat(found.phi()).hasSize(14);
    double[] sum = new double[9];
    // Lag 13 is the state that enters the window, which delta does not hold.
    for (int k = 0; k < 13; k++) {
      double phi = 0;
      for (int b = 0; b < 3; b++) {
        phi += Matrices.norm(h[12 - k][b]) / 3;
        sum = Matrices.add(sum, Matrices.scale(1.0 / 3, h[12 - k][b]));
      }
      assertThat(found.phi()[k]).isCloseTo(phi, within(1e-5 * phi));
      double norm = Matrices.norm(sum);
      assertThat(found.cumulative()[k]).isCloseTo(norm, within(1e-5 * norm));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void withoutLagZeroTheyAreTheNormsByLagInAStackToo(long seed) {
    Case c = draw(2, seed);
    LagGradients found = measured(c);
    double[] norms = pass(c).lagNorms(c.weights(), c.window(), c.state().copy()).phi();
    assertThat(found.norms().phi()).containsExactly(norms, within(1e-15));
    // |sum| <= sum of means of norms, and one lag more changes it by at most that lag's norm.
    for (int k = 1; k <= 13; k++) {
      double change = Math.abs(found.cumulative()[k] - found.cumulative()[k - 1]);
      assertThat(change).isLessThanOrEqualTo(found.phi()[k] * (1 + 1e-12));
    }
  }

  @Test
  void theAverageIsLagByLag() {
    LagGradients a = new LagGradients(new double[] {1, 2}, new double[] {3, 4});
    LagGradients b = new LagGradients(new double[] {3, 0}, new double[] {5, 8});
    LagGradients mean = LagGradients.average(List.of(a, b));
    assertThat(mean.phi()).containsExactly(2, 1);
    assertThat(mean.cumulative()).containsExactly(4, 6);
  }

  @Test
  void blocksOfMoreThanOneStepAreRefused() {
    Case c = draw(1, 1);
    Pass blocks = new Pass(c.network(), c.lanes(), 4, TEAM);
    assertThatThrownBy(() -> blocks.lagGradients(c.weights(), c.window(), c.state().copy()))
        .hasMessage("gradients by lag need a pass with blocks of 1 step, not 4");
  }
}
