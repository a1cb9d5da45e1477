package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.gradient.AdaptiveTruncation.Choice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptiveTruncationTest {
  /**
   * log2 phi = 2, 1, 1, 0: the slope is -3/5, beta = 2^(-3/5) = 0.659754, 1 / (1 - beta) =
   * 2.939047.
   */
  @Test
  void everyFormulaIsThatOfAHandComputedCase() {
    AdaptiveTruncation a =
        AdaptiveTruncation.of(new double[] {4, 2, 2, 1}, new double[] {4, 5, 6.5, 7}, 2);
    assertThat(a.decay()).isCloseTo(0.659754, within(1e-6));
    assertThat(a.absoluteError(1)).isCloseTo(2 + 2 * 2.939047, within(1e-5));
    assertThat(a.absoluteError(2)).isCloseTo(2 * 2.939047, within(1e-5));
    assertThat(a.absoluteError(3)).isCloseTo(2 * 2.939047 - 2, within(1e-5));
    assertThat(a.absoluteError(4)).isCloseTo(2 * 0.659754 * (2.939047 - 1), within(1e-5));
    // G_0 .. G_3 less the errors: -3.88, -0.88, 2.62, 4.44.
    assertThat(a.gradientBound()).isCloseTo(7 - 2.558600, within(1e-5));
    assertThat(a.relativeError(1)).isCloseTo(7.878094 / 4.441400, within(1e-5));
    assertThat(a.relativeError(4)).isCloseTo(2.558600 / 4.441400, within(1e-5));
    assertThat(a.choose(0.9, 1, 4)).isEqualTo(new Choice(3, a.relativeError(3), true));
    assertThat(a.choose(2, 1, 4).steps()).isEqualTo(1);
    assertThat(a.choose(2, 2, 4).steps()).isEqualTo(2);
    assertThat(a.choose(0.1, 1, 4)).isEqualTo(new Choice(4, a.relativeError(4), false));
    // Beyond what was measured the error goes on to decay.
    assertThat(a.choose(0.1, 1, 40).steps()).isEqualTo(9);
    assertThat(a.relativeError(9)).isLessThan(0.1);
    assertThat(a.relativeError(8)).isGreaterThan(0.1);
  }

  /**
   * Where phi_k = A beta^k and all gradients point the same way, AbsErr(K) = A beta^K / (1 - beta)
   * whatever tau, the bound on |g| is A (1 - 2 beta^R) / (1 - beta), and RelErr(K) = beta^K / (1 -
   * 2 beta^R).
   */
  @ParameterizedTest
  @CsvSource({"0.5,20,0", "0.8,30,15", "0.9,60,54", "0.97,200,199"})
  void aGeometricSequenceHasItsClosedForm(double beta, int lags, int tau) {
    double a = 3.5;
    double[] phi = new double[lags];
    double[] cumulative = new double[lags];
    for (int k = 0; k < lags; k++) {
      phi[k] = a * Math.pow(beta, k);
      cumulative[k] = a * (1 - Math.pow(beta, k + 1)) / (1 - beta);
    }
    AdaptiveTruncation found = AdaptiveTruncation.of(phi, cumulative, tau);
    double rest = 1 - 2 * Math.pow(beta, lags);
    assertThat(found.decay()).isCloseTo(beta, within(1e-12));
    assertThat(found.gradientBound()).isCloseTo(a * rest / (1 - beta), within(1e-9));
    for (int steps = 1; steps <= lags + 5; steps++) {
      double power = Math.pow(beta, steps);
      assertThat(found.absoluteError(steps)).isCloseTo(a * power / (1 - beta), within(1e-9));
      assertThat(found.relativeError(steps)).isCloseTo(power / rest, within(1e-9));
    }
    for (double delta : new double[] {0.5, 0.1, 0.01}) {
      int steps = (int) Math.floor(Math.log(delta * rest) / Math.log(beta)) + 1;
      assertThat(found.choose(delta, 1, lags).steps()).isEqualTo(Math.min(steps, lags));
      assertThat(found.choose(delta, 1, lags).met()).isEqualTo(steps <= lags);
    }
  }

  @Test
  void whatDoesNotDecayHasNoBound() {
    AdaptiveTruncation a = AdaptiveTruncation.of(new double[] {1, 2, 4}, new double[] {1, 3, 7}, 1);
    assertThat(a.decay()).isGreaterThan(1);
    assertThat(a.absoluteError(1)).isInfinite();
    assertThat(a.absoluteError(3)).isInfinite();
    assertThat(a.choose(0.5, 1, 3)).isEqualTo(new Choice(3, Double.POSITIVE_INFINITY, false));
  }

  /** Lanes that pull in opposite directions leave nothing to relate an error to. */
  @Test
  void gradientsThatCancelGiveNoBound() {
    AdaptiveTruncation a =
        AdaptiveTruncation.of(new double[] {1, .5, .25}, new double[] {0, 0, 0}, 2);
    assertThat(a.gradientBound()).isNegative();
    assertThat(a.relativeError(3)).isInfinite();
    assertThat(a.choose(0.5, 2, 3).met()).isFalse();
  }

  @Test
  void whatVanishedIsLeftOutOfTheSlope() {
    double[] phi = {1, 0.5, 0.25, 1e-30, 0};
    AdaptiveTruncation a = AdaptiveTruncation.of(phi, new double[] {1, 1, 1, 1, 1}, 4);
    assertThat(a.decay()).isCloseTo(0.5, within(1e-12));
    assertThat(a.absoluteError(3)).isCloseTo(1e-30, within(1e-40));
  }

  @Test
  void tauIsNineTenthsOfTheLags() {
    assertThat(AdaptiveTruncation.tauFor(100)).isEqualTo(90);
    assertThat(AdaptiveTruncation.tauFor(1)).isZero();
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    double[] two = {1, .5};
    assertThatThrownBy(() -> AdaptiveTruncation.of(two, new double[] {1}, 0))
        .hasMessageContaining("2 norms by lag and 1 cumulated");
    assertThatThrownBy(() -> AdaptiveTruncation.of(two, two, 2))
        .hasMessage("tau is 2 but has to be one of the lags 0 to 1");
    AdaptiveTruncation a = AdaptiveTruncation.of(two, two, 1);
    assertThatThrownBy(() -> a.choose(0, 1, 2)).hasMessageContaining("the tolerance is 0.0");
    assertThatThrownBy(() -> a.choose(1, 0, 2)).hasMessageContaining("needs 1 or more");
    assertThatThrownBy(() -> a.choose(1, 3, 2)).hasMessageContaining("from 3 to 2");
  }
}
