package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cli.report.Xml;
import dev.lookback.data.task.Tasks;
import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks as data: {@code task:NAME?key=number}. */
class TaskCommandsTest {
  @TempDir private Path folder;

  private Cli train(String task, String run, String... more) {
    String[] args = {"train", task, "--hidden", "8", "--batch", "2", "--updates", "3", "--run"};
    Cli done = Cli.run(Samples.and(Samples.and(args, folder.resolve(run).toString()), more));
    assertThat(done.code()).as(done.err()).isZero();
    return done;
  }

  private static JsonObject json(Cli run) {
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private JsonObject record(String run) throws IOException {
    String text = Files.readString(folder.resolve(run).resolve("run.json"));
    return JsonParser.parseString(text).getAsJsonObject();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adding?T=6",
        "copy?T=5,m=2",
        "copy-stream?m=3",
        "copy-stream?min=2,max=3",
        "add-stream?t1=1,t2=3",
        "anbn?max=4",
        "brackets?s=1,k=2,a=3",
        "temporal-order?L=10"
      })
  void everyTaskTrainsAndIsEvaluatedByItsOptimum(String label) throws IOException {
    JsonObject trained = json(train("task:" + label, "run", "--json"));
    double optimum = Tasks.parse(label).optimum();
    assertThat(trained.get("optimum").getAsDouble()).isEqualTo(optimum);
    assertThat(trained.getAsJsonObject("baselines").size()).isPositive();
    assertThat(trained.get("loss").getAsDouble()).isGreaterThan(optimum);
    boolean nats = trained.get("unit").getAsString().equals("nats");
    assertThat(trained.has("perplexity")).isEqualTo(nats);
    assertThat(record("run").getAsJsonObject("data").get("task").getAsString()).isEqualTo(label);
    Xml.parse(Files.readString(folder.resolve("run/report.html")));
    String model = folder.resolve("run").toString();
    JsonObject found =
        json(Cli.run("evaluate", "--data", "task:" + label, "--model", model, "--json"));
    assertThat(found.get("optimum").getAsDouble()).isEqualTo(optimum);
    assertThat(found.has("perplexity")).isEqualTo(nats);
    // Other draws, the same task.
    double loss = trained.get("loss").getAsDouble();
    assertThat(found.get("loss").getAsDouble()).isCloseTo(loss, within(0.1 * loss));
  }

  @Test
  void aRecordReplaysItBitByBit() throws IOException {
    train("task:copy?m=2,T=5", "run", "--coupling", "random:3", "--state", "carry");
    String config = folder.resolve("run/run.json").toString();
    String again = folder.resolve("again").toString();
    Cli run = Cli.run("train", "--config", config, "--run", again);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(record("again").get("options")).isEqualTo(record("run").get("options"));
    assertThat(record("again").getAsJsonObject("options").get("data").getAsString())
        .isEqualTo("task:copy?T=5,m=2");
    assertThat(weights("again")).isEqualTo(weights("run"));
  }

  private float[] weights(String run) throws IOException {
    return ModelFile.read(folder.resolve(run).resolve("model.safetensors")).weights().values();
  }

  @Test
  void lossesStandBesideTheOptimum() {
    Cli run = train("task:add-stream", "run", "--stride", "own", "--coupling", "fixed:4");
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("optimum 0.4545, now 0.", "; only lag 5: 0.5192, only lag 9: 0.6277, neither")
        .contains("3 updates on 24 steps in", "steps/s")
        .doesNotContain("characters", "perplexity", "A sample");
    assertThat(run.out().lines().filter(line -> !line.contains(folder.toString())))
        .allMatch(line -> line.length() <= 80);
  }

  @Test
  void aWindowIsASequenceWhereOnlyItsEndCounts() throws IOException {
    train("task:adding?T=30", "run", "--coupling", "random:5");
    JsonObject options = record("run").getAsJsonObject("options");
    assertThat(options.get("steps").getAsInt()).isEqualTo(30);
    assertThat(options.get("stride").getAsString()).isEqualTo("window");
  }

  @Test
  void modelsOfCharactersGoOn() {
    Cli run = train("task:anbn?max=3", "run");
    assertThat(run.out()).contains("A sample (temperature 0.7):");
    String model = folder.resolve("run").toString();
    Cli text = Cli.run("generate", "--model", model, "--prompt", "aa\n", "--length", "20");
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out()).startsWith("aa\n").matches("[ab\\s]+");
  }

  @Test
  void modelsWithoutCharactersHaveNothingToGoOnWith() {
    train("task:adding?T=6", "run");
    String model = folder.resolve("run").toString();
    Cli run = Cli.run("generate", "--model", model);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("was trained on task:adding?T=6, whose outputs are no text");
    assertThat(Cli.run("evaluate", "sources", "--model", model).err())
        .contains("lookback evaluate task:adding?T=6 measures it");
    Cli other = Cli.run("evaluate", "task:copy", "--model", model);
    assertThat(other.code()).isEqualTo(3);
    assertThat(other.err())
        .contains("trained on task:adding?T=6, takes 2 inputs and gives 1 values, but task:copy");
    assertThat(Cli.run("evaluate", "task:adding?T=9", "--model", model).code()).isZero();
  }

  @Test
  void compareJudgesByTheLoss() throws IOException {
    String out = folder.resolve("out").toString();
    String[] args = {"compare", "task:temporal-order?L=10", "--couplings", "full,random:4"};
    String[] small = {"--hidden", "6", "--batch", "2", "--updates", "4", "--draws", "4"};
    args = Samples.and(Samples.and(args, small), "--out", out);
    Cli run = Cli.run(args);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("No coupling learned the task", "steps/s", "optimum 0, now ", "guesses: 1.3863")
        .doesNotContain("perplexity", "characters");
    String html = Files.readString(folder.resolve("out/report.html"));
    Xml.parse(html);
    assertThat(html)
        .contains("task:temporal-order?L=10", "knows one of the two: 0.6931")
        .contains("Validation loss by updates")
        .doesNotContain("Validation perplexity", "characters/s", "characters learned");
    JsonObject found = json(Cli.run(Samples.and(args, "--json")));
    assertThat(found.get("optimum").getAsDouble()).isZero();
    assertThat(found.getAsJsonObject("baselines").size()).isEqualTo(2);
    JsonObject full = found.getAsJsonArray("couplings").get(0).getAsJsonObject();
    assertThat(full.has("perplexity")).isFalse();
    assertThat(full.get("loss").getAsDouble()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train task:ading | there is no task \"ading\"; there are adding, copy,",
        "train task:ading | Did you mean adding? lookback tasks lists them",
        "train task:adding?L=4 | the task adding has no parameter \"L\"; it has T. Did you mean T?",
        "compare task:anbn?maks=4 | Did you mean max?",
        "train task:add-stream?t1=9 | t1 and t2 are both 9",
        "train task:copy --split 1,0,0 | --split is for texts, but task:copy is made up",
        "train task:copy --sampling windows | --sampling is for texts",
        "train task:copy --prompt a | --prompt is for texts, but task:copy?T=50,m=10 has no text",
        "train task:adding --embedding 3 | --embedding stands for tokens, but task:adding?T=200",
        "train task:adding --steps 30 | counts only the last of 200 steps",
        "train task:adding --coupling random:9 --stride own | Leave --stride out",
        "train task:adding --coupling fixed:9 --stride own | whole sequences",
      })
  void whatIsNoTaskOrDoesNotGoWithOneIsRefused(String command, String says) {
    String run = folder.resolve("run").toString();
    String option = command.startsWith("train") ? "--run" : "--out";
    Cli refused = Cli.run(Samples.and(command.split(" "), option, run));
    assertThat(refused.code()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).startsWith("lookback: ").contains(says);
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void tasksAreListedWithTheirParameters() {
    Cli run = Cli.run("tasks");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).hasSizeLessThanOrEqualTo(50);
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    for (String name : Tasks.names()) {
      assertThat(run.out()).contains("\n" + name + " ");
    }
    assertThat(run.out())
        .contains("t1: lag of the coin that raises it [5]", "optimum 0.4545; only lag 5: 0.5192");
    JsonObject found = json(Cli.run("tasks", "--json"));
    assertThat(found.getAsJsonArray("tasks").size()).isEqualTo(Tasks.names().size());
  }
}
