package dev.lookback.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class StopwatchTest {
  private final AtomicInteger calls = new AtomicInteger();

  private Times run(Effort effort) {
    return new Stopwatch(calls::incrementAndGet, System.currentTimeMillis()).run(effort);
  }

  @Test
  void warmUpIsNotTimed() {
    Times times = run(new Effort(4, 9, Double.POSITIVE_INFINITY));
    assertThat(calls).hasValue(13);
    assertThat(times.milliseconds()).hasSize(4);
  }

  @Test
  void lossesAreThoseOfTheFirstAndOfTheLastIteration() {
    Times times = run(new Effort(4, 9, Double.POSITIVE_INFINITY));
    assertThat(times.lossFirst()).isEqualTo(1);
    assertThat(times.lossLast()).isEqualTo(13);
  }

  @Test
  void threeAreTimedWhenTimeIsUp() {
    assertThat(run(new Effort(100, 100, Double.MIN_VALUE)).milliseconds()).hasSize(3);
    assertThat(calls).hasValue(3);
  }

  @Test
  void startIsTenIterationsWithoutWarmUp() {
    Times times = run(Effort.start());
    assertThat(calls).hasValue(10);
    assertThat(times.tenthMs()).isGreaterThanOrEqualTo(times.firstMs());
  }

  @Test
  void tenthIsNoNumberWhenThereAreFewer() {
    assertThat(run(new Effort(4, 5, Double.POSITIVE_INFINITY)).tenthMs()).isNaN();
  }

  @Test
  void medianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
    Times times = new Times(new double[] {4, 1, 3, 2}, 0, 0, 0, 0);
    assertThat(times.median()).isEqualTo(2.5);
    assertThat(times.min()).isEqualTo(1);
    assertThat(times.p90()).isEqualTo(4);
  }
}
