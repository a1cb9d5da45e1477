package dev.lookback.math;

import java.util.concurrent.atomic.AtomicInteger;
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
  private static final int SPINS = 20_000;

  private final Kernel kernel;
  private final Worker[] workers;
  private final Thread[] threads;
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger round = new AtomicInteger();
  private volatile boolean closed;
  private volatile @Nullable Thread caller;
  // Written before round, read after it.
  private @Nullable Task task;
  private int length;
  private volatile @Nullable Throwable failure;

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
      int part = i + 1;
      threads[i] = new Thread(() -> serve(part), "lookback-" + part);
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
    this.task = task;
    this.length = n;
    this.failure = null;
    this.caller = Thread.currentThread();
    pending.set(threads.length);
    round.incrementAndGet();
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    try {
      runPart(task, 0, n);
    } finally {
      for (int spin = 0; pending.get() > 0; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(this, 1_000_000);
        }
      }
      this.task = null;
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

  private void runPart(Task part, int index, int n) {
    int from = (int) ((long) n * index / workers.length);
    int to = (int) ((long) n * (index + 1) / workers.length);
    if (from < to) {
      part.run(workers[index], from, to);
    }
  }

  private void serve(int index) {
    int seen = 0;
    while (true) {
      for (int spin = 0; round.get() == seen && !closed; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = round.get();
      Task current = task;
      try {
        if (current != null) {
          runPart(current, index, length);
        }
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      if (pending.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
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
