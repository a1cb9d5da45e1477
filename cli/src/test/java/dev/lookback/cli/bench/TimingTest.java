package dev.lookback.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How many steps are done, and what their times come to. */
class TimingTest {
  private static final class Counted implements Step {
    private int runs;

    @Override
    public void run() {
      runs++;
    }

    @Override
    public OptionalDouble loss() {
      return OptionalDouble.of(runs);
    }
  }

  @Test
  void allStepsAreDoneAndThoseOfTheWarmUpAreNotMeasured() {
    Counted step = new Counted();
    Timing timing = Timing.of(step, new Timing.Plan(3, 5, Double.POSITIVE_INFINITY));
    assertThat(step.runs).isEqualTo(8);
    assertThat(timing.count()).isEqualTo(5);
    assertThat(timing.loss()).hasValue(8);
    assertThat(timing.tenthEnd()).isEmpty();
    assertThat(timing.sorted()).isSorted();
  }

  @Test
  void theTenthStepMayBeOfTheWarmUpOrNot() {
    for (int warmUp : new int[] {0, 5, 20}) {
      Timing timing = Timing.of(new Counted(), new Timing.Plan(warmUp, 10, 1e9));
      assertThat(timing.tenthEnd().orElseThrow()).isGreaterThanOrEqualTo(timing.firstEnd());
    }
  }

  @Test
  void moreStepsThanExpectedFindRoom() {
    Timing timing = Timing.of(new Counted(), new Timing.Plan(0, 5000, 1e9));
    assertThat(timing.count()).isEqualTo(5000);
  }

  @Test
  void howeverLittleTimeThereIsOneStepIsMeasured() {
    Counted step = new Counted();
    Timing timing = Timing.of(step, new Timing.Plan(1000, 1000, Double.MIN_VALUE));
    assertThat(timing.count()).isEqualTo(1);
    assertThat(step.runs).isEqualTo(1);
  }

  @Test
  void medianLeastAndNinetiethAreOfTheSortedTimes() {
    Timing odd = timing(1_000_000, 2_000_000, 9_000_000);
    assertThat(odd.medianMillis()).isEqualTo(2);
    assertThat(odd.minMillis()).isEqualTo(1);
    assertThat(odd.p90Millis()).isEqualTo(9);
    assertThat(timing(1_000_000, 4_000_000).medianMillis()).isCloseTo(2.5, within(1e-12));
    long[] ten = new long[10];
    for (int i = 0; i < 10; i++) {
      ten[i] = (i + 1) * 1_000_000L;
    }
    assertThat(timing(ten).p90Millis()).isEqualTo(9);
    assertThat(timing(7_000_000).p90Millis()).isEqualTo(7);
  }

  private static Timing timing(long... sorted) {
    return new Timing(sorted, 0, OptionalLong.empty(), OptionalDouble.empty());
  }
}
