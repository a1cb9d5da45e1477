package dev.lookback.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.lookback.data.Normalisation;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A text model from a file or a run folder.
 *
 * @param path the file
 * @param model its network and weights
 * @param vocabulary its symbols
 * @param normalisation what was done to the text it learned from
 */
record LoadedModel(Path path, Model model, Vocabulary vocabulary, Normalisation normalisation) {

  /** Reads it; a folder stands for the model.safetensors inside. */
  static LoadedModel read(Path asked) {
    Path file = Files.isDirectory(asked) ? asked.resolve("model.safetensors") : asked;
    if (!Files.exists(file)) {
      throw Failure.input(
          "the model "
              + file
              + " does not exist. Pass a model.safetensors or a run folder, such as"
              + " runs/train-001");
    }
    Model model;
    try {
      model = ModelFile.read(file);
    } catch (IOException e) {
      throw Failure.input(String.valueOf(e.getMessage()));
    }
    List<String> symbols =
        model
            .vocabulary()
            .orElseThrow(
                () ->
                    Failure.input(
                        file
                            + " has no vocabulary (lookback.vocabulary in its metadata), so its"
                            + " ids stand for no text. Use a model made by lookback train"));
    return new LoadedModel(file, model, vocabulary(file, symbols), normalisation(model.config()));
  }

  private static Vocabulary vocabulary(Path file, List<String> symbols) {
    try {
      return Vocabulary.of(symbols);
    } catch (IllegalArgumentException e) {
      throw Failure.input(file + ": its vocabulary cannot be used: " + e.getMessage());
    }
  }

  private static Normalisation normalisation(Optional<String> config) {
    return option(config, "normalise").map(Normalisation::of).orElse(Normalisation.NONE);
  }

  /** An option of the run that made the model. */
  Optional<String> option(String name) {
    return option(model.config(), name);
  }

  private static Optional<String> option(Optional<String> config, String name) {
    if (config.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonElement root = JsonParser.parseString(config.get());
      if (root.isJsonObject() && root.getAsJsonObject().get("options") instanceof JsonObject o) {
        JsonElement value = o.get(name);
        return value == null || !value.isJsonPrimitive()
            ? Optional.empty()
            : Optional.of(value.getAsString());
      }
    } catch (JsonParseException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
