package dev.lookback.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C while something is under way: the virtual machine is held until the work has saved what it
 * has.
 */
final class Interruption implements AutoCloseable {
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::hold, "lookback-interrupted");
  private volatile boolean asked;

  private Interruption() {}

  /** Listens until closed. */
  static Interruption listen() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void hold() {
    asked = true;
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the user asked to end. */
  boolean asked() {
    return asked;
  }

  /** Everything is saved, or cannot be: the machine may go. */
  @Override
  public void close() {
    finished.countDown();
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // Asked just now: the hook runs, finds the latch open and lets the machine end.
        asked = true;
      }
    }
  }
}
