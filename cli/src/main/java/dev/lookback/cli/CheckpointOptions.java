package dev.lookback.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What is saved of a training to go on from, and whether to go on from it. */
final class CheckpointOptions {
  private static final Pattern EVERY = Pattern.compile("([0-9]{1,12})\\s*([smh]?)");

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "60s",
      description = "Save every N updates, Ns or Nm; keep --keep=K [60s, 2]")
  private String every = "60s";

  // Said with the option before: the help has to fit a screen.
  @Option(names = "--keep", paramLabel = "K", defaultValue = "2", hidden = true)
  private int keep = 2;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Go on with a run; --force: though its text has changed")
  private Optional<Path> resume = Optional.empty();

  @Option(names = "--force", hidden = true)
  private boolean force;

  /**
   * When to save.
   *
   * @param updates every so many; 0 where it goes by time
   * @param seconds every so many; 0 where it goes by updates
   */
  record Every(long updates, long seconds) {
    boolean isDue(long update, double secondsSince) {
      return updates > 0 ? update % updates == 0 : secondsSince >= seconds;
    }
  }

  /** Refuses what cannot be. */
  void check() {
    every();
    keep();
    force();
  }

  /** When and what to save. */
  TrainingWatch.Saving saving(
      String vocabulary, Runnable model, RunRecord record, Terminal terminal) {
    return new TrainingWatch.Saving(every(), keep(), vocabulary, model, record, terminal);
  }

  private Every every() {
    Matcher form = EVERY.matcher(every.strip());
    if (!form.matches() || Long.parseLong(form.group(1)) < 1) {
      throw Failure.usage(
          "--checkpoint-every is "
              + every
              + " but has to be 1 or more: updates, such as 100, or time, such as 30s or 5m");
    }
    long count = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "s" -> new Every(0, count);
      case "m" -> new Every(0, 60 * count);
      case "h" -> new Every(0, 3600 * count);
      default -> new Every(count, 0);
    };
  }

  private int keep() {
    if (keep < 1) {
      throw Failure.usage("--keep is " + keep + " but at least 1 checkpoint has to be kept");
    }
    return keep;
  }

  /** The folder of the run to go on with, if any. */
  Optional<Path> resume() {
    return resume;
  }

  /** Whether changed data are taken. */
  boolean force() {
    if (force && resume.isEmpty()) {
      throw Failure.usage("--force is for --resume. Leave it out");
    }
    return force;
  }
}
