package dev.lookback.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.lookback.format.AtomicFile;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
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
  private static final String PLACE = "the run folder";
  private static final String METRICS = "metrics.csv";
  private static final String GOES_ON = "The run goes on, and this is tried again";
  private static final String HEADER = String.join(",", COLUMNS) + "\n";
  // Lines keep their ends, so that what stays is as it was.
  private static final Pattern AFTER_LINE = Pattern.compile("(?<=\n)");

  private final Path folder;
  private final WriteProblems problems;
  private final StringBuilder metrics = new StringBuilder();
  private final AppendedFile metricsFile;
  private final RunEvents events;
  private final List<AppendedFile> growing = new ArrayList<>();
  // Whole files that are to be written, in the order in which they have to be there.
  private final Map<String, String> waiting = new LinkedHashMap<>();
  private final RunLock lock;

  private RunFolder(Path folder, String metricsSoFar, RunLock lock, Terminal terminal) {
    this.folder = folder;
    this.problems = new WriteProblems(terminal);
    this.lock = lock;
    this.metrics.append(metricsSoFar);
    this.metricsFile = growing(METRICS, rest -> bytes(metrics.toString()));
    OutputFile.ofRun(metricsFile.path()).write(metricsSoFar);
    metricsFile.stands(bytes(metricsSoFar));
    this.events = RunEvents.begin(folder);
    growing.add(events.file());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The folder asked for, which has to be new or empty, or the next free one under runs/. The
   * record comes first: a folder without it says nothing of what was asked for.
   */
  static RunFolder create(Optional<Path> asked, JsonObject record, Terminal terminal) {
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
      return new RunFolder(folder, HEADER, lock, terminal);
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
  static RunFolder reopen(
      Path folder, JsonObject record, Optional<String> metrics, RunLock lock, Terminal terminal) {
    OutputFile.ofRun(folder.resolve(RECORD)).write(text(record));
    return new RunFolder(folder, metrics.orElse(HEADER), lock, terminal);
  }

  // A process that was killed before it wrote the record leaves no more than an unused lock.
  private static boolean isOfARun(Path entry) {
    return !entry.getFileName().toString().startsWith(".lookback-") && !RunLock.isAlone(entry);
  }

  /**
   * A file that grows with the run.
   *
   * @param again what it begins with where somebody removed it, given what waits to be written
   */
  AppendedFile growing(String name, UnaryOperator<byte[]> again) {
    AppendedFile file = new AppendedFile(folder.resolve(name), again);
    growing.add(file);
    return file;
  }

  /** Writes nothing more to a file that grew. */
  void forget(Path path) {
    growing.removeIf(file -> file.path().equals(path));
  }

  /** Leaves of the metrics those up to an update: the others are of a way that was left. */
  void goBackTo(long update) {
    List<String> lines = AFTER_LINE.splitAsStream(metrics).toList();
    metrics.setLength(0);
    metrics.append(lines.get(0));
    for (String line : lines.subList(1, lines.size())) {
      if (Long.parseLong(line.substring(0, line.indexOf(','))) <= update) {
        metrics.append(line);
      }
    }
    metricsFile.cut(metrics.length());
    flush();
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

  /** What of it cannot be written for the moment. */
  WriteProblems problems() {
    return problems;
  }

  /** Adds a line to metrics.csv, and what of it is a number to the events. */
  void metric(String... cells) {
    String line = String.join(",", cells) + "\n";
    metrics.append(line);
    metricsFile.append(bytes(line));
    events.metric(COLUMNS, cells);
    flush();
  }

  /** Adds the options to the events, as a table in Markdown. */
  void options(JsonObject options) {
    events.options(options);
    flush();
  }

  /** What metrics.csv holds, once it is written. */
  String metrics() {
    return metrics.toString();
  }

  /** Whether it is there still; it is not made anew, in the place of a disk that is gone. */
  boolean isThere() {
    return problems.attempt(
        PLACE,
        "the run folder " + folder + " cannot be written: ",
        "The run goes on, and its model is written elsewhere at the end",
        () -> {
          if (!Files.isDirectory(folder)) {
            throw new IOException("there is no such folder any more");
          }
        });
  }

  /** Why a file of it cannot be written. */
  String why(String name) {
    return problems.why(PLACE).or(() -> problems.why(name)).orElse(name);
  }

  /** Writes a model, if that can be done. */
  boolean writeModel(Model model) {
    if (!isThere()) {
      return false;
    }
    return problems.attempt(
        model().getFileName().toString(), "", GOES_ON, () -> ModelFile.write(model(), model));
  }

  void writeJson(String name, JsonObject content) {
    writeText(name, text(content));
  }

  private static String text(JsonObject content) {
    return GSON.toJson(Finite.of(content)) + "\n";
  }

  /** Writes a whole file, now or as soon as that can be done. */
  void writeText(String name, String content) {
    waiting.remove(name);
    waiting.put(name, content);
    flush();
  }

  /** Writes what could not be written before. */
  void flush() {
    if (!isThere()) {
      return;
    }
    for (AppendedFile file : growing) {
      problems.attempt(name(file), "could not write " + file.path() + ": ", GOES_ON, file::flush);
    }
    for (Map.Entry<String, String> file : List.copyOf(waiting.entrySet())) {
      byte[] content = bytes(file.getValue());
      Path path = folder.resolve(file.getKey());
      if (problems.attempt(
          file.getKey(), "", GOES_ON, () -> AtomicFile.write(path, to -> to.write(content)))) {
        waiting.remove(file.getKey());
      }
    }
  }

  private static String name(AppendedFile file) {
    return file.path().getFileName().toString();
  }

  /** The files that could not be written, and what they would hold. */
  Map<String, byte[]> unwritten() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    waiting.forEach((name, content) -> all.put(name, bytes(content)));
    for (AppendedFile file : growing) {
      if (!file.isWritten()) {
        all.put(name(file), file == metricsFile ? bytes(metrics()) : file.readable());
      }
    }
    return all;
  }

  @Override
  public void close() {
    lock.close();
  }
}
