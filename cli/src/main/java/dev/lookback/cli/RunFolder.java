package dev.lookback.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.lookback.format.EventFile;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Everything of a training run in one folder. */
final class RunFolder implements AutoCloseable {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();
  private static final List<String> COLUMNS =
      List.of(
          "update",
          "epoch",
          "tokens",
          "seconds",
          "loss",
          "validation_loss",
          "gradient_norm",
          "rate",
          "longest_segment",
          "truncation");

  static final String RECORD = "run.json";
  static final String REPORT = "report.html";
  private static final String METRICS = "metrics.csv";
  // Lines keep their ends, so that what stays is as it was.
  private static final String HEADER = String.join(",", COLUMNS) + "\n";
  private static final Pattern AFTER_LINE = Pattern.compile("(?<=\n)");
  private static final Pattern NUMBER =
      Pattern.compile("NaN|-?Infinity|-?[0-9.]+(?:[eE][-+]?[0-9]+)?");

  private final Path folder;
  private CsvWriter metrics;
  private final EventFile events;
  private final RunLock lock;

  private RunFolder(Path folder, CsvWriter metrics, RunLock lock) throws IOException {
    this.folder = folder;
    this.metrics = metrics;
    this.events = EventFile.create(folder, seconds());
    this.lock = lock;
  }

  /**
   * The folder asked for, which has to be new or empty, or the next free one under runs/. The
   * record comes first: a folder without it says nothing of what was asked for.
   */
  static RunFolder create(Optional<Path> asked, JsonObject record) {
    Path folder = asked.orElseGet(RunFolder::nextFree);
    try {
      if (Files.isDirectory(folder)) {
        try (var entries = Files.list(folder)) {
          if (entries.anyMatch(RunFolder::isOfARun)) {
            throw Failure.usage(
                "the run folder "
                    + folder
                    + " is not empty, and a run is never written over another. Name another with"
                    + " --run");
          }
        }
      }
      Files.createDirectories(folder);
      RunLock lock = RunLock.take(folder);
      OutputFile.ofRun(folder.resolve(RECORD)).write(text(record));
      OutputFile.ofRun(folder.resolve(METRICS)).write(HEADER);
      return new RunFolder(folder, appending(folder.resolve(METRICS)), lock);
    } catch (FileAlreadyExistsException e) {
      throw Failure.running(
          "the run folder "
              + folder
              + " cannot be made: a file stands there. Name another with"
              + " --run",
          e);
    } catch (IOException e) {
      throw Failure.running(
          "the run folder "
              + folder
              + " cannot be written: "
              + e.getMessage()
              + ". Name another with --run",
          e);
    }
  }

  /**
   * The folder of a run that goes on.
   *
   * @param metrics as they were; nothing before there were any
   * @param lock on the folder, closed with it
   */
  static RunFolder reopen(Path folder, JsonObject record, Optional<String> metrics, RunLock lock) {
    OutputFile.ofRun(folder.resolve(RECORD)).write(text(record));
    Path file = folder.resolve(METRICS);
    OutputFile.ofRun(file).write(metrics.orElse(HEADER));
    try {
      return new RunFolder(folder, appending(file), lock);
    } catch (IOException e) {
      throw OutputFile.ofRun(file).failure(e);
    }
  }

  // A process that was killed before it wrote the record leaves no more than an unused lock.
  private static boolean isOfARun(Path entry) {
    return !entry.getFileName().toString().startsWith(".lookback-") && !RunLock.isAlone(entry);
  }

  private static CsvWriter appending(Path file) throws IOException {
    return CsvWriter.builder()
        .build(file, StandardCharsets.UTF_8, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** Leaves of the metrics those up to an update: the others are of a way that was left. */
  void goBackTo(long update) {
    Path file = folder.resolve(METRICS);
    try {
      metrics.close();
      List<String> lines = AFTER_LINE.splitAsStream(metrics()).toList();
      StringBuilder kept = new StringBuilder(lines.get(0));
      for (String line : lines.subList(1, lines.size())) {
        if (Long.parseLong(line.substring(0, line.indexOf(','))) <= update) {
          kept.append(line);
        }
      }
      OutputFile.ofRun(file).write(kept.toString());
      metrics = appending(file);
    } catch (IOException e) {
      throw OutputFile.ofRun(file).failure(e);
    }
  }

  private static Path nextFree() {
    for (int i = 1; ; i++) {
      Path folder = Path.of("runs", String.format(Locale.ROOT, "train-%03d", i));
      if (!Files.exists(folder)) {
        return folder;
      }
    }
  }

  Path folder() {
    return folder;
  }

  Path model() {
    return LoadedModel.inside(folder);
  }

  private static double seconds() {
    return System.currentTimeMillis() / 1e3;
  }

  /** Adds a line to metrics.csv, and what of it is a number to the events. */
  void metric(String... cells) {
    metrics.writeRecord(cells);
    try {
      metrics.flush();
    } catch (IOException e) {
      throw failure(METRICS, e);
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (int i = 1; i < cells.length; i++) {
      if (NUMBER.matcher(cells[i]).matches()) {
        numbers.put(COLUMNS.get(i), Double.valueOf(cells[i]));
      }
    }
    try {
      events.scalars(Long.parseLong(cells[0]), seconds(), numbers);
    } catch (IOException e) {
      throw failure(events.path().getFileName().toString(), e);
    }
  }

  /** Adds the options to the events, as a table in Markdown. */
  void options(JsonObject options) {
    StringBuilder table = new StringBuilder("| option | value |\n|---|---|\n");
    options
        .entrySet()
        .forEach(
            option ->
                table
                    .append("| ")
                    .append(option.getKey())
                    .append(" | ")
                    .append(option.getValue().getAsString().replace("|", "\\|"))
                    .append(" |\n"));
    try {
      events.text(0, seconds(), "options", table.toString());
    } catch (IOException e) {
      throw failure(events.path().getFileName().toString(), e);
    }
  }

  /** metrics.csv as it is. */
  String metrics() throws IOException {
    return Files.readString(folder.resolve(METRICS), StandardCharsets.UTF_8);
  }

  void writeModel(Model model) {
    OutputFile.ofRun(model()).write(to -> ModelFile.write(to, model));
  }

  void writeJson(String name, JsonObject content) {
    writeText(name, text(content));
  }

  private static String text(JsonObject content) {
    return GSON.toJson(Finite.of(content)) + "\n";
  }

  void writeText(String name, String content) {
    OutputFile.ofRun(folder.resolve(name)).write(content);
  }

  private Failure failure(String name, IOException e) {
    return OutputFile.ofRun(folder.resolve(name)).failure(e);
  }

  @Override
  public void close() {
    try {
      metrics.close();
      events.close();
    } catch (IOException e) {
      throw failure("metrics", e);
    } finally {
      lock.close();
    }
  }
}
