package dev.lookback.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.words.ShellWord;
import dev.lookback.format.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A model in the folder of a run that has not ended is an earlier one than was asked for. */
final class UnendedRun {
  private UnendedRun() {}

  /** Tells which update a model is from, if its run has not ended. */
  static void tell(Path file, Model model, Terminal terminal) {
    Path run = file.toAbsolutePath().resolveSibling("");
    if (!file.equals(LoadedModel.inside(file.resolveSibling("")))
        || !Files.isRegularFile(run.resolve(RunFolder.RECORD))) {
      return;
    }
    String state = state(run);
    if (state.equals(RunSummary.FINISHED) || state.isEmpty()) {
      return;
    }
    String update =
        update(model)
            .map(count -> "from update " + Numbers.count(count))
            .orElse("of an update that it does not say");
    String shown = String.valueOf(Optional.ofNullable(file.getParent()).orElse(Path.of(".")));
    String next =
        state.equals(RunSummary.RUNNING)
            ? "It is still running"
            : state.equals(RunSummary.DIVERGED)
                ? "Its loss became no number after that"
                : "To end it: lookback train --resume " + ShellWord.of(shown);
    JsonObject fields = new JsonObject();
    update(model).ifPresent(count -> fields.addProperty("update", count));
    fields.addProperty("state", state);
    terminal.warn(
        "unended",
        "the run " + shown + " has not ended (" + state + "): its model is " + update + ". " + next,
        fields);
  }

  private static String state(Path run) {
    try {
      return RunSummary.state(run, ResumedRun.record(run));
    } catch (Failure e) {
      // What is wrong with the record is no matter of the model's.
      return "";
    }
  }

  private static Optional<Long> update(Model model) {
    try {
      JsonElement root = JsonParser.parseString(model.config().orElse("{}"));
      return root.isJsonObject()
              && root.getAsJsonObject().get("update") instanceof JsonPrimitive update
              && update.isNumber()
          ? Optional.of(update.getAsLong())
          : Optional.empty();
    } catch (JsonParseException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
