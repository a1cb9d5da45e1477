package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.math.Team;
import dev.lookback.network.Predictor;
import dev.lookback.network.State;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lookback generate}. */
class GenerateCommandTest {
  @TempDir private static Path folder;
  private static String model = "";
  private static String letters = "";

  @BeforeAll
  static void train() {
    Path text = Samples.text(folder);
    model = folder.resolve("run").toString();
    letters = folder.resolve("letters").toString();
    String[] args = Samples.tiny("train", text, "--updates", "40", "--lr", "0.05");
    assertThat(Cli.run(Samples.and(args, "--run", model)).code()).isZero();
    Cli other = Cli.run(Samples.and(args, "--run", letters, "--normalise", "letters"));
    assertThat(other.code()).isZero();
  }

  private static JsonObject generate(String... options) {
    Cli run = Cli.run(Samples.and(new String[] {"generate", "--json", "--model", model}, options));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().strip().lines()).hasSize(1);
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static String text(String... options) {
    return generate(options).get("text").getAsString();
  }

  @Test
  void aSeedAlwaysGivesTheSameText() {
    assertThat(text("--seed", "3")).hasSize(500).isEqualTo(text("--seed", "3"));
    assertThat(text("--seed", "4")).isNotEqualTo(text("--seed", "3"));
    assertThat(text("--seed", "3", "--length", "7")).isEqualTo(text("--seed", "3").substring(0, 7));
    assertThat(text("--threads", "2")).isEqualTo(text("--threads", "1"));
  }

  @Test
  void theLikeliestNeedsNoSeed() {
    String likeliest = text("--temperature", "0", "--prompt", "the ");
    assertThat(text("--temperature", "0", "--prompt", "the ", "--seed", "9")).isEqualTo(likeliest);
    assertThat(text("--top-k", "1", "--prompt", "the ")).isEqualTo(likeliest);
    assertThat(text("--temperature", "1e-9", "--prompt", "the ")).isEqualTo(likeliest);
    assertThat(text("--temperature", "5", "--prompt", "the ")).isNotEqualTo(likeliest);
  }

  @Test
  void theStateIsCarriedOverThePrompt() throws IOException {
    Model read = ModelFile.read(Path.of(model, "model.safetensors"));
    Vocabulary vocabulary = Vocabulary.of(read.vocabulary().orElseThrow());
    StringBuilder expected = new StringBuilder();
    try (Team team = Team.of(1)) {
      Predictor predictor = new Predictor(read.network(), read.weights(), 1, team);
      State state = State.zeros(read.network(), 1);
      float[] scores = {};
      for (int id : vocabulary.encode("the cat sat")) {
        scores = predictor.step(new int[] {id}, state);
      }
      for (int i = 0; i < 30; i++) {
        int best = best(scores, vocabulary.unknown().orElseThrow());
        expected.append(vocabulary.symbol(best));
        scores = predictor.step(new int[] {best}, state);
      }
    }
    assertThat(text("--temperature", "0", "--prompt", "the cat sat", "--length", "30"))
        .isEqualTo(expected.toString());
  }

  private static int best(float[] scores, int except) {
    int best = except == 0 ? 1 : 0;
    for (int i = 0; i < scores.length; i++) {
      if (i != except && scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  @Test
  void thePromptIsNormalisedAsTheTextWas() {
    Cli run = Cli.run("generate", "--model", letters, "--prompt", "The CAT--", "--length", "3");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("the cat ").hasSize("the cat ".length() + 3 + 1);
  }

  @Test
  void withoutJsonTheTextFollowsThePrompt() {
    Cli run = Cli.run("generate", "--model", model, "--prompt", "the ", "--length", "20");
    assertThat(run.out().strip())
        .isEqualTo(("the " + text("--prompt", "the ", "--length", "20")).strip());
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--temperature -1 | --temperature is -1.0 but has to be 0 (the likeliest) or more",
        "--temperature NaN | --temperature is NaN",
        "--temperature hot | --temperature is \"hot\" but has to be a number",
        "--top-k -1 | --top-k is -1",
        "--length 0 | --length is 0 but has to be 1 or more",
        "--prompt= | the prompt is empty",
        "--prompt \u2603 | the prompt has \"\u2603\" (U+2603), which the vocabulary of",
        "--hidden 3 | --hidden is no option of generate",
      })
  void wrongUsageIsRefused(String options, String says) {
    String[] args = Samples.and(new String[] {"generate", "--model", model}, options.split(" "));
    Cli run = Cli.run(args);
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).startsWith("lookback: ").contains(says);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aPromptThatNormalisesToNothingIsRefused() {
    Cli run = Cli.run("generate", "--model", letters, "--prompt", "");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("empty after the text's normalisation, letters");
  }
}
