package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cell.Elman;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.Stretches;
import dev.lookback.data.TaskStream;
import dev.lookback.data.task.Adding;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.LagGradients;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On which stretches, from which states, and of which loss gradients by lag are measured. */
class LagMeasurementTest {
  private static final Team TEAM = Team.of(1);
  private static final int SYMBOLS = 4;
  private static final Network NETWORK = Network.of(Elman.of(SYMBOLS, 3), Readout.softmax(SYMBOLS));
  private static final Weights WEIGHTS = NETWORK.initialize(Initialization.orthogonal(), 5);
  private static final Randomness RANDOM = Randomness.of(6);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Lanes lanes(int tokens, int lanes) {
    return Lanes.of(RandomText.of(SYMBOLS, tokens), lanes, 3);
  }

  private static LagMeasurement measurement(Sampling sampling, boolean warm, Memory memory) {
    return new LagMeasurement(
        NETWORK, sampling, warm, memory, () -> Pass.lossOf(NETWORK.readout()), TEAM);
  }

  // A text of 41 has stretches of 40 steps, and of 20 where as many come before them.
  @ParameterizedTest
  @CsvSource({
    "false, 1, 1",
    "false, 39, 39",
    "false, 40, 40",
    "false, 41, 40",
    "false, 0, 1",
    "true, 19, 19",
    "true, 20, 20",
    "true, 21, 20",
    "true, 2000000000, 20"
  })
  void asManyStepsAsAreWantedAndThere(boolean warm, int wanted, int steps) {
    assertThat(measurement(lanes(41, 3), warm, Memory.unlimited()).steps(wanted)).isEqualTo(steps);
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "10, 10", "11, 20", "20, 20", "25, 30"})
  void wholeSequencesWhereOnlyTheirLastStepCounts(int wanted, int steps) {
    TaskStream stream = TaskStream.of(new Adding(10), 4, 20, 400, Randomness.of(3));
    assertThat(measurement(stream, false, Memory.unlimited()).steps(wanted)).isEqualTo(steps);
  }

  // The last loss of a stretch that is as long with its warm-up, over all of its lags: those that
  // were measured are the first of them, because what is in front is the state's own past.
  private static double[] phi(Sampling sampling, int before, int steps, int lanes, int draws) {
    double[] mean = new double[steps];
    Pass pass = new Pass(NETWORK, lanes, 1, TEAM);
    for (int i = 0; i < draws; i++) {
      Window all = new Stretches(sampling).draw(before + steps, lanes, RANDOM.with(i));
      LagGradients found = pass.lagGradients(WEIGHTS, all, State.initial(NETWORK, WEIGHTS, lanes));
      for (int k = 0; k < steps; k++) {
        mean[k] += found.phi()[k] / draws;
      }
    }
    return mean;
  }

  private static void requirePhi(LagMeasurement.Found found, double[] expected) {
    double[] phi = Arrays.copyOf(found.lags().phi(), expected.length);
    assertThat(phi).containsExactly(expected, within(1e-6));
  }

  // 64 stretches at least, in whole draws of all lanes, and two draws of many lanes.
  @ParameterizedTest
  @CsvSource({"1, 64", "3, 22", "4, 16", "32, 2", "70, 2"})
  void theMeanIsOverAsManyDrawsAsGiveEnoughStretches(int lanes, int draws) {
    Lanes sampling = lanes(300, lanes);
    LagMeasurement warm = measurement(sampling, true, Memory.unlimited());
    requirePhi(warm.of(WEIGHTS, 6, RANDOM), phi(sampling, 6, 6, lanes, draws));
    LagMeasurement fresh = measurement(sampling, false, Memory.unlimited());
    requirePhi(fresh.of(WEIGHTS, 6, RANDOM), phi(sampling, 0, 6, lanes, draws));
  }

  @Test
  void aTextThatIsTooShortForAWarmUpHasNone() {
    // 11 steps: 5 and 5 fit, 6 and 6 do not.
    Lanes sampling = lanes(12, 2);
    LagMeasurement warm = measurement(sampling, true, Memory.unlimited());
    requirePhi(warm.of(WEIGHTS, 5, RANDOM), phi(sampling, 5, 5, 2, 32));
    requirePhi(warm.of(WEIGHTS, 6, RANDOM), phi(sampling, 0, 6, 2, 32));
    // With a step more they do to the last.
    Lanes longer = lanes(13, 2);
    requirePhi(
        measurement(longer, true, Memory.unlimited()).of(WEIGHTS, 6, RANDOM),
        phi(longer, 6, 6, 2, 32));
  }

  @Test
  void lanesAreHalvedUntilTheyFitTheMemory() {
    Lanes sampling = lanes(300, 7);
    long three = Footprint.of(NETWORK, 3, 1, true).smallest(9);
    LagMeasurement small = measurement(sampling, true, Memory.within(three));
    LagMeasurement.Found found = small.of(WEIGHTS, 9, RANDOM);
    assertThat(found.peakBytes()).isLessThanOrEqualTo(three);
    requirePhi(found, phi(sampling, 9, 9, 3, 22));

    long one = Footprint.of(NETWORK, 1, 1, true).smallest(9);
    requirePhi(
        measurement(sampling, true, Memory.within(one)).of(WEIGHTS, 9, RANDOM),
        phi(sampling, 9, 9, 1, 64));
    LagMeasurement none = measurement(sampling, true, Memory.within(one - 1));
    assertThatThrownBy(() -> none.of(WEIGHTS, 9, RANDOM))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("takes " + one + " bytes for a single lane")
        .hasMessageContaining("is " + (one - 1) + ". Use more memory");
  }

  @Test
  void gradientsAreThoseOfTheLossThatIsMinimised() {
    Lanes sampling = lanes(300, 4);
    LagMeasurement own =
        new LagMeasurement(
            NETWORK,
            sampling,
            true,
            Memory.unlimited(),
            () -> new Thrice(Pass.lossOf(NETWORK.readout())),
            TEAM);
    double[] expected = phi(sampling, 5, 5, 4, 16);
    Arrays.setAll(expected, k -> 3 * expected[k]);
    requirePhi(own.of(WEIGHTS, 5, RANDOM), expected);
  }
}
