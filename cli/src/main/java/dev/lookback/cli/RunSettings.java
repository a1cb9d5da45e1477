package dev.lookback.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.lookback.data.Corpus;
import dev.lookback.data.task.Task;
import dev.lookback.format.Model;
import dev.lookback.train.StatePolicy;
import java.util.Optional;

/**
 * What the run that made a model was told, as its run.json and the model itself say it.
 *
 * @param options by name
 * @param data what it learned from
 */
record RunSettings(JsonObject options, JsonObject data) {

  /** Those of a model; none where no run of ours made it. */
  static RunSettings of(Model model) {
    JsonObject config = object(model.config());
    return new RunSettings(inner(config, "options"), inner(config, "data"));
  }

  private static JsonObject object(Optional<String> config) {
    try {
      return config.map(JsonParser::parseString).orElseGet(JsonObject::new)
              instanceof JsonObject object
          ? object
          : new JsonObject();
    } catch (JsonParseException e) {
      return new JsonObject();
    }
  }

  private static JsonObject inner(JsonObject object, String name) {
    return object.get(name) instanceof JsonObject found ? found : new JsonObject();
  }

  /** An option's value as it is typed. */
  Optional<String> option(String name) {
    return text(options, name);
  }

  private static Optional<String> text(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || !value.isJsonPrimitive()
        ? Optional.empty()
        : Optional.of(value.getAsString());
  }

  /** An option's value where it is a whole number of 1 or more. */
  Optional<Long> whole(String name) {
    try {
      return option(name).map(Long::valueOf).filter(value -> value > 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Optional<Integer> size(String name) {
    return whole(name).filter(value -> value <= Integer.MAX_VALUE).map(Math::toIntExact);
  }

  /** What entered its windows. */
  Optional<StatePolicy> state() {
    return option("state")
        .filter(state -> state.equals("carry") || state.equals("reset"))
        .map(state -> state.equals("carry") ? StatePolicy.CARRY : StatePolicy.RESET);
  }

  /** The length of its windows. */
  Optional<Integer> steps() {
    return size("steps");
  }

  /** How it was judged on its validation part. */
  Optional<Judging> judging() {
    Optional<Integer> batch = size("batch");
    if (batch.isEmpty() || steps().isEmpty() || state().isEmpty()) {
      return Optional.empty();
    }
    boolean byLanes = option("sampling").orElse("lanes").equals("lanes");
    return Optional.of(
        new Judging(
            batch.get(), steps().get(), byLanes, whole("window-stride"), state().orElseThrow()));
  }

  /** How many characters its text had, as far as it was read. */
  Optional<Long> characters() {
    try {
      return text(data, "characters").map(Long::valueOf).filter(count -> count > 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether it learned from this very text. */
  boolean isOf(Corpus corpus) {
    return text(data, "fingerprint").filter(corpus.fingerprint()::equals).isPresent();
  }

  /** Whether it learned from a text, or a task, that is called so. */
  boolean isOf(String name) {
    return option("data").filter(name::equals).isPresent();
  }

  /** Whether it learned from this task. */
  boolean isOf(Task task) {
    return text(data, "task").filter(task.label()::equals).isPresent();
  }
}
