package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.math.Team;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Continues a text. */
@Command(
    name = "generate",
    sortOptions = false,
    description = "Continues a prompt with a trained model, character by character.")
final class GenerateCommand implements Callable<Integer> {
  @ParentCommand private LookbackCommand parent;

  @Mixin private ModelOption model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What to continue [a line's beginning]")
  private Optional<String> prompt = Optional.empty();

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "500",
      description = "Characters to draw [${DEFAULT-VALUE}]")
  private int length;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "0.7",
      description = "Below 1 plays safe, above is bold; 0: the likeliest [${DEFAULT-VALUE}]")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Draw among the K likeliest only; 0: all [${DEFAULT-VALUE}]")
  private int topK;

  @Mixin private ForeignOptions foreign;
  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  GenerateCommand() {}

  @Override
  public Integer call() {
    if (length < 1) {
      throw Failure.usage("--length is " + length + " but has to be 1 or more");
    }
    TextGenerator generator = new TextGenerator(temperature, topK, common.seed());
    LoadedModel loaded = LoadedModel.read(model.alone(), foreign);
    String begin =
        Prompt.of(
            prompt.orElse(begin(loaded.vocabulary())),
            loaded.normalisation(),
            loaded.vocabulary(),
            "the vocabulary of " + loaded.path());
    Terminal terminal = parent.terminal();
    UnendedRun.tell(loaded.path(), loaded.model(), terminal);
    String text = generate(loaded, generator, begin, terminal);
    if (common.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("prompt", begin);
      json.addProperty("text", text);
      terminal.out().println(json);
    } else {
      terminal.out().println(begin + text);
    }
    return ExitCode.DONE;
  }

  private String generate(
      LoadedModel loaded, TextGenerator generator, String begin, Terminal terminal) {
    try (Team team = common.team(terminal)) {
      Model trained = loaded.model();
      return generator.text(
          trained.network(), trained.weights(), loaded.vocabulary(), begin, length, team);
    } catch (Failure e) {
      throw e.exitCode() == ExitCode.INPUT
          ? Failure.input(loaded.path() + ": " + e.getMessage(), e)
          : e;
    }
  }

  // A line break begins most texts' lines; where there is none, a space begins a word.
  private static String begin(Vocabulary vocabulary) {
    return vocabulary.contains('\n') ? "\n" : vocabulary.contains(' ') ? " " : first(vocabulary);
  }

  private static String first(Vocabulary vocabulary) {
    return vocabulary.symbol(vocabulary.unknown().orElse(-1) == 0 ? 1 : 0);
  }
}
