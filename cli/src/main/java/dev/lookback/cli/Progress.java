package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.Numbers;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

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
  private final Clock clock;
  // Of several that take turns: which one's news these are, and how many there are.
  private final String whose;
  private final int turns;

  private static final class Clock {
    private long told = System.nanoTime();
  }

  /**
   * Starts.
   *
   * @param total in the unit of {@link #at}'s {@code done}
   */
  Progress(Terminal terminal, String task, long total) {
    this.terminal = terminal;
    this.task = task;
    this.clock = new Clock();
    this.whose = "";
    this.turns = 1;
    this.bar =
        terminal.interactive()
            ? Optional.of(
                new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setRenderer(Progress::render)
                    .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), BAR_WIDTH))
                    .setUpdateIntervalMillis(250)
                    .build())
            : Optional.empty();
  }

  private Progress(Progress all, String whose, int turns) {
    this.terminal = all.terminal;
    this.task = all.task;
    this.bar = all.bar;
    this.clock = all.clock;
    this.whose = whose + ": ";
    this.turns = turns;
  }

  /** The same line as one of several tells it that take turns and get equal time. */
  Progress ofOne(String name, int count) {
    return new Progress(this, name, count);
  }

  // The news come first: on a narrow screen it is the bar that shrinks.
  private static String render(ProgressState state, int width) {
    String news = state.getExtraMessage();
    String head =
        state.getTaskName() + String.format(Locale.ROOT, " %3.0f%% ", 100 * fraction(state));
    int room = Math.min(24, width - head.length() - news.length() - 3);
    if (room < 4) {
      String line = head + news.strip();
      return line.length() > width ? line.substring(0, width) : line;
    }
    int filled = (int) Math.round(fraction(state) * room);
    return head + "[" + "=".repeat(filled) + " ".repeat(room - filled) + "]" + news;
  }

  private static double fraction(ProgressState state) {
    return state.getMax() <= 0 ? 0 : Math.min(1, (double) state.getCurrent() / state.getMax());
  }

  /** Whether it is time to tell again; asking is cheap. */
  boolean isDue() {
    long interval = bar.isPresent() ? BAR_EVERY_NANOS : LINE_EVERY_NANOS;
    return System.nanoTime() - clock.told >= interval;
  }

  /** Tells; of several, each is about as far as this one. */
  void at(long done, long total, double seconds, String news) {
    clock.told = System.nanoTime();
    double left = done == 0 ? 0 : turns * seconds * (total - done) / done;
    String line = whose + news + ", " + Numbers.duration(left < 1 ? 0 : left) + " left";
    if (bar.isPresent()) {
      bar.get().maxHint(total).stepTo(Math.min(done, total)).setExtraMessage(" " + line);
    } else {
      JsonObject fields = new JsonObject();
      fields.addProperty("task", task);
      fields.addProperty("update", done);
      fields.addProperty("of", total);
      fields.addProperty("seconds", seconds);
      terminal.tell("progress", task + ": " + line, fields);
    }
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
