package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TextSource;
import dev.lookback.data.Tokens;
import dev.lookback.data.Vocabulary;
import dev.lookback.data.VocabularyRule;
import dev.lookback.data.Windows;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.math.Team;
import dev.lookback.train.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lookback evaluate} says what the library measures. */
class EvaluateCommandTest {
  @TempDir private static Path folder;
  private static Path text = Path.of("");
  private static String model = "";
  private static JsonObject trained = new JsonObject();

  @BeforeAll
  static void train() {
    text = Samples.text(folder);
    model = folder.resolve("run").toString();
    String[] args = Samples.tiny("train", text, "--updates", "10", "--json", "--batch", "1");
    Cli run = Cli.run(Samples.and(args, "--run", model));
    assertThat(run.code()).as(run.err()).isZero();
    trained = JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static JsonObject evaluate(Path data, String... more) {
    String[] args = {"evaluate", data.toString(), "--model", model, "--json"};
    Cli run = Cli.run(Samples.and(args, more));
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static Evaluation library(Function<Tokens, Sampling> sampling) throws IOException {
    Model read = ModelFile.read(Path.of(model, "model.safetensors"));
    Vocabulary vocabulary = Vocabulary.of(read.vocabulary().orElseThrow());
    CorpusOptions options = CorpusOptions.standard().encodedBy(VocabularyRule.fixed(vocabulary));
    try (Corpus corpus = Corpus.read(TextSource.of(text), options);
        Team team = Team.of(1)) {
      Sampling windows = sampling.apply(corpus.tokens());
      return Evaluation.of(read.network(), read.weights(), windows, team);
    }
  }

  @Test
  void theTextIsPredictedFromEndToEnd() throws IOException {
    Evaluation expected = library(tokens -> Lanes.of(tokens, 1, 17).keepingRemainder());
    JsonObject found = evaluate(text);
    assertThat(found.keySet())
        .containsExactly("loss", "bits", "perplexity", "tokens", "streams", "state");
    assertThat(found.get("tokens").getAsLong()).isEqualTo(Files.size(text) - 1);
    assertThat(expected.tokens()).isEqualTo(Files.size(text) - 1);
    double loss = found.get("loss").getAsDouble();
    assertThat(loss).isCloseTo(expected.loss(), within(1e-12));
    assertThat(found.get("bits").getAsDouble()).isEqualTo(loss / Math.log(2));
    assertThat(found.get("perplexity").getAsDouble()).isEqualTo(Math.exp(loss));
  }

  @Test
  void theModelMayStandBeforeTheText() {
    Cli run = Cli.run("evaluate", model, text.toString(), "--json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(JsonParser.parseString(run.out())).isEqualTo(evaluate(text));
    Cli none = Cli.run("evaluate");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err())
        .contains("there is no model to evaluate. Pass", "evaluate runs/train-001");
    Cli nothing = Cli.run("evaluate", model);
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err())
        .contains("there is no data to evaluate it on", "lookback evaluate " + model + " " + text);
  }

  @Test
  void withStepsTheStateIsResetAtEachWindow() throws IOException {
    Evaluation expected = library(tokens -> Windows.of(tokens, 10, 3));
    double loss = evaluate(text, "--steps", "10").get("loss").getAsDouble();
    assertThat(loss).isCloseTo(expected.loss(), within(1e-12));
    assertThat(loss).isNotEqualTo(evaluate(text).get("loss").getAsDouble());
  }

  @Test
  void theValidationPartIsWhatTrainingReported() throws IOException {
    JsonObject found = evaluate(text, "--part", "validation");
    assertThat(found.get("loss").getAsDouble())
        .isCloseTo(trained.get("loss").getAsDouble(), within(1e-9));
    long tokens = evaluate(text, "--part", "training").get("tokens").getAsLong();
    // The first character of each part is not predicted.
    assertThat(tokens + 1 + found.get("tokens").getAsLong() + 1).isEqualTo(Files.size(text));
  }

  @Test
  void peopleReadNatsBitsAndPerplexity() {
    Cli run = Cli.run("evaluate", text.toString(), "--model", model);
    assertThat(run.out())
        .contains("characters predicted", "nats per character", "bits per character", "perplexity");
  }

  @Test
  void unknownCharactersAreCountedAloud() {
    Path other = Samples.write(folder.resolve("other.txt"), "the cat, the dog!");
    Cli run = Cli.run("evaluate", other.toString(), "--model", model, "--json");
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("warning: 2 characters", "count as unknown");
    assertThat(JsonParser.parseString(run.out()).isJsonObject()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--part half | 2 | --part is \"half\"",
        "--part test | 3 | the text has 0 characters but predicting needs 2 or more",
        "--steps 0 | 2 | --steps is 0",
        "--steps 100000 | 3 | --steps 100000",
        "--max-tokens 1 | 3 | predicting needs 2 or more",
      })
  void whatCannotBeMeasuredIsRefused(String options, int code, String says) {
    String[] args = {"evaluate", text.toString(), "--model", model};
    Cli run = Cli.run(Samples.and(args, options.split(" ")));
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).contains("lookback: ", says);
    assertThat(run.out()).isEmpty();
  }
}
