package dev.lookback.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Drawing;
import dev.lookback.gradient.KeepProbability;
import dev.lookback.math.Randomness;
import dev.lookback.window.Links;
import java.util.Arrays;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where training by each coupling ends up on influence balancing, in double: n = 23, 10 of them
 * pushed up, theta from 1/2 and every unit from 1, the loss (s^1 - 1)^2 / 2, plain descent at rate
 * 1e-4. Reported is the loss that theta gives in the long run, 8 at the start.
 */
class InfluenceConvergenceTest {
  private static final int N = 23;
  private static final InfluenceCell CELL = new InfluenceCell(N, 10);
  private static final double RATE = 1e-4;
  private static final int RUNS = 10;
  private static final double LOST = 1e12;

  /** A stream: state, weight, and the state's derivative as far as credit goes. */
  private static final class Stream {
    private double theta = 0.5;
    private double[] s = ones();
    private double[] influence = new double[N];

    /** One step, with this much of the past in the derivative; returns (s^1 - 1) ds^1/dtheta. */
    double step(double xi) {
      s = next(s, theta, 1);
      influence = next(influence, 1, xi);
      return (s[0] - 1) * influence[0];
    }

    void update(double step) {
      theta -= step;
    }

    boolean isLost() {
      return !(Math.abs(theta) <= LOST);
    }

    double longRunLoss() {
      double[] at = ones();
      for (int t = 0; t < 500; t++) {
        at = next(at, theta, 1);
      }
      return isLost() ? Double.POSITIVE_INFINITY : 0.5 * (at[0] - 1) * (at[0] - 1);
    }

    private static double[] next(double[] x, double push, double scale) {
      double[] y = new double[N];
      for (int i = 0; i < N; i++) {
        y[i] = scale * 0.5 * (x[i] + (i + 1 < N ? x[i + 1] : 0)) + push * CELL.sign(i);
      }
      return y;
    }

    private static double[] ones() {
      double[] ones = new double[N];
      Arrays.fill(ones, 1);
      return ones;
    }
  }

  /** An update every {@code lags} steps from the last loss alone. */
  private static double lastLoss(int lags, int updates) {
    double rate = RATE;
    Stream stream = new Stream();
    for (int u = 0; u < updates && !stream.isLost(); u++) {
      double gradient = 0;
      for (int t = 0; t < lags; t++) {
        gradient = stream.step(t == 0 ? 0 : 1);
      }
      stream.update(rate * gradient);
    }
    return stream.longRunLoss();
  }

  /** An update after every window, from the sum of its losses; couplings by the update's number. */
  private static double everyLoss(LongFunction<Coupled> windows, int steps, double rate) {
    Stream stream = new Stream();
    int done = 0;
    for (long u = 0; done < steps && !stream.isLost(); u++) {
      Links links = windows.apply(u).links();
      double gradient = 0;
      for (int t = 0; t < links.steps(); t++) {
        gradient += stream.step(t == 0 ? 0 : links.at(t, 0));
      }
      stream.update(rate * gradient);
      done += links.steps();
    }
    return stream.longRunLoss();
  }

  /** How many of the runs of fixed seeds end below a loss. */
  private static int below(double loss, Coupling.Randomised random, int steps, double rate) {
    int count = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      Randomness updates = Randomness.of(seed).with("coupling");
      if (everyLoss(u -> random.segment(updates.with(u), steps), steps, rate) < loss) {
        count++;
      }
    }
    return count;
  }

  @Test
  void theLossIsEightAtTheStart() {
    assertThat(new Stream().longRunLoss()).isCloseTo(8, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 211.3",
    "10, 3.5e15",
    "20, Infinity",
    "40, 61.17",
    "41, 3.637",
    "50, 2.87e-7",
    "100, 3.20e-9"
  })
  void threeThousandUpdatesFromLastLosses(int lags, double computed) {
    assertComputed(lastLoss(lags, 3000), computed);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3.4e15",
    "10, Infinity",
    "50, Infinity",
    "100, 8.3e5",
    "109, 7.68",
    "110, 2.38",
    "120, 5.5e-5",
    "150, 2.8e-15",
    "200, 9e-24"
  })
  void thirtyThousandStepsInChunks(int chunk, double computed) {
    Coupled whole = Coupling.full().couple(chunk, 1, Randomness.of(0));
    assertComputed(everyLoss(u -> whole, 30_000 / chunk * chunk, RATE), computed);
  }

  /** Real-time recurrent learning never cuts and updates at every step. */
  @Test
  void threeThousandStepsForward() {
    Stream stream = new Stream();
    for (int t = 0; t < 3000; t++) {
      stream.update(RATE * stream.step(1));
    }
    assertComputed(stream.longRunLoss(), 3.7e-17);
  }

  /** Chunks of 100 diverge; random segments of half the length on average converge. */
  @Test
  void randomSegmentsOfFiftyConverge() {
    assertThat(below(1e-18, Coupling.randomPowerLaw(50, 4), 30_000, RATE)).isEqualTo(RUNS);
    assertThat(below(1e-18, Coupling.randomPowerLaw(100, 4), 30_000, RATE)).isEqualTo(RUNS);
    assertThat(below(1e-18, geometric(50), 30_000, RATE)).isEqualTo(RUNS);
  }

  /**
   * At a mean of 16, shorter than the chain, the schedule matters: geometric segments blow up,
   * those of the power law converge where the rate is small.
   */
  @Test
  void shortSegmentsConvergeByThePowerLawAlone() {
    assertThat(below(0.2, geometric(16), 30_000, RATE)).isZero();
    assertThat(below(1e-25, Coupling.randomPowerLaw(16, 6), 300_000, RATE / 10)).isEqualTo(RUNS);
  }

  private static Coupling.Randomised geometric(double mean) {
    return new Coupling.Randomised(KeepProbability.geometric(mean), mean, Drawing.SHARED);
  }

  private static void assertComputed(double found, double computed) {
    if (Double.isInfinite(computed)) {
      assertThat(found).isInfinite();
    } else {
      assertThat(found).isCloseTo(computed, within(0.06 * computed));
    }
  }
}
