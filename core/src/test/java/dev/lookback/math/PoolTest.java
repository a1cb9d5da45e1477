package dev.lookback.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolTest {
  @Test
  void makesWhatIsMissedAndNoMore() {
    AtomicInteger made = new AtomicInteger();
    Pool<Integer> pool = new Pool<>(3, made::incrementAndGet);
    assertThat(pool.take()).isEqualTo(1);
    pool.give(1);
    assertThat(pool.take()).isEqualTo(1);
    assertThat(pool.take()).isEqualTo(2);
    pool.give(2);
    pool.give(1);
    assertThat(pool.made()).isEqualTo(2);
    assertThatThrownBy(() -> new Pool<>(0, made::incrementAndGet))
        .hasMessage("a pool of 0 things needs 1 or more");
  }

  @Test
  void whoComesWhenAllAreLentWaits() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    Pool<Integer> pool = new Pool<>(1, made::incrementAndGet);
    int lent = pool.take();
    List<Integer> taken = new ArrayList<>();
    Thread waiting = new Thread(() -> taken.add(pool.take()));
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    pool.give(lent);
    waiting.join();
    assertThat(taken).containsExactly(lent);
    assertThat(made).hasValue(1);
  }

  @Test
  void whatCouldNotBeMadeLeavesItsPlace() {
    AtomicInteger tries = new AtomicInteger();
    Pool<Integer> pool =
        new Pool<>(
            1,
            () -> {
              if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
              }
              return 7;
            });
    assertThatThrownBy(pool::take).hasMessage("not yet");
    assertThat(pool.made()).isZero();
    assertThat(pool.take()).isEqualTo(7);
  }
}
