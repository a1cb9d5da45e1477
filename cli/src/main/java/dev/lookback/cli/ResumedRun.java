package dev.lookback.cli;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.lookback.cli.words.Brief;
import dev.lookback.data.Vocabulary;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.weights.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** A run that is to go on: its record and its newest checkpoint, held against what is asked for. */
final class ResumedRun implements AutoCloseable {
  /**
   * What may be another: when to end, how to run, and the data's place, whose content is checked.
   */
  private static final Set<String> FREE =
      Set.of(
          "updates",
          "epochs",
          "seconds",
          "threads",
          "checkpoint-every",
          "keep",
          "prompt",
          "data",
          "data-dir",
          "as");

  private final Path run;
  private final JsonObject record;
  private final Optional<Checkpoints.Found> found;
  private final RunLock lock;

  private ResumedRun(Path run, JsonObject record, Optional<Checkpoints.Found> found, RunLock lock) {
    this.run = run;
    this.record = record;
    this.found = found;
    this.lock = lock;
  }

  /**
   * Opens a run, which is then locked.
   *
   * @param options what is asked for; refused where it is not what the run had
   */
  static ResumedRun open(Path run, JsonObject options, Terminal terminal) {
    JsonObject record = record(run);
    requireSame(run, record.getAsJsonObject("options"), options);
    RunLock lock = RunLock.take(run);
    try {
      Checkpoints.sweep(run);
      Checkpoints.sweep(run.resolve("checkpoints"));
      Checkpoints checkpoints = new Checkpoints(run);
      Optional<Checkpoints.Found> found =
          checkpoints.exist() ? Optional.of(checkpoints.newest(terminal)) : Optional.empty();
      return new ResumedRun(run, record, found, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** The file that says what a run was. */
  static Path recordOf(Path run) {
    Path file = run.resolve("run.json");
    if (!SmallFile.isThere(file)) {
      throw Failure.input(
          run
              + " is not the folder of a run: there is no "
              + Place.of(file)
              + ". Check it, or go to the folder that the run was begun in");
    }
    return file;
  }

  /** What a run was. */
  static JsonObject record(Path run) {
    Path file = recordOf(run);
    try {
      JsonElement json = JsonParser.parseString(SmallFile.found(file));
      if (json.isJsonObject()
          && json.getAsJsonObject().get("options") instanceof JsonObject
          && json.getAsJsonObject().get("data") instanceof JsonObject) {
        return json.getAsJsonObject();
      }
      throw Failure.input(file + " is not the record of a training. Check it");
    } catch (IOException e) {
      throw Failure.input(file + " cannot be read: " + e.getMessage() + ". Check it", e);
    } catch (JsonParseException | StackOverflowError e) {
      throw Failure.input(file + " is not JSON. Check it", e);
    }
  }

  private static void requireSame(Path run, JsonObject before, JsonObject now) {
    List<String> differences = new ArrayList<>();
    for (String name : names(before, now)) {
      if (!FREE.contains(name) && !text(before, name).equals(text(now, name))) {
        differences.add("--" + difference(name, before, now));
      }
    }
    if (!differences.isEmpty()) {
      throw Failure.usage(
          run
              + " cannot go on with other options: "
              + String.join("; ", differences)
              + ". Leave them out, or begin another run with --config "
              + run.resolve("run.json"));
    }
  }

  private static String difference(String name, JsonObject before, JsonObject now) {
    return Brief.of(name)
        + " was "
        + Brief.of(text(before, name))
        + " and is "
        + Brief.of(text(now, name));
  }

  private static Set<String> names(JsonObject a, JsonObject b) {
    Set<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    return names;
  }

  private static String text(JsonObject object, String name) {
    return Optional.ofNullable(object.get(name))
        .filter(JsonElement::isJsonPrimitive)
        .map(JsonElement::getAsString)
        .orElse("not set");
  }

  /**
   * Refuses data that are not those the run has learned from.
   *
   * @param force takes a changed text, whose characters have to be the same still
   */
  void requireSame(Material material, boolean force, Terminal terminal) {
    JsonObject before = record.getAsJsonObject("data");
    JsonObject now = material.record();
    List<String> differences = new ArrayList<>();
    for (String name : List.of("task", "fingerprint", "characters", "tokens", "vocabulary")) {
      if (!text(before, name).equals(text(now, name))) {
        differences.add(difference(name, before, now));
      }
    }
    String all = String.join("; ", differences);
    boolean same =
        found.isEmpty() || vocabulary(material).equals(reading(from -> from.word("vocabulary")));
    if (!same) {
      differences.add(0, "the characters are not those of " + checkpoint().file());
    }
    if (!same || !text(before, "task").equals(text(now, "task"))) {
      throw Failure.input(
          "the data of "
              + run.resolve("run.json")
              + " have changed, and what is to be predicted with them: "
              + String.join("; ", differences)
              + ". The weights mean nothing there: begin another run");
    }
    if (!differences.isEmpty() && !force) {
      throw Failure.input(
          "the data of "
              + run.resolve("run.json")
              + " have changed: "
              + all
              + ". Bring back the text, or go on with the other one by --force");
    }
    if (!differences.isEmpty()) {
      terminal.warn("going on with other data: " + all);
    }
  }

  /** The characters that the ids stand for, in one word. */
  static String vocabulary(Material material) {
    return material.vocabulary().map(Vocabulary::symbols).map(new Gson()::toJson).orElse("");
  }

  /** Whether there is a checkpoint: a run that was killed in front of the first begins again. */
  boolean hasCheckpoint() {
    return found.isPresent();
  }

  private Checkpoints.Found checkpoint() {
    return found.orElseThrow();
  }

  /** What is made of the checkpoint; refused where it does not fit. */
  <T> T reading(Function<Snapshot, T> reader) {
    try {
      return reader.apply(checkpoint().snapshot());
    } catch (IllegalArgumentException e) {
      throw Failure.input(
          checkpoint().file()
              + " does not fit the training of "
              + run.resolve("run.json")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /**
   * The folder with its metrics as they were then.
   *
   * @param now the record of the run that goes on
   */
  RunFolder folder(JsonObject now, Terminal terminal) {
    Optional<String> metrics =
        hasCheckpoint() ? Optional.of(reading(from -> from.word("metrics"))) : Optional.empty();
    return RunFolder.reopen(run, now, metrics, lock, terminal);
  }

  /** Tells from where it goes on. */
  void tell(TrainingRun training, Terminal terminal) {
    String message = "Going on from update " + training.updates();
    if (!hasCheckpoint()) {
      message = "There is no checkpoint yet: beginning again from update 0";
    } else if (training.isDone() && hasEnded()) {
      message = reached(training) + ". Its end is made once more";
    } else if (training.isDone()) {
      message += ", the last one: only the end of the run is left to do";
    }
    terminal.tell("resumed", message, new JsonObject());
  }

  /** When the run began. */
  String started() {
    return text(record, "started");
  }

  /** When it went on before. */
  JsonArray resumptions() {
    return record.get("resumed") instanceof JsonArray times ? times.deepCopy() : new JsonArray();
  }

  /** Whether everything was written that a run ends with. */
  boolean hasEnded() {
    return text(record, "state").equals(RunSummary.FINISHED)
        && Files.isRegularFile(LoadedModel.inside(run))
        && Files.isRegularFile(run.resolve(RunFolder.REPORT));
  }

  /** Refuses a limit that leaves nothing to do for a run that ended at another. */
  void requireLimit(TrainingRun training, JsonObject options) {
    JsonObject before = record.getAsJsonObject("options");
    boolean same =
        LoopOptions.LIMITS.stream()
            .allMatch(name -> Objects.equals(before.get(name), options.get(name)));
    if (training.isDone() && hasEnded() && !same) {
      throw Failure.usage(reached(training));
    }
  }

  private String reached(TrainingRun training) {
    return run
        + " has made "
        + training.updates()
        + " updates and reached its limit of "
        + training.limitReached();
  }

  /** How often it had to go back before. */
  JsonArray backOffs() {
    return record.get("back_offs") instanceof JsonArray all ? all.deepCopy() : new JsonArray();
  }

  /** Refuses a network of other sizes, before anything as large is made. */
  void requireFits(Network network) {
    if (!hasCheckpoint()) {
      return;
    }
    long saved = reading(from -> from.whole("training.trainer.weights"));
    if (saved != network.layout().size()) {
      throw Failure.input(
          String.format(
              Locale.ROOT,
              "%s makes a network of %d weights but %s holds %d. One of them was changed: bring it"
                  + " back, or begin another run",
              run.resolve("run.json"),
              network.layout().size(),
              checkpoint().file(),
              saved));
    }
  }

  /** The training from where it was, or from the start where nothing was saved. */
  TrainingRun goOn(TrainingTask task, Team team) {
    return hasCheckpoint()
        ? reading(from -> TrainingRun.resumed(task, team, from))
        : new TrainingRun(task, team);
  }

  @Override
  public void close() {
    lock.close();
  }
}
