package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standard error as a log: one JSON object a line, whatever happens. */
class LogTest {
  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private static List<JsonObject> lines(Cli run) {
    List<JsonObject> lines =
        run.err().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    for (JsonObject line : lines) {
      assertThat(Instant.parse(line.get("time").getAsString())).isNotNull();
      assertThat(line.get("level").getAsString()).isIn("info", "warning", "error");
      assertThat(line.get("message").getAsString()).isNotBlank();
    }
    return lines;
  }

  private static List<JsonObject> events(List<JsonObject> lines, String event) {
    return lines.stream().filter(line -> line.get("event").getAsString().equals(event)).toList();
  }

  private Cli train(String... more) {
    String[] args = Samples.tiny("train", text, more);
    return Cli.run(
        Samples.and(args, "--run", folder.resolve("run").toString(), "--log-format", "json"));
  }

  @Test
  void aTrainingIsLogged() {
    Cli run = train("--updates", "80", "--checkpoint-every", "10", "--json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(JsonParser.parseString(run.out()).isJsonObject()).isTrue();
    List<JsonObject> lines = lines(run);
    List<JsonObject> checkpoints = events(lines, "checkpoint");
    assertThat(checkpoints).hasSizeGreaterThanOrEqualTo(8);
    assertThat(checkpoints.get(1).get("update").getAsInt()).isEqualTo(10);
    List<JsonObject> points = events(lines, "point");
    assertThat(points).hasSizeBetween(10, 30);
    assertThat(points.get(0).get("loss").getAsDouble()).isPositive();
    assertThat(points.get(0).get("validation_loss").getAsDouble()).isPositive();
    List<JsonObject> epochs = events(lines, "epoch");
    assertThat(epochs.get(0).get("epoch").getAsInt()).isEqualTo(1);
  }

  @Test
  void divergencesAndMistakesAreLogged() {
    Cli run = train("--lr", "1e6", "--clip", "0", "--optimizer", "sgd", "--activation", "identity");
    assertThat(run.code()).isEqualTo(ExitCode.DIVERGED);
    JsonObject told = events(lines(run), "divergence").get(0);
    assertThat(told.get("level").getAsString()).isEqualTo("error");
    assertThat(told.get("message").getAsString()).contains("became", "Lower --lr");
    for (String[] wrong :
        new String[][] {
          {"train", "--log-format", "json", "--hidden", "many"},
          {"train", "--log-format", "json", "--data", folder.resolve("none").toString()},
          {"train", "--log-format=json", "--config", folder.resolve("none").toString()}
        }) {
      Cli mistaken = Cli.run(wrong);
      assertThat(mistaken.code()).isBetween(2, 3);
      assertThat(events(lines(mistaken), "error")).hasSize(1);
    }
  }

  @Test
  void aComparisonIsLogged() {
    String[] args = Samples.tiny("compare", text, "--log-format", "json");
    Cli run = Cli.run(Samples.and(args, "--out", folder.resolve("out").toString()));
    assertThat(run.code()).as(run.err()).isZero();
    lines(run);
  }

  @Test
  void otherFormatsAreRefused() {
    Cli run = Cli.run("train", text.toString(), "--log-format", "xml");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--log-format is \"xml\" but has to be text or json");
  }
}
