package dev.lookback.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DifferencesTest {

  @ParameterizedTest
  @ValueSource(doubles = {-2, -0.5, 0, 0.1, 1, 2})
  void smoothFunctionsToTwelveDigits(double x) {
    double h = Math.tanh(x);
    assertThat(Differences.derivative(Math::tanh, x)).isCloseTo(1 - h * h, within(1e-12));
    assertThat(Differences.derivative(Math::exp, x))
        .isCloseTo(Math.exp(x), within(1e-12 * Math.max(1, Math.exp(x))));
    assertThat(Differences.derivative(Math::sin, x)).isCloseTo(Math.cos(x), within(1e-12));
  }

  @Test
  void everyNumberOfAGradient() {
    assertThat(
            Differences.gradient(w -> w[0] * w[0] * w[1] + Math.exp(w[2]), new double[] {3, 2, 0}))
        .containsExactly(new double[] {12, 9, 1}, within(1e-10));
  }

  @Test
  void aSmallStepStaysOnOneSideOfAKink() {
    assertThat(Differences.derivative(Phi.RELU::apply, 1e-3, 1e-6)).isCloseTo(1, within(1e-9));
    assertThat(Differences.derivative(Phi.RELU::apply, -1e-3, 1e-6)).isZero();
    assertThat(Differences.gradient(w -> Math.abs(w[0]), new double[] {-0.5}, 1e-6)[0])
        .isCloseTo(-1, within(1e-9));
  }
}
