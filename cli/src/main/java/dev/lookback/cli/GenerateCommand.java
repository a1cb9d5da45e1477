package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.math.Team;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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

  @Option(
      names = "--raw",
      description = "On a terminal too, control characters as they are, not as escapes")
  private boolean raw;

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
    if (common.json()) {
      StringBuilder text = new StringBuilder();
      generate(
          loaded,
          generator,
          begin,
          symbol -> {
            text.append(symbol);
            return true;
          });
      JsonObject json = new JsonObject();
      json.addProperty("prompt", begin);
      json.addProperty("text", text.toString());
      terminal.out().println(json);
    } else {
      // A file or a pipe gets the text itself.
      boolean shown = terminal.screen() && !raw;
      GeneratedText out = new GeneratedText(terminal.out(), begin, shown);
      generate(loaded, generator, begin, out::add);
      out.end();
    }
    return ExitCode.DONE;
  }

  private void generate(
      LoadedModel loaded, TextGenerator generator, String begin, Predicate<String> wanted) {
    try (Team team = common.team(parent.terminal())) {
      Model trained = loaded.model();
      TextGenerator.Source source =
          new TextGenerator.Source(trained.network(), trained.weights(), loaded.vocabulary());
      generator.stream(source, begin, length, team, wanted);
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
    return IntStream.range(0, vocabulary.size())
        .filter(vocabulary::isCharacter)
        .mapToObj(vocabulary::symbol)
        .findFirst()
        .orElse("");
  }
}
