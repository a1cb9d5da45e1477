package dev.lookback.cli;

import dev.lookback.cli.report.Numbers;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a training is, on standard error: a bar for a person, else a line every ten seconds, so
 * that a log stays readable.
 */
final class Progress implements AutoCloseable {
  private static final int BAR_WIDTH = 79;
  private static final long LINE_EVERY_NANOS = 10_000_000_000L;
  private static final long BAR_EVERY_NANOS = 100_000_000L;

  private final Terminal terminal;
  private final String task;
  private final Optional<ProgressBar> bar;
  private long told = System.nanoTime();

  /**
   * Starts.
   *
   * @param total in the unit of {@link #at}'s {@code done}
   */
  Progress(Terminal terminal, String task, long total) {
    this.terminal = terminal;
    this.task = task;
    this.bar =
        terminal.interactive()
            ? Optional.of(
                new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), BAR_WIDTH))
                    .setUpdateIntervalMillis(250)
                    .hideEta()
                    .build())
            : Optional.empty();
  }

  /** Whether it is time to tell again; asking is cheap. */
  boolean isDue() {
    long interval = bar.isPresent() ? BAR_EVERY_NANOS : LINE_EVERY_NANOS;
    return System.nanoTime() - told >= interval;
  }

  /** Tells. */
  void at(long done, long total, double seconds, String news) {
    told = System.nanoTime();
    double left = done == 0 ? 0 : seconds * (total - done) / done;
    String line = news + ", " + Numbers.duration(Math.max(0, left)) + " left";
    if (bar.isPresent()) {
      bar.get().maxHint(total).stepTo(Math.min(done, total)).setExtraMessage(" " + line);
    } else {
      terminal.err().println(task + ": " + line);
    }
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
