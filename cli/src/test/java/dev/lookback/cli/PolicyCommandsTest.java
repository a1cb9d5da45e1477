package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cli.report.Xml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Couplings that are measured while training, on the command line. */
class PolicyCommandsTest {
  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private Cli train(String policy, String... more) {
    String[] args = Samples.tiny("train", text, Samples.and(more, "--coupling", policy));
    return Cli.run(Samples.and(args, "--run", folder.resolve("run").toString()));
  }

  private static Cli done(Cli run) {
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  @ParameterizedTest
  @ValueSource(strings = {"adaptive:0.1", "adaptive:0.9,min=1,max=8", "auto", "random:measured"})
  void whatIsChosenIsPrintedAndRecorded(String policy) throws IOException {
    Cli run = done(train(policy));
    JsonObject record =
        JsonParser.parseString(Files.readString(folder.resolve("run/run.json"))).getAsJsonObject();
    JsonArray choices = record.getAsJsonObject("result").getAsJsonArray("choices");
    assertThat(choices).hasSize(1);
    JsonObject choice = choices.get(0).getAsJsonObject();
    assertThat(choice.keySet())
        .containsExactly("update", "coupling", "truncation", "bias_bound", "decay", "kept", "why");
    String steps = choice.get("truncation").getAsString();
    List<String> metrics = Files.readAllLines(folder.resolve("run/metrics.csv"));
    assertThat(metrics.get(0)).endsWith(",truncation");
    assertThat(metrics.subList(1, metrics.size())).allMatch(line -> line.endsWith("," + steps));
    String flat = run.out().replaceAll("\\s+", " ");
    assertThat(flat)
        .contains(policy + ": K " + steps + " first, " + steps + " last, changed 0 times")
        .contains(choice.get("why").getAsString());
    String report = Files.readString(folder.resolve("run/report.html"));
    Xml.parse(report);
    assertThat(report).contains("Truncation");
  }

  @Test
  void aRunIsReplayedFromItsRecord() throws IOException {
    done(train("adaptive:0.5", "--dropout", "0.2", "--layers", "2"));
    String again = folder.resolve("again").toString();
    done(Cli.run("train", "--config", folder.resolve("run/run.json").toString(), "--run", again));
    assertThat(folder.resolve("again/model.safetensors")).exists();
    JsonObject first = choice("run");
    assertThat(choice("again")).isEqualTo(first);
  }

  private JsonObject choice(String name) throws IOException {
    Path file = folder.resolve(name).resolve("run.json");
    return JsonParser.parseString(Files.readString(file))
        .getAsJsonObject()
        .getAsJsonObject("result")
        .getAsJsonArray("choices")
        .get(0)
        .getAsJsonObject();
  }

  @Test
  void autoNeedsNoNumberForTextsTasksAndShuffledWindows() {
    List<String> all =
        List.of(
            text + " --batch 2",
            text + " --batch 2 --sampling windows",
            "task:adding?T=12 --batch 4",
            "task:copy-stream?m=4 --batch 4");
    for (int i = 0; i < all.size(); i++) {
      String[] what = ("train " + all.get(i) + " --hidden 8 --updates 2").split(" ");
      String run = folder.resolve("run" + i).toString();
      done(Cli.run(Samples.and(what, "--coupling", "auto", "--run", run)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adaptive:0|above 0 and below 1",
        "adaptive:2|above 0 and below 1",
        "adaptive:x|is not a number",
        "adaptive|write the tolerance",
        "auto:3|takes no number",
        "random:measured,alpha=4|nothing more",
        "adaptve:0.1|adaptive:DELTA",
      })
  void mistakesAreOneSentence(String policy, String part) {
    Cli run = train(policy);
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err().replaceAll("\\s+", " ")).contains(part).doesNotContain("Exception");
  }

  @Test
  void aMemoryTooSmallToMeasureIsSaid() {
    Cli run = train("adaptive:0.1", "--memory", "100");
    assertThat(run.code()).isNotZero();
    assertThat(run.err().replaceAll("\\s+", " "))
        .contains("too small for adaptive:0.1", "the smallest that works is --memory ")
        .doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"adaptive:0.1", "auto", "random:measured"})
  void commandsThatDoNotTrainRefuse(String policy) {
    Cli explain = Cli.run("explain", "--couplings", policy);
    assertThat(explain.code()).isEqualTo(ExitCode.USAGE);
    assertThat(explain.err().replaceAll("\\s+", " ")).contains("only train and compare do");
  }

  @Test
  void compareTrainsPoliciesBesideCouplings() throws IOException {
    String[] args = Samples.tiny("compare", text, "--couplings", "full,adaptive:0.5,max=6,auto");
    String out = folder.resolve("comparison").toString();
    Cli run = done(Cli.run(Samples.and(args, "--out", out, "--json")));
    assertThat(run.out()).contains("\"full\"", "adaptive:0.5,max=6", "\"auto\"");
    Xml.parse(Files.readString(folder.resolve("comparison/report.html")));
  }
}
