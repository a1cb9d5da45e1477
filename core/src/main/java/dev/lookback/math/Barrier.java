package dev.lookback.math;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Where threads that share the steps of a recurrence wait for each other: nobody passes before all
 * have come, and what they wrote before is there after.
 */
public final class Barrier {
  /** For one thread alone: nothing to wait for. */
  static final Barrier NONE = new Barrier(1);

  // A wait is mostly shorter than a microsecond; where a thread has lost its core to another
  // process, the others let go of theirs.
  private static final int SPINS = 5_000;
  private static final int YIELDS = 100;

  private final AtomicInteger missing = new AtomicInteger();
  private int parties;
  private volatile int passed;
  private volatile boolean abandoned;

  Barrier(int parties) {
    this.parties = parties;
    missing.set(parties);
  }

  /** For so many from now on; nobody may be waiting. */
  void reset(int parties) {
    this.parties = parties;
    abandoned = false;
    missing.set(parties);
  }

  /** Lets nobody wait any more: one of the threads has failed and will not come. */
  void abandon() {
    abandoned = true;
  }

  /** Waits for the others. */
  @SuppressWarnings("ThreadPriorityCheck") // yielding is a courtesy, nothing relies on it
  public void await() {
    if (parties == 1) {
      return;
    }
    int before = passed;
    if (missing.decrementAndGet() == 0) {
      missing.set(parties);
      passed = before + 1;
      return;
    }
    for (int spin = 0; passed == before; spin++) {
      if (abandoned) {
        throw new IllegalStateException("another thread of the team has failed");
      }
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else if (spin < SPINS + YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(this, 20_000);
      }
    }
  }
}
