package dev.lookback.bench.peers;

import java.lang.management.ManagementFactory;

/** The main program of every peer. */
public final class Harness {
  private static final int DONE = 0;
  private static final int UNSUPPORTED = 2;
  private static final int USAGE = 64;

  private Harness() {}

  /**
   * Reads the options, measures, prints one line and ends the process: with 2 where the library
   * lacks the cell, with 64 where an option is wrong.
   */
  public static void run(Library library, String... words) {
    int exit = DONE;
    try {
      Options options = Options.parse(words);
      Stopwatch stopwatch =
          new Stopwatch(
              library.prepare(options), ManagementFactory.getRuntimeMXBean().getStartTime());
      Times times = stopwatch.run(options.effort());
      System.out.println(Report.of(library, options, times).json());
    } catch (Unsupported e) {
      System.err.println(e.getMessage());
      exit = UNSUPPORTED;
    } catch (IllegalArgumentException e) {
      System.err.println(library.name() + ": " + e.getMessage());
      exit = USAGE;
    }
    System.out.flush();
    // Native libraries leave threads behind; taking them down is nothing that is measured.
    Runtime.getRuntime().halt(exit);
  }
}
