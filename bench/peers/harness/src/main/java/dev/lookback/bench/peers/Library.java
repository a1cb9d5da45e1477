package dev.lookback.bench.peers;

import java.util.function.DoubleSupplier;

/** A library under the clock. */
public interface Library {
  /** Its short name. */
  String name();

  /** The version that runs. */
  String version();

  /**
   * Sets the library up and hands out what is timed.
   *
   * @return one iteration; its answer is the loss in nats per token, or NaN where there is none
   * @throws Unsupported if the library does not have the cell
   */
  DoubleSupplier prepare(Options options);

  /** Which of its native parts does the arithmetic, seen after a run. */
  String backend();
}
