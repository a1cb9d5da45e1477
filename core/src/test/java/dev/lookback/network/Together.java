package dev.lookback.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Threads that do something at the same time. */
final class Together {
  /** What each does; they are numbered from 0. */
  interface Work {
    void run(int rank) throws Exception;
  }

  private Together() {}

  /** Runs as many threads, which set out at the same moment; none of them may throw anything. */
  static void run(int threads, Work work) throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int rank = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                  work.run(rank);
                } catch (Throwable e) {
                  thrown.add(e);
                }
              });
      thread.setDaemon(true);
      thread.start();
      all.add(thread);
    }
    start.countDown();
    for (Thread thread : all) {
      thread.join();
    }
    assertThat(thrown).isEmpty();
  }
}
