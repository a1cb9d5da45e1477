package dev.lookback.cli.damage;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What came of the damaged files of one reader. */
public final class Ledger {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  // A reader that hangs is told of by the number of its file; none comes near this otherwise.
  private static final int HANGS_AFTER_SECONDS = 60;
  private static final int MOST_FAILURES = 40;

  private final String reader;
  private final long mostBytes;
  private final long mostBytesPerByte;
  private final List<String> failures = new ArrayList<>();
  private volatile Thread reading = Thread.currentThread();
  private int read;
  private int refused;
  private long mostAllocated;
  private String mostAllocatedBy = "";
  private long slowestNanos;
  private String slowest = "";

  /**
   * Nothing yet.
   *
   * @param mostBytes that reading and using a file may allocate
   * @param mostBytesPerByte more of them for each byte of the file
   */
  public Ledger(String reader, long mostBytes, long mostBytesPerByte) {
    this.reader = reader;
    this.mostBytes = mostBytes;
    this.mostBytesPerByte = mostBytesPerByte;
  }

  /** Reads the good file, and then so many damaged ones of it. */
  public void take(Trial trial, long seed, int count) throws Exception {
    if (!trial.attempt().reads(trial.whole())) {
      throw new AssertionError(trial.name() + " is refused though it is good");
    }
    long own = seed + (trial.reader() + trial.name()).hashCode();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (int number = 0; number < count && failures.size() < MOST_FAILURES; number++) {
        String name = (trial.name() + " " + number).strip();
        byte[] damaged = new Damage(own, number).to(trial.whole(), trial.form());
        Future<?> done = thread.submit(() -> take(name, trial, damaged));
        try {
          done.get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          failures.add(name + ": " + told(e.getCause()));
        } catch (TimeoutException e) {
          failures.add(name + ": hangs" + where());
          return;
        }
      }
    } finally {
      thread.shutdownNow();
    }
  }

  private Void take(String name, Trial trial, byte[] damaged) throws Exception {
    reading = Thread.currentThread();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    boolean reads = trial.attempt().reads(damaged);
    long nanos = System.nanoTime() - start;
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > mostBytes + mostBytesPerByte * damaged.length) {
      throw new AssertionError(allocated + " bytes were allocated for a file of " + damaged.length);
    }
    read += reads ? 1 : 0;
    refused += reads ? 0 : 1;
    if (allocated > mostAllocated) {
      mostAllocated = allocated;
      mostAllocatedBy = name + ", " + damaged.length + " bytes";
    }
    if (nanos > slowestNanos) {
      slowestNanos = nanos;
      slowest = name;
    }
    return null;
  }

  private String where() {
    Error here = new AssertionError(" at");
    here.setStackTrace(reading.getStackTrace());
    return told(here);
  }

  private static String told(Throwable e) {
    StringBuilder text = new StringBuilder(e.toString());
    Arrays.stream(e.getStackTrace())
        .filter(place -> place.getClassName().startsWith("dev.lookback."))
        .limit(6)
        .forEach(place -> text.append("\n    ").append(place));
    return text.toString();
  }

  /** What was neither read nor refused as it has to be. */
  public List<String> failures() {
    return failures;
  }

  /** Files that were read. */
  public int read() {
    return read;
  }

  /** Files that were refused. */
  public int refused() {
    return refused;
  }

  /** A row of a table in Markdown. */
  public String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %d | %d | %.2f MiB (%s) | %.0f ms (%s) |%n",
        reader,
        read + refused,
        read,
        refused,
        mostAllocated / 1048576.0,
        mostAllocatedBy,
        slowestNanos / 1e6,
        slowest);
  }
}
