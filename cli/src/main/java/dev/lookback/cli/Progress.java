package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.Numbers;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/**
 * How far something is, on standard error: a bar for a person, else a line every ten seconds, so
 * that a log stays readable. Several tasks may share it, one after another or in turns.
 */
final class Progress implements AutoCloseable {
  /** The cells of a line: one less than a terminal has, which would wrap else. */
  static final int WIDTH = 79;

  private static final int BAR = 12;
  // Of the bar: what is done of everything, in parts of this.
  private static final long UNITS = 10_000;
  private static final long LINE_EVERY_NANOS = 10_000_000_000L;
  private static final long BAR_EVERY_NANOS = 100_000_000L;

  private final Terminal terminal;
  private final String task;
  private final int parts;
  private final Optional<ProgressBar> bar;
  private final long start = System.nanoTime();
  private long told = System.nanoTime();
  private int finished;

  /** One of the tasks. */
  final class Part {
    private final String name;
    private final boolean inTurns;

    private Part(String name, boolean inTurns) {
      this.name = name;
      this.inTurns = inTurns;
    }

    /** Whether it is time to tell again; asking is cheap. */
    boolean isDue() {
      return Progress.this.isDue();
    }

    /**
     * Tells.
     *
     * @param done of {@code total}, in any unit
     * @param seconds that it took
     */
    void at(long done, long total, double seconds, String news) {
      double own = total <= 0 ? 0 : Math.min(1, (double) done / total);
      // Of several in turns, each is about as far as this one.
      double share = inTurns ? own : (finished + own) / parts;
      JsonObject fields = new JsonObject();
      fields.addProperty("task", name.isEmpty() ? task : name);
      fields.addProperty("update", done);
      fields.addProperty("of", total);
      fields.addProperty("seconds", seconds);
      show(share, (name.isEmpty() ? "" : name + ": ") + news, fields);
    }

    /** Tells that it has ended, and what it took and gave. */
    void end(String result) {
      finished++;
      // It stays above the bar.
      bar.ifPresent(any -> terminal.err().print("\r" + padded(name + ": " + result) + "\n"));
      if (bar.isEmpty()) {
        JsonObject fields = new JsonObject();
        fields.addProperty("task", name);
        terminal.tell("progress", name + ": " + result, fields);
      }
    }
  }

  /** Starts a task. */
  Progress(Terminal terminal, String task) {
    this(terminal, task, 1);
  }

  /** Starts so many, which {@link #part} names. */
  Progress(Terminal terminal, String task, int parts) {
    this.terminal = terminal;
    this.task = task;
    this.parts = parts;
    this.bar = terminal.interactive() ? Optional.of(bar(terminal.err(), task)) : Optional.empty();
  }

  private static ProgressBar bar(PrintStream err, String task) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(UNITS)
        .setRenderer((state, width) -> render(state))
        .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
        .setUpdateIntervalMillis(250)
        .build();
  }

  /** The only task. */
  Part whole() {
    return new Part("", false);
  }

  /** A task that runs after those before it. */
  Part part(String name) {
    return new Part(name, false);
  }

  /** A task that takes turns with the others, all at the same time. */
  Part inTurns(String name) {
    return new Part(name, true);
  }

  private boolean isDue() {
    long interval = bar.isPresent() ? BAR_EVERY_NANOS : LINE_EVERY_NANOS;
    return System.nanoTime() - told >= interval;
  }

  private void show(double share, String news, JsonObject fields) {
    told = System.nanoTime();
    String left = left(share);
    String count = parts > 1 ? Math.min(parts, finished + 1) + " of " + parts + ", " : "";
    if (bar.isPresent()) {
      bar.get().stepTo(Math.round(share * UNITS)).setExtraMessage(count + left + "; " + news);
    } else {
      fields.addProperty("done", share);
      String line =
          String.format(Locale.ROOT, "%s %.0f%%, %s%s; %s", task, 100 * share, count, left, news);
      terminal.tell("progress", line, fields);
    }
  }

  // Of all tasks, by what the share so far took.
  private String left(double share) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    double left = share <= 0 ? 0 : seconds * (1 - share) / share;
    return Numbers.duration(left < 1 ? 0 : left) + " left";
  }

  // What matters stands first: where there is no room, the news are cut.
  private static String render(ProgressState state) {
    double share = Math.min(1, (double) state.getCurrent() / UNITS);
    int filled = (int) Math.round(share * BAR);
    return padded(
        String.format(
            Locale.ROOT,
            "%s %3.0f%% [%s%s] %s",
            state.getTaskName(),
            100 * share,
            "=".repeat(filled),
            " ".repeat(BAR - filled),
            state.getExtraMessage()));
  }

  /** A line of {@link #WIDTH} cells, so that nothing stays of a longer one before. */
  static String padded(String line) {
    return line.length() > WIDTH
        ? line.substring(0, WIDTH - 1) + "…"
        : line + " ".repeat(WIDTH - line.length());
  }

  /** Ends; where everything was done, with what it took. */
  @Override
  public void close() {
    bar.ifPresent(
        shown -> {
          double seconds = (System.nanoTime() - start) * 1e-9;
          shown.setExtraMessage("took " + Numbers.duration(seconds));
          shown.close();
        });
  }
}
