package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run says of its data holds for what is done with its model. */
class RunSettingsTest {
  @TempDir Path folder;
  private Path text = Path.of("");

  @BeforeEach
  void text() {
    text = Samples.text(folder);
  }

  private JsonObject train(String... options) {
    String[] args = Samples.tiny("train", text, "--updates", "10", "--json", "--threads", "1");
    Cli run = Cli.run(Samples.and(Samples.and(args, "--run", run()), options));
    assertThat(run.code()).as(run.err()).isZero();
    return json(run);
  }

  private String run() {
    return folder.resolve("run").toString();
  }

  private Cli evaluate(String... more) {
    String[] args = {"evaluate", run(), text.toString(), "--json"};
    return Cli.run(Samples.and(args, more));
  }

  private static JsonObject json(Cli run) {
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static double loss(JsonObject json) {
    return json.get("loss").getAsDouble();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--split 0.7,0.3,0",
        "--split 0.5,0.4,0.1",
        "--max-tokens 900 --split 600,200,100",
        "--max-tokens 1000",
        "--state reset --split 0.6,0.4,0",
        "--sampling windows --split 0.6,0.4,0",
        "--sampling windows --window-stride 4 --split 0.6,0.4,0",
        "--normalise letters --vocabulary frequency --split 0.8,0.2,0"
      })
  void theValidationPartIsWhatTheRunWasJudgedBy(String options) {
    JsonObject trained = train(options.split(" "));
    Cli evaluated = evaluate("--part", "validation");
    assertThat(loss(json(evaluated))).isCloseTo(loss(trained), within(1e-12));
    assertThat(evaluated.err()).doesNotContain("warning");
  }

  @Test
  void theModelAloneSaysItToo() throws IOException {
    JsonObject trained = train("--split", "0.7,0.3,0");
    Path model = folder.resolve("moved.safetensors");
    Files.copy(Path.of(run(), "model.safetensors"), model);
    Path moved = folder.resolve("elsewhere.txt");
    Files.copy(text, moved);
    Cli evaluated =
        Cli.run("evaluate", model.toString(), moved.toString(), "--json", "--part", "validation");
    assertThat(loss(json(evaluated))).isEqualTo(loss(trained));
  }

  @Test
  void whatIsTypedGoesBeforeThatAndIsTold() {
    train("--split", "0.98,0.02,0", "--max-tokens", "1200");
    Cli typed = evaluate("--part", "validation", "--split", "0.9,0.1,0");
    assertThat(typed.code()).isZero();
    assertThat(typed.err())
        .contains("warning: the run that made this model had --split 0.98,0.02,0")
        .contains("with --split 0.9,0.1,0", "As in the run that made this model: --max-tokens");
    assertThat(json(typed).get("tokens").getAsLong()).isEqualTo(118);
    Cli more = evaluate("--max-tokens", "1300");
    assertThat(more.err()).contains("had --max-tokens 1200; with --max-tokens 1300");
    assertThat(evaluate("--split", "0.98,0.02,0").err()).doesNotContain("warning");
    assertThat(evaluate("--steps", "5").err()).contains("carried its state", "--steps 5 resets");
  }

  @Test
  void allOfTheTextThatWasLearnedFromIsSaidToBeSo() {
    train("--split", "0.6,0.4,0");
    Cli all = Cli.run("evaluate", run(), text.toString());
    assertThat(all.out()).contains("The model has learned from most of this text; from --part");
    assertThat(all.err()).doesNotContain("--split");
    Cli part = Cli.run("evaluate", run(), text.toString(), "--part", "validation");
    assertThat(part.out()).doesNotContain("has learned");
    assertThat(part.err()).contains("As in the run that made this model: --split 0.6,0.4,0");
  }

  @Test
  void anAuditIsOnTheRunsOwnParts() {
    train("--split", "0.6,0.4,0", "--state", "reset");
    String[] audit = {"audit", run(), text.toString(), "--json", "--steps", "20"};
    Cli plain = Cli.run(Samples.and(audit, "--windows", "20"));
    Cli said =
        Cli.run(Samples.and(audit, "--windows", "20", "--split", "0.6,0.4,0", "--state", "reset"));
    assertThat(json(plain)).isEqualTo(json(said));
    assertThat(said.err()).doesNotContain("warning");
    Cli other = Cli.run(Samples.and(audit, "--windows", "4", "--state", "carry"));
    assertThat(other.err()).contains("had --state reset, not carry");
    assertThat(json(other)).isNotEqualTo(json(plain));
  }

  @Test
  void anotherTextHasPartsOfItsOwnAndTheStateOfTheModel() {
    train("--split", "0.6,0.4,0", "--state", "reset", "--max-tokens", "1200");
    String other = Samples.write(folder.resolve("other.txt"), Samples.words(300)).toString();
    long length = Samples.words(300).length();
    Cli part = Cli.run("evaluate", run(), other, "--json", "--part", "validation");
    assertThat(json(part).get("tokens").getAsLong()).isEqualTo(length / 10 - 1);
    assertThat(json(part).get("state").getAsString()).isEqualTo("reset");
    assertThat(part.err()).doesNotContain("--split", "--max-tokens");
  }

  @Test
  void aTextThatHasChangedIsTold() {
    train("--split", "0.6,0.4,0");
    Samples.write(text, Samples.words(500));
    assertThat(evaluate("--part", "validation").err()).contains("has changed since the run");
  }

  @Test
  void aPipeIsReadAsFarAsTheRunReadIt() {
    String words = Samples.words(400);
    String[] train = {"train", "-", "--hidden", "4", "--steps", "10", "--batch", "2", "--json"};
    String[] more = {"--updates", "5", "--max-tokens", "1000", "--run", run()};
    JsonObject trained = json(Cli.reading(words, Samples.and(train, more)));
    Cli evaluated = Cli.reading(words, "evaluate", run(), "-", "--part", "validation", "--json");
    assertThat(loss(json(evaluated))).isEqualTo(loss(trained));
    assertThat(evaluated.err()).contains("As in the run that made this model: --max-tokens 1000");
  }

  @Test
  void aTaskIsJudgedWithTheStateOfTheRun() {
    String[] train = {"train", "task:add-stream", "--hidden", "4", "--steps", "5", "--batch", "2"};
    String[] more = {"--updates", "5", "--state", "reset", "--run", run()};
    assertThat(Cli.run(Samples.and(train, more)).code()).isZero();
    JsonObject plain = json(Cli.run("evaluate", run(), "task:add-stream", "--json"));
    JsonObject said = json(Cli.run("evaluate", run(), "task:add-stream", "--steps", "5", "--json"));
    assertThat(loss(plain)).isEqualTo(loss(said));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "task"})
  void aModelWhoseLossIsNotFiniteIsRefused(String kind) throws IOException {
    String data = kind.equals("text") ? text.toString() : "task:add-stream";
    String[] train = {"train", data, "--hidden", "4", "--steps", "5", "--batch", "2"};
    assertThat(Cli.run(Samples.and(train, "--updates", "2", "--run", run())).code()).isZero();
    Path file = Path.of(run(), "model.safetensors");
    Model model = ModelFile.read(file);
    Arrays.fill(model.weights().values(), Float.NaN);
    ModelFile.write(file, model);
    for (String format : new String[] {"--json", "--threads=1"}) {
      Cli evaluated = Cli.run("evaluate", run(), data, format);
      assertThat(evaluated.code()).isEqualTo(ExitCode.INPUT);
      assertThat(evaluated.err()).contains(file.toString(), "its loss is NaN", "not finite");
      assertThat(evaluated.out()).isEmpty();
    }
  }
}
