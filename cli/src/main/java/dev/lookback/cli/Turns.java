package dev.lookback.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Work that takes turns of a quarter of a second, each in a thread of its own and never two at
 * once: what else the machine does meanwhile slows all of it alike.
 */
final class Turns {
  private static final double TURN_SECONDS = 0.25;

  private final boolean[] ended;
  private final double seconds;
  private int current;
  private boolean failed;

  private Turns(int count, double seconds) {
    this.ended = new boolean[count];
    this.seconds = seconds;
  }

  /**
   * Does all of it.
   *
   * @param work each given its turns
   * @return what came of each, in order
   */
  static <T> List<T> take(List<Function<Turn, T>> work) {
    return take(work, TURN_SECONDS);
  }

  static <T> List<T> take(List<Function<Turn, T>> work, double seconds) {
    Turns turns = new Turns(work.size(), seconds);
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < work.size(); i++) {
        Turn turn = turns.new Turn(i);
        Function<Turn, T> one = work.get(i);
        futures.add(threads.submit(() -> turn.run(one)));
      }
      return results(futures);
    } finally {
      threads.shutdown();
    }
  }

  /** Does a piece of work that has all the turns there are. */
  static <T> T alone(Function<Turn, T> work) {
    return new Turns(1, TURN_SECONDS).new Turn(0).run(work);
  }

  // All have ended when the first failure is thrown.
  private static <T> List<T> results(List<Future<T>> futures) {
    List<T> results = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        failures.add(e.getCause() == null ? e : e.getCause());
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while taking turns", e);
      }
    }
    for (Throwable failure : failures) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }
    return results;
  }

  private synchronized void await(int who) {
    while (current != who) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while waiting for a turn", e);
      }
    }
  }

  private synchronized void handOn() {
    for (int i = 1; i <= ended.length; i++) {
      int next = (current + i) % ended.length;
      if (!ended[next]) {
        current = next;
        break;
      }
    }
    notifyAll();
  }

  private synchronized void end(int who, boolean well) {
    ended[who] = true;
    failed |= !well;
    handOn();
  }

  private synchronized boolean failed() {
    return failed;
  }

  /** The turns of one. */
  final class Turn {
    private final int who;
    private long since;

    private Turn(int who) {
      this.who = who;
    }

    private <T> T run(Function<Turn, T> work) {
      await(who);
      since = System.nanoTime();
      boolean well = false;
      try {
        T result = work.apply(this);
        well = true;
        return result;
      } finally {
        end(who, well);
      }
    }

    /** Lets the others have theirs, if this one is over; the seconds that took. */
    double perhapsWait() {
      long now = System.nanoTime();
      if ((now - since) * 1e-9 < seconds) {
        return 0;
      }
      handOn();
      await(who);
      since = System.nanoTime();
      return (since - now) * 1e-9;
    }

    /** Whether another has failed, so that there is no use in going on. */
    boolean isPointless() {
      return failed();
    }
  }
}
