package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.ScalarRecursion;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * x_t = w x_{t-1}, x_0 = 0.9, w = 0.2, so that dx_t/dw = t w^(t-1) x_0: 0.9, 0.36, 0.108. A widely
 * copied way to go back step by step through detached states leaves on each state the gradient of
 * the loss before, adds the new one, and has 0.288 for the third.
 */
class StaleGradientTest {
  private static final double X0 = 0.9;
  private static final double W = 0.2;

  @ParameterizedTest
  @CsvSource({"1, 0.9", "2, 0.36", "3, 0.108"})
  void theEngineStartsEverySweepWithoutGradient(int steps, double expected) {
    assertThat(engine(Coupling.full(), steps)).isCloseTo(expected, within(1e-7));
    // Sweeps over the same states, one for each loss.
    assertThat(engine(Coupling.sliding(1, 3), steps)).isCloseTo(expected, within(1e-7));
    assertThat(engine(Coupling.fixed(steps), steps)).isCloseTo(expected, within(1e-7));
  }

  @ParameterizedTest
  @CsvSource({"1, 0.036", "2, 0.072", "3, 0.108", "4, 0.108"})
  void fewerLagsLeaveTheirTermsOut(int lags, double expected) {
    assertThat(engine(Coupling.sliding(1, lags), 3)).isCloseTo(expected, within(1e-7));
    ScalarRecursion book =
        new ScalarRecursion(new double[] {X0, W * X0, W * W * X0}, new double[] {0, W, W});
    assertThat(book.truncated(lags)[2]).isCloseTo(expected, within(1e-15));
  }

  /** dx_T/dw: the loss of the last step alone, at an error of one. */
  private static double engine(Coupling coupling, int steps) {
    Network network =
        Network.of(
            new Elman(1, 1, Activation.IDENTITY, Biases.NONE), Readout.linear(1).withoutBias());
    Weights weights = new Weights(network.layout(), new float[] {0, (float) W, 1});
    float[] targets = new float[steps];
    targets[steps - 1] = (float) (Math.pow(W, steps) * X0 - 1);
    float[] last = new float[steps];
    last[steps - 1] = 1;
    Window window =
        Window.of(steps, 1, new Inputs.Dense(new float[steps], 1), new Targets.Values(targets, 1))
            .withWeight(last);
    State state = State.zeros(network, 1);
    state.layer(0)[0][0] = (float) X0;
    Weights gradient = Weights.zeros(network.layout());
    try (Team team = Team.of(1)) {
      new Pass(network, 1, 2, team)
          .run(weights, window, coupling.couple(steps, 1, Randomness.of(0)), state, gradient);
    }
    return gradient.of("rnn.weight_hh_l0")[0];
  }

  /** The recipe itself, with its mistake and without. */
  @Test
  void theCopiedRecipeKeepsWhatTheLossBeforeLeft() {
    assertThat(recipe(false)).containsExactly(new double[] {0.9, 0.36, 0.288}, within(1e-15));
    assertThat(recipe(true)).containsExactly(new double[] {0.9, 0.36, 0.108}, within(1e-15));
  }

  private static double[] recipe(boolean cleared) {
    double[] found = new double[3];
    // left[t]: the gradient that stands on x_t.
    double[] left = new double[3];
    for (int loss = 1; loss <= 3; loss++) {
      if (cleared) {
        left = new double[3];
      }
      double delta = 1;
      for (int t = loss; t >= 1; t--) {
        found[loss - 1] += delta * Math.pow(W, t - 1) * X0;
        left[t - 1] += W * delta;
        delta = left[t - 1];
      }
    }
    return found;
  }
}
