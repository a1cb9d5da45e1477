package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.words.ShellWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which model: what stands first, or an option. */
final class ModelOption {
  private static final String WHAT = "A model.safetensors or a run folder";

  private static final Map<String, String> PURPOSES = Map.of("generate", "generate with");

  @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = WHAT)
  private Optional<String> first = Optional.empty();

  @Option(names = "--model", paramLabel = "FILE", description = WHAT)
  private Optional<Path> model = Optional.empty();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ModelOption() {}

  /** The model of a command that takes no data. */
  Path alone() {
    if (first.isPresent() && model.isPresent()) {
      throw Failure.usage(
          "the model is given twice, as "
              + first.get()
              + " and as --model "
              + model.get()
              + ". Give it once");
    }
    return model.or(() -> first.map(Path::of)).orElseThrow(() -> none(""));
  }

  /** The model of a command that takes data behind it. With --model, what stands first is data. */
  Path before(TextOptions text) {
    return before(text.positional(), text.named(), text::instead);
  }

  /**
   * The same of a command that has other options for its data.
   *
   * @param behind what stands behind the model
   * @param named the data by its option
   * @param instead takes what stands first where that is the data
   */
  Path before(Optional<String> behind, Optional<String> named, Consumer<String> instead) {
    Path path = path(behind, instead);
    boolean said =
        behind.isPresent() || named.isPresent() || (model.isPresent() && first.isPresent());
    if (!said) {
      throw Failure.usage(
          "there is no data to "
              + spec.name()
              + (spec.name().equals("score") ? "" : " it on")
              + ". Pass them behind the model: lookback "
              + spec.name()
              + " "
              + ShellWord.of(path)
              + " "
              + trainedOn(path).map(ShellWord::of).orElse("mytext.txt"));
    }
    return path;
  }

  private Path path(Optional<String> behind, Consumer<String> instead) {
    if (model.isPresent()) {
      first.ifPresent(
          data -> {
            if (behind.isPresent()) {
              throw Failure.usage(
                  "\""
                      + data
                      + "\" and \""
                      + behind.get()
                      + "\" cannot both be the data. Give one");
            }
            instead.accept(data);
          });
      return model.get();
    }
    String path = first.orElseThrow(() -> none(" mytext.txt"));
    if (!looksLikeModel(path) && behind.filter(ModelOption::looksLikeModel).isPresent()) {
      throw Failure.usage(
          "the model comes before the data: lookback "
              + spec.name()
              + " "
              + ShellWord.of(behind.get())
              + " "
              + ShellWord.of(path));
    }
    return Main.path(path);
  }

  // What its run folder says.
  private static Optional<String> trainedOn(Path path) {
    try {
      JsonObject options = ResumedRun.record(path).getAsJsonObject("options");
      return Optional.of(RunSummary.text(options.get("data"))).filter(data -> !data.isEmpty());
    } catch (Failure e) {
      return Optional.empty();
    }
  }

  private static boolean looksLikeModel(String name) {
    return name.endsWith(".safetensors") || Files.exists(LoadedModel.inside(Main.path(name)));
  }

  private Failure none(String data) {
    return Failure.usage(
        "there is no model to "
            + PURPOSES.getOrDefault(spec.name(), spec.name())
            + ". Pass a model.safetensors or a run folder"
            + (data.isEmpty() ? "" : ", and the data")
            + ": lookback "
            + spec.name()
            + " runs/train-001"
            + data);
  }
}
