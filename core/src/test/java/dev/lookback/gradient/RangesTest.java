package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.math.Randomness;
import dev.lookback.window.Links;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is still taken, and what no longer: both sides of every limit. */
class RangesTest {
  @Test
  void aMemoryHasAByte() {
    assertThat(Memory.within(1).bytes()).isEqualTo(1);
    assertThatThrownBy(() -> new Memory(OptionalLong.of(0)))
        .hasMessage("the memory is 0 bytes but has to be 1 or more");
    assertThat(Memory.unlimited().bytes()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({
    "1023, 1023 bytes",
    "1024, 1024 bytes (1.0 KiB)",
    "1536, 1536 bytes (1.5 KiB)",
    "1048575, 1048575 bytes (1024.0 KiB)",
    "1048576, 1048576 bytes (1.0 MiB)",
    "1073741824, 1073741824 bytes (1.0 GiB)",
    "5497558138880, 5497558138880 bytes (5120.0 GiB)"
  })
  void bytesAreSaidInTheirUnit(long bytes, String text) {
    assertThat(Memory.text(bytes)).isEqualTo(text);
  }

  @Test
  void aSweepGoesForwardByAStepAtLeast() {
    assertThat(new Sweep(0, 1, 0).length()).isEqualTo(1);
    assertThat(new Sweep(3, 5, 1).length()).isEqualTo(4);
    for (int[] bad : new int[][] {{0, 0, 0}, {2, 1, 0}, {1, 3, 2}, {0, 2, -1}}) {
      assertThatThrownBy(() -> new Sweep(bad[0], bad[1], bad[2]))
          .hasMessage("a sweep that injects [%d, %d) cannot go back to %d", bad[0], bad[1], bad[2]);
    }
  }

  @Test
  void aBiasIsBelowItsTolerance() {
    AdaptiveTruncation a =
        AdaptiveTruncation.of(new double[] {4, 2, 2, 1}, new double[] {4, 5, 6.5, 7}, 2);
    double third = a.relativeError(3);
    // Not at it: then the next length is taken.
    assertThat(a.choose(third, 1, 9).steps()).isEqualTo(4);
    assertThat(a.choose(Math.nextUp(third), 1, 9).steps()).isEqualTo(3);
    assertThat(a.choose(0.9, 3, 3).steps()).isEqualTo(3);
    assertThatThrownBy(() -> a.choose(0.9, 3, 2)).hasMessageContaining("from 3 to 2");
    assertThatThrownBy(() -> a.choose(0.9, 0, 2)).hasMessageContaining("0");
    assertThatThrownBy(() -> a.absoluteError(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> a.relativeError(-1)).hasMessageContaining("-1");
    assertThat(AdaptiveTruncation.tauFor(1)).isZero();
    assertThat(AdaptiveTruncation.tauFor(10)).isEqualTo(9);
    assertThat(AdaptiveTruncation.tauFor(0)).isZero();
  }

  // log of 1 is 0 at every lag: the slope is 0, and what does not decay has no sum.
  @Test
  void whatStaysAsItIsDoesNotDecay() {
    AdaptiveTruncation flat =
        AdaptiveTruncation.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}, 1);
    assertThat(flat.decay()).isEqualTo(1);
    assertThat(flat.absoluteError(1)).isInfinite();
    assertThat(flat.absoluteError(2)).isInfinite();
    assertThat(flat.relativeError(1)).isInfinite();
    LagNorms norms = new LagNorms(new double[] {1, 1, 1});
    assertThat(norms.halfLife()).isInfinite();
    assertThat(norms.decay()).isEqualTo(1);
    // One lag has no slope; two have.
    assertThat(new LagNorms(new double[] {0.5}).decay()).isZero();
    assertThat(new LagNorms(new double[] {0.5, 0.25}).decay()).isCloseTo(0.5, within(1e-12));
    // exp(-50) and below do not count.
    double edge = StrictMath.exp(-49.999);
    assertThat(new LagNorms(new double[] {1, edge}).decay()).isCloseTo(edge, within(1e-30));
    assertThat(new LagNorms(new double[] {1, StrictMath.exp(-50.001)}).decay()).isZero();
  }

  @Test
  void aRangeOfLengthsHasOne() {
    assertThat(new CouplingPolicy.Adaptive(0.1, 1, OptionalInt.of(1)).least()).isEqualTo(1);
    assertThatThrownBy(() -> new CouplingPolicy.Adaptive(0.1, 0, OptionalInt.empty()))
        .hasMessageStartingWith("K is to be from 0 to a window's steps but has to be 1 or more");
    assertThatThrownBy(() -> new CouplingPolicy.Adaptive(0.1, 5, OptionalInt.of(4)))
        .hasMessageStartingWith("K is to be from 5 to 4 but");
    // Two to the thirtieth less one: 2 K - 1 is an int.
    int longest = Integer.MAX_VALUE / 2;
    assertThatCode(() -> new CouplingPolicy.Adaptive(0.1, 2, OptionalInt.of(longest)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new CouplingPolicy.Adaptive(0.1, 2, OptionalInt.of(longest + 1)))
        .hasMessage(
            "K is to be up to 1073741824 but 2K - 1 steps are gone back, so it has to be"
                + " 1073741823 or less");
    assertThatThrownBy(() -> new CouplingPolicy.Adaptive(0.1, longest + 1, OptionalInt.empty()))
        .hasMessageStartingWith("K is to be up to 1073741824");
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 1, Double.NaN, Double.POSITIVE_INFINITY})
  void aPowerHasAFiniteMean(double alpha) {
    assertThatThrownBy(() -> KeepProbability.powerLaw(alpha, 50))
        .hasMessageContaining("has to be more than 2 and finite");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void aMeanIsMoreThanAStep(double mean) {
    assertThatThrownBy(() -> KeepProbability.powerLaw(4, mean))
        .hasMessageContaining("has to be more than 1 step and finite");
  }

  @Test
  void aProbabilityIsAboveZeroAndUpToOne() {
    assertThat(KeepProbability.check(1, 3)).isEqualTo(1);
    double smallest = 1 / (double) Float.MAX_VALUE;
    assertThat(KeepProbability.check(smallest, 3)).isEqualTo(smallest);
    assertThatThrownBy(() -> KeepProbability.check(1e-39, 3))
        .hasMessageContaining("pi at step 3")
        .hasMessageContaining("so large that 1/pi is a float");
    assertThatThrownBy(() -> KeepProbability.check(0, 3)).hasMessageContaining("never kept");
    for (double bad : new double[] {-0.1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> KeepProbability.check(bad, 3))
          .hasMessageContaining("pi at step 3")
          .hasMessageNotContaining("1/pi");
    }
  }

  /** A schedule that knows nothing but the last cut has lags that come to a law of their own. */
  @Test
  void schedulesSayWhetherTheyKnowMoreThanTheLastCut() {
    assertThat(KeepProbability.geometric(5).knowsOnlyTheLastCut()).isTrue();
    assertThat(KeepProbability.powerLaw(4, 5).knowsOnlyTheLastCut()).isTrue();
    KeepProbability steps = new KeepProbability.PerStep(List.of(1.0, 0.5));
    assertThat(steps.knowsOnlyTheLastCut()).isFalse();
    assertThat(new KeepProbability.Floor(2, steps).knowsOnlyTheLastCut()).isFalse();
    KeepProbability floor = new KeepProbability.Floor(2, KeepProbability.geometric(5));
    assertThat(floor.knowsOnlyTheLastCut()).isTrue();
    KeepProbability own = (step, sinceCut) -> step % 2 == 0 ? 1 : 0.5;
    assertThat(own.knowsOnlyTheLastCut()).isFalse();
  }

  @Test
  void aMeanLiesBetweenTheFewestAndTheMost() {
    assertThat(new LagCoverage(1, 1, 1).mean()).isEqualTo(1);
    assertThat(new LagCoverage(2, 2, 3).mean()).isEqualTo(2);
    for (double[] bad : new double[][] {{0, 1, 2}, {2, 1.5, 3}, {1, 3.5, 3}, {1, Double.NaN, 3}}) {
      assertThatThrownBy(() -> new LagCoverage((int) bad[0], bad[1], (int) bad[2]))
          .hasMessageContaining("the mean lies between the two");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "' adaptive: 0.25 , min = 3 , max=9 '|adaptive:0.25,min=3,max=9",
        "' random: measured '|random:measured",
        "' auto '|auto",
        "' fixed: 7 '|fixed:7",
        "' sliding: 2 , 9 '|sliding:2,9"
      })
  void spacesAroundNamesAndNumbersMeanNothing(String text, String label) {
    assertThat(PolicyNotation.parse(text).label()).isEqualTo(label);
    assertThat(PolicyNotation.parseList(text + " , full"))
        .extracting(CouplingPolicy::label)
        .containsExactly(label, "full");
    assertThat(PolicyNotation.isMeasured(text))
        .isEqualTo(PolicyNotation.parse(text) instanceof CouplingPolicy.Measured);
  }

  @Test
  void anArgumentOfAdaptiveHasAValue() {
    assertThatThrownBy(() -> PolicyNotation.parse("adaptive:0.1,max"))
        .hasMessageContaining("write the tolerance of the relative bias");
    assertThatThrownBy(() -> PolicyNotation.parse("adaptive:0.1,max=3,max=4"))
        .hasMessageContaining("write the tolerance of the relative bias");
  }

  /** A coupling of one's own that does not say whether it is drawn is tried. */
  private record Own(int fewest, boolean drawn) implements Coupling.Custom {
    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      if (steps < fewest) {
        throw new IllegalArgumentException("too short");
      }
      float[] xi = new float[steps];
      for (int t = 0; t < steps; t++) {
        // Another link in sixteen draws only where the window is long.
        xi[t] = drawn && t > 100 && randomness.uniform(t) < 0.5 ? 0 : 1;
      }
      return Coupled.tiled(Links.shared(xi));
    }

    @Override
    public String label() {
      return "own";
    }

    @Override
    public Promise promise() {
      return Promise.BIASED;
    }
  }

  @Test
  void whatDiffersFromDrawToDrawIsDrawn() {
    assertThat(new Own(1, true).isDrawn()).isTrue();
    assertThat(new Own(1, false).isDrawn()).isFalse();
    assertThat(new Own(64, true).isDrawn()).isTrue();
    assertThat(new Own(1000, true).isDrawn()).isFalse();
  }
}
