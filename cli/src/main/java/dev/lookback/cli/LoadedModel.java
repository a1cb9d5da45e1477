package dev.lookback.cli;

import dev.lookback.cli.words.Brief;
import dev.lookback.data.DataException;
import dev.lookback.data.Normalisation;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
  static LoadedModel read(Path asked, ForeignOptions foreign) {
    Path file = file(asked);
    Model model = foreign.read(file);
    Optional<String> task = trainedOn(model).filter(data -> data.startsWith(TaskNames.PREFIX));
    List<String> symbols =
        model
            .vocabulary()
            .orElseThrow(
                () ->
                    Failure.input(
                        task.map(
                                label ->
                                    file
                                        + " was trained on "
                                        + label
                                        + ", whose outputs are no text to continue or to judge."
                                        + " lookback evaluate "
                                        + label
                                        + " measures it")
                            .orElse(
                                file
                                    + " has no vocabulary (lookback.vocabulary in its metadata),"
                                    + " so its ids stand for no text. Say with --symbols FILE what"
                                    + " they stand for, or use a model made by lookback train")));
    return new LoadedModel(
        file, model, vocabulary(file, symbols), normalisation(file, RunSettings.of(model)));
  }

  /** The model of a run folder. */
  static Path inside(Path folder) {
    return folder.resolve("model.safetensors");
  }

  /** A model's file; a folder stands for the model.safetensors inside. */
  static Path file(Path asked) {
    Path file = Files.isDirectory(asked) ? inside(asked) : asked;
    if (!Files.exists(file)) {
      throw Failure.input(
          "the model "
              + Place.of(file)
              + " does not exist. Pass a model.safetensors or a run folder, such as"
              + " runs/train-001");
    }
    return file;
  }

  /** The data of the run that made a model. */
  static Optional<String> trainedOn(Model model) {
    return RunSettings.of(model).option("data");
  }

  private static Vocabulary vocabulary(Path file, List<String> symbols) {
    try {
      return Vocabulary.of(symbols);
    } catch (DataException e) {
      throw Failure.input(file + ": its vocabulary cannot be used: " + e.getMessage(), e);
    }
  }

  private static Normalisation normalisation(Path file, RunSettings run) {
    String name = run.option("normalise").orElse(Normalisation.NONE.option());
    if (!Normalisation.options().contains(name)) {
      throw Failure.input(
          String.format(
              Locale.ROOT,
              "%s: it says that its text was normalised by \"%s\" but there are %s. Use the model"
                  + " as it was written, or a later version",
              file,
              Brief.of(name),
              String.join(", ", Normalisation.options())));
    }
    return Normalisation.of(name);
  }

  /** What the run that made the model was told. */
  RunSettings settings() {
    return RunSettings.of(model);
  }
}
