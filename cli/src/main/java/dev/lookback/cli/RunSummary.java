package dev.lookback.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.lookback.cli.words.Brief;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run as its folder tells of it, whether it has ended or not.
 *
 * @param folder where it is
 * @param record its run.json
 * @param curve its points so far
 * @param state finished, interrupted, diverged, running, ending (all updates are made), or, where
 *     the process was killed, {@code killed} or, with all updates made, {@code trained}
 */
record RunSummary(Path folder, JsonObject record, List<Point> curve, String state) {
  static final String FINISHED = "finished";
  static final String DIVERGED = "diverged";
  static final String RUNNING = "running";
  static final String ENDING = "ending";
  static final String TRAINED = "trained";

  /**
   * A line of its metrics.
   *
   * @param loss mean training loss since the line before
   * @param validation loss on held-out data; NaN where there is none
   */
  record Point(long update, double tokens, double loss, double validation) {
    /** What it is judged by. */
    double judged() {
      return Double.isNaN(validation) ? loss : validation;
    }
  }

  /** Reads a folder. */
  static RunSummary read(Path folder) {
    JsonObject record = ResumedRun.record(folder);
    requireReadable(ResumedRun.recordOf(folder), record);
    return new RunSummary(folder, record, curve(folder), state(folder, record));
  }

  // A null is as good as nothing: it is what a number that is none was written as.
  private static void requireReadable(Path file, JsonObject record) {
    JsonElement state = record.get("state");
    if (state != null && !isText(state)) {
      throw unreadable(file, "state", state, "a word, such as finished");
    }
    if (record.get("result") instanceof JsonObject result) {
      for (String name : List.of("updates", "loss")) {
        JsonElement value = result.has(name) ? result.get(name) : JsonNull.INSTANCE;
        if (!value.isJsonNull() && !isNumber(value, name.equals("updates"))) {
          throw unreadable(file, name, value, "a number");
        }
      }
    }
  }

  private static boolean isText(JsonElement value) {
    return value instanceof JsonPrimitive text && text.isString();
  }

  private static boolean isNumber(JsonElement value, boolean whole) {
    try {
      return value instanceof JsonPrimitive number
          && number.isNumber()
          && (whole
              ? number.getAsString().matches("[0-9]{1,18}")
              : !Double.isNaN(number.getAsDouble()));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Failure unreadable(Path file, String name, JsonElement found, String needed) {
    return Failure.input(
        String.format(
            Locale.ROOT,
            "%s has %s as its %s, which has to be %s. Check it",
            file,
            Brief.of(found.toString()),
            name,
            needed));
  }

  /** How a run stands that has such a record. */
  static String state(Path folder, JsonObject record) {
    String said =
        Optional.ofNullable(record.get("state"))
            .filter(RunSummary::isText)
            .map(JsonElement::getAsString)
            .orElse(record.has("result") ? FINISHED : RUNNING);
    boolean ending = said.equals(ENDING);
    if ((!ending && !said.equals(RUNNING)) || RunLock.isTaken(folder)) {
      return said;
    }
    return ending ? TRAINED : "killed";
  }

  private static List<Point> curve(Path folder) {
    Path file = folder.resolve("metrics.csv");
    List<Point> points = new ArrayList<>();
    if (!SmallFile.isThere(file)) {
      return points;
    }
    try {
      SmallFile.requirePlain(file);
      requireHeading(file);
    } catch (IOException e) {
      throw Failure.input(file + " cannot be read: " + e.getMessage() + ". Check it", e);
    }
    try (CsvReader<NamedCsvRecord> lines = CsvReader.builder().ofNamedCsvRecord(file)) {
      for (NamedCsvRecord line : lines) {
        // One that was cut off while it was written is no point yet.
        if (line.getFieldCount() > 6) {
          points.add(
              new Point(
                  Long.parseLong(line.getField("update")),
                  number(line.getField("tokens")),
                  number(line.getField("loss")),
                  number(line.getField("validation_loss"))));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw Failure.input(file + " cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw Failure.input(file + " is not the metrics of a training. Check it", e);
    }
    return points;
  }

  // Of a file that has just been made there may be less.
  private static void requireHeading(Path file) throws IOException {
    byte[] heading = "update,".getBytes(StandardCharsets.US_ASCII);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] found = in.readNBytes(heading.length);
      if (!Arrays.equals(found, Arrays.copyOf(heading, found.length))) {
        throw Failure.input(file + " is not the metrics of a training. Check it");
      }
    }
  }

  private static double number(String text) {
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }

  /** An option's value, or nothing where the run has no such option. */
  String option(String name) {
    return text(record.getAsJsonObject("options").get(name));
  }

  /** What it is trained on. */
  String data() {
    return text(record.getAsJsonObject("data").get("name"));
  }

  static String text(@Nullable JsonElement element) {
    return element != null && element.isJsonPrimitive() ? element.getAsString() : "";
  }

  /** The updates made, as far as that is known. */
  long updates() {
    if (record.get("result") instanceof JsonObject result
        && result.get("updates") instanceof JsonPrimitive updates) {
      return updates.getAsLong();
    }
    long seen = curve.isEmpty() ? 0 : curve.get(curve.size() - 1).update();
    return Math.max(seen, Checkpoints.newestUpdate(folder));
  }

  /** The loss it is judged by, at the end or so far; NaN before there is one. */
  double loss() {
    if (record.get("result") instanceof JsonObject result
        && result.get("loss") instanceof JsonPrimitive loss) {
      return loss.getAsDouble();
    }
    return curve.isEmpty() ? Double.NaN : curve.get(curve.size() - 1).judged();
  }

  /** In a list. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("run", folder.toString());
    json.addProperty("command", text(record.get("command")));
    json.addProperty("data", data());
    json.addProperty("cell", option("cell"));
    json.addProperty("coupling", option("coupling"));
    json.addProperty("updates", updates());
    json.addProperty("loss", loss());
    json.addProperty("state", state);
    for (String name : List.of("started", "ended", "version", "commit")) {
      json.addProperty(name, text(record.get(name)));
    }
    return json;
  }
}
