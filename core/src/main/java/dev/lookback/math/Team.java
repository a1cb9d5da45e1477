package dev.lookback.math;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that share one computation. They split outputs, never sums, so that the result has
 * the same bits for any number of them.
 *
 * <p>A waiting thread spins for some microseconds and then parks: spinning alone would starve
 * others on a shared machine, parking alone would cost more than most of our pieces of work.
 *
 * <p>Use one team from one thread at a time, and close it.
 */
public final class Team implements AutoCloseable {
  // Multiplications below which waking another thread costs more than it saves.
  private static final long WORTH_SHARING = 200_000;
  // Some tens of microseconds: longer than most gaps between two pieces of work.
  private static final int SPINS = 2_000;
  // Parts for each thread: where a thread is slow to come, the others take its parts.
  private static final int PARTS = 2;
  private static final int TILE = 8;

  private final Kernel kernel;
  private final Worker[] workers;
  private final Thread[] threads;
  // The round in the upper half, the next part to be taken in the lower: one compare-and-set takes
  // a part of this round and of no other.
  private final AtomicLong ticket = new AtomicLong();
  private final AtomicInteger unfinished = new AtomicInteger();
  private volatile Job job = new Job(0, (worker, from, to) -> {}, 0, 1, Thread.currentThread());
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  /** A piece of shared work: n items in parts of equal size. */
  private record Job(long round, Task task, int n, int size, Thread caller) {
    int parts() {
      return (n + size - 1) / size;
    }
  }

  /** Work on the items [from, to), with the scratch of one thread. */
  @FunctionalInterface
  public interface Task {
    /** Does it. */
    void run(Worker worker, int from, int to);
  }

  private Team(int size, Kernel kernel) {
    this.kernel = kernel;
    this.workers = new Worker[size];
    for (int i = 0; i < size; i++) {
      workers[i] = new Worker(kernel);
    }
    this.threads = new Thread[size - 1];
    for (int i = 0; i < threads.length; i++) {
      Worker worker = workers[i + 1];
      threads[i] = new Thread(() -> serve(worker), "lookback-" + (i + 1));
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /** A team of so many threads, the caller's included, with SIMD where there is some. */
  public static Team of(int size) {
    return new Team(checked(size), hasVectorModule() ? Vectors.create() : new ScalarKernel());
  }

  /** A team that uses the scalar definition of every kernel: same bits, slower. */
  public static Team scalar(int size) {
    return new Team(checked(size), new ScalarKernel());
  }

  private static int checked(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a team has " + size + " threads but needs 1 or more");
    }
    return size;
  }

  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  // A class of its own, so that the Vector API is not loaded where the module is absent.
  private static final class Vectors {
    static Kernel create() {
      return new VectorKernel();
    }
  }

  /** How many threads, the caller's included. */
  public int size() {
    return workers.length;
  }

  /** "scalar", or the SIMD width such as "512-bit SIMD". */
  public String describe() {
    return kernel.describe();
  }

  /** The caller's own worker, for work that is not shared. */
  public Worker worker() {
    return workers[0];
  }

  /**
   * Runs {@code task} over the items [0, n), in one piece for each thread where it pays.
   *
   * @param work multiplications for one item, roughly
   */
  public void split(int n, long work, Task task) {
    if (workers.length == 1 || n < 2 || n * work < WORTH_SHARING) {
      task.run(workers[0], 0, n);
      return;
    }
    long round = (ticket.get() >>> 32) + 1 & 0xFFFFFFFFL;
    Job shared = new Job(round, task, n, partSize(n), Thread.currentThread());
    failure = null;
    unfinished.set(shared.parts());
    job = shared;
    ticket.set(round << 32);
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    takeParts(workers[0]);
    for (int spin = 0; unfinished.get() > 0; spin++) {
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 100_000);
      }
    }
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException e) {
      throw e;
    } else if (thrown instanceof Error e) {
      throw e;
    }
  }

  /**
   * {@code c += a^T b}, the weight gradient {@code [a.width, b.width]} at {@code offset} of {@code
   * c}, its rows split over the threads. The sum over the rows of a and b is one chain from zero,
   * added to c at the end.
   */
  public void addOuter(Rows a, Rows b, float[] c, int offset) {
    if (a.count() != b.count()) {
      throw new IllegalArgumentException("a has " + a.count() + " rows but b has " + b.count());
    }
    // Whole tiles of eight rows each, so that a split does not leave ragged ones inside.
    int tiles = (a.width() + 7) / 8;
    split(
        tiles,
        8L * b.width() * b.count(),
        (worker, from, to) ->
            worker.addOuter(a, b, c, offset, from * 8, Math.min(to * 8, a.width())));
  }

  // Whole tiles where there are enough items for it.
  private int partSize(int n) {
    int size = (n + PARTS * workers.length - 1) / (PARTS * workers.length);
    return size < TILE ? size : (size + TILE - 1) / TILE * TILE;
  }

  // Takes parts of the current round until there is none left.
  private void takeParts(Worker worker) {
    while (true) {
      long taken = ticket.get();
      Job current = job;
      int part = (int) taken;
      // A job is published before its round begins, so it may be one ahead of the ticket.
      if (current.round() != taken >>> 32 || part >= current.parts()) {
        return;
      }
      if (!ticket.compareAndSet(taken, taken + 1)) {
        continue;
      }
      try {
        int from = part * current.size();
        current.task().run(worker, from, Math.min(current.n(), from + current.size()));
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      if (unfinished.decrementAndGet() == 0) {
        LockSupport.unpark(current.caller());
      }
    }
  }

  private void serve(Worker worker) {
    long seen = 0;
    while (!closed) {
      for (int spin = 0; ticket.get() >>> 32 == seen && !closed; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      seen = ticket.get() >>> 32;
      takeParts(worker);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
