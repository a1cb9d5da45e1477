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
 * <p>Use one team from one thread at a time, and close it. Sharing work allocates nothing.
 */
public final class Team implements AutoCloseable {
  // Multiplications below which waking another thread costs more than it saves.
  private static final long WORTH_SHARING = 200_000;
  // Some tens of microseconds: longer than most gaps between two pieces of work.
  private static final int SPINS = 2_000;
  // Parts for each thread: where a thread is slow to come, the others take its parts.
  private static final int PARTS = 2;
  // A multiple of the heights that the product kernels like.
  private static final int TILE = 24;
  private static final int MOST_PARTS = 0xFFFE;
  // Instead of a number of parts: each thread does the part of its own rank, all at once.
  private static final int ALL_TOGETHER = 0xFFFF;

  private final Worker[] workers;
  private final Thread[] threads;
  private final Barrier barrier;
  // The round, the number of its parts, and the next part to be taken: one compare-and-set takes a
  // part of this round and of no other.
  private final AtomicLong ticket = new AtomicLong();
  private final AtomicInteger unfinished = new AtomicInteger();
  // What the round is about; written before its ticket, read after a part of it has been taken.
  private Task task = (worker, from, to) -> {};
  private int items;
  private int partSize;
  private Thread caller = Thread.currentThread();
  private final Steps steps = new Steps();
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  /** Work on the items [from, to), with the scratch of one thread. */
  @FunctionalInterface
  public interface Task {
    /** Does it. */
    void run(Worker worker, int from, int to);
  }

  /** Work on one part of every step; between steps the parts may have to wait for each other. */
  @FunctionalInterface
  public interface StepTask {
    /** Does it, calling {@link Barrier#await} wherever another part's results are needed next. */
    void run(Worker worker, Part part, Barrier barrier);
  }

  /** Sees what a sigmoid or tanh is taken of, in the thread that takes it; changes nothing. */
  @FunctionalInterface
  public interface Arguments {
    /** Sees nothing. */
    Arguments NOBODY = (x, from, to) -> {};

    /** The elements in [from, to), which are about to be replaced. */
    void seen(float[] x, int from, int to);
  }

  private Team(int size, boolean vector) {
    this.workers = new Worker[size];
    for (int i = 0; i < size; i++) {
      workers[i] = new Worker(vector ? Vectors.create() : new ScalarKernel(), i);
    }
    this.barrier = new Barrier(size);
    this.threads = new Thread[size - 1];
    for (int i = 0; i < threads.length; i++) {
      Worker worker = workers[i + 1];
      threads[i] = new Thread(() -> serve(worker), "lookback-" + (i + 1));
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /**
   * A team of so many threads, the caller's included, with SIMD where there is some: where Java was
   * started with {@code --add-modules jdk.incubator.vector} on a processor that {@linkplain
   * #hasFusedMultiplyAdd() multiplies and adds in one}.
   */
  public static Team of(int size) {
    return new Team(checked(size), hasVectorModule() && hasFusedMultiplyAdd());
  }

  /**
   * Whether the processor has a fused multiply-add, and Java uses it. Every sum here is a chain of
   * them. Without one the results are the same to the last bit, but each is computed by some twenty
   * instructions, without SIMD, and training takes many times as long. x86 has had them since 2013
   * (Haswell, Piledriver) and 64-bit ARM always; where one is missing it is most often a virtual
   * machine whose processor is made to look like an older one, or {@code -XX:-UseFMA}.
   *
   * <p>The first call times a few of them: some microseconds, or a quarter of a second where there
   * are none.
   */
  public static boolean hasFusedMultiplyAdd() {
    return Fused.inHardware();
  }

  /** A team that uses the scalar definition of every kernel: same bits, slower. */
  public static Team scalar(int size) {
    return new Team(checked(size), false);
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

  /**
   * "scalar", or the SIMD width such as "512-bit SIMD"; "scalar, fused multiply-add in software" on
   * a processor {@linkplain #hasFusedMultiplyAdd() without one}.
   */
  public String describe() {
    return workers[0].kernel().describe();
  }

  /** The caller's own worker, for work that is not shared. */
  public Worker worker() {
    return workers[0];
  }

  /** From now on this one sees the arguments of all sigmoids and tanhs. */
  public void watch(Arguments arguments) {
    for (Worker worker : workers) {
      worker.watch(arguments);
    }
  }

  int grain() {
    return workers[0].kernel().grain();
  }

  /**
   * Runs {@code task} over the items [0, n), in some pieces for each thread where it pays.
   *
   * @param work multiplications for one item, roughly
   */
  public void split(int n, long work, Task task) {
    if (workers.length == 1 || n < 2 || n * work < WORTH_SHARING) {
      task.run(workers[0], 0, n);
      return;
    }
    share(task, n, partSize(n));
  }

  /** Runs {@code task} for each part of the partition, each on a thread of its own. */
  public void run(Partition partition, long work, StepTask task) {
    int parts = partition.parts().size();
    if (parts == 1 || (!partition.inStep() && work < WORTH_SHARING)) {
      for (int i = 0; i < parts; i++) {
        task.run(workers[0], partition.parts().get(i), Barrier.NONE);
      }
      return;
    }
    steps.task = task;
    steps.partition = partition;
    if (partition.inStep()) {
      barrier.reset(parts);
      begin(steps, parts, 1, ALL_TOGETHER);
      together(workers[0]);
      finish();
    } else {
      share(steps, parts, 1);
    }
  }

  private final class Steps implements Task {
    private StepTask task = (worker, part, barrier) -> {};
    private @Nullable Partition partition;

    @Override
    public void run(Worker worker, int from, int to) {
      Partition shared = partition;
      for (int i = from; shared != null && i < to; i++) {
        Barrier between = shared.inStep() ? barrier : Barrier.NONE;
        task.run(worker, shared.parts().get(i), between);
      }
    }
  }

  private void share(Task shared, int n, int size) {
    begin(shared, n, size, (n + size - 1) / size);
    takeParts(workers[0]);
    finish();
  }

  private void begin(Task shared, int n, int size, int parts) {
    failure = null;
    task = shared;
    items = n;
    partSize = size;
    caller = Thread.currentThread();
    unfinished.set(parts == ALL_TOGETHER ? workers.length : parts);
    ticket.set((((ticket.get() >>> 32) + 1) << 32) | ((long) parts << 16));
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }

  private void finish() {
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

  // Whole tiles where there are enough items for it.
  private int partSize(int n) {
    int size = (n + PARTS * workers.length - 1) / (PARTS * workers.length);
    size = size < TILE ? size : (size + TILE - 1) / TILE * TILE;
    return Math.max(size, n / MOST_PARTS + 1);
  }

  // Takes parts of the current round until there is none left.
  private void takeParts(Worker worker) {
    while (true) {
      long taken = ticket.get();
      int parts = (int) (taken >>> 16) & 0xFFFF;
      int part = (int) taken & 0xFFFF;
      if (parts == ALL_TOGETHER || part >= parts) {
        return;
      }
      if (ticket.compareAndSet(taken, taken + 1)) {
        int from = part * partSize;
        attempt(worker, from, Math.min(items, from + partSize));
      }
    }
  }

  private void together(Worker worker) {
    attempt(worker, Math.min(items, worker.rank()), Math.min(items, worker.rank() + 1));
  }

  private void attempt(Worker worker, int from, int to) {
    Thread waiting = caller;
    try {
      task.run(worker, from, to);
    } catch (RuntimeException | Error e) {
      if (failure == null) {
        failure = e;
      }
      barrier.abandon();
    }
    if (unfinished.decrementAndGet() == 0) {
      LockSupport.unpark(waiting);
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
      long current = ticket.get();
      seen = current >>> 32;
      if (((int) (current >>> 16) & 0xFFFF) == ALL_TOGETHER && !closed) {
        together(worker);
      } else {
        takeParts(worker);
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
