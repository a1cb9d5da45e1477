package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.lookback.cli.report.Xml;
import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lookback train}: what a run leaves, prints, and that it can be had again. */
class TrainCommandTest {
  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  /** Trains into a folder of that name, which has to succeed. */
  private Cli train(String name, String... more) {
    String[] args = Samples.tiny("train", text, more);
    return done(Cli.run(Samples.and(args, "--run", folder.resolve(name).toString())));
  }

  private static Cli done(Cli run) {
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private float[] weights(String name) throws IOException {
    return ModelFile.read(folder.resolve(name).resolve("model.safetensors")).weights().values();
  }

  private JsonObject record(String name) throws IOException {
    Path file = folder.resolve(name).resolve("run.json");
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  @Test
  void aRunLeavesItsRecordMetricsModelAndReport() throws IOException {
    Cli run = train("run", "--updates", "6");
    Path out = folder.resolve("run");
    try (var files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString().replaceAll("\\.[0-9]{10}", "")))
          .containsExactlyInAnyOrder(
              "run.json",
              "metrics.csv",
              "events.out.tfevents.lookback",
              "model.safetensors",
              "report.html",
              "checkpoints");
    }
    List<String> metrics = Files.readAllLines(out.resolve("metrics.csv"));
    assertThat(metrics.get(0))
        .isEqualTo(
            "update,epoch,tokens,seconds,loss,validation_loss,gradient_norm,rate,longest_segment,"
                + "truncation");
    assertThat(metrics).hasSize(7);
    assertThat(metrics.get(6)).startsWith("6,1,120,").endsWith(",0.002,10,");
    Xml.parse(Files.readString(out.resolve("report.html")));
    assertThat(run.out())
        .contains("validation", "training", "6 updates on 120 characters", "Run folder: " + out)
        .contains("A sample (temperature 0.7):");
    assertThat(run.out().lines().filter(line -> !line.contains(folder.toString())))
        .allMatch(line -> line.length() <= 80);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void jsonIsOneObjectAndNothingElse() throws IOException {
    Cli run = train("run", "--json", "--coupling", "fixed:4");
    assertThat(run.out().strip().lines()).hasSize(1);
    JsonObject found = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(found.keySet())
        .contains("loss", "perplexity", "training_loss", "training_perplexity")
        .contains("tokens_per_second", "updates", "seconds", "longest_segment")
        .contains("peak_activation_bytes", "run");
    assertThat(found.get("updates").getAsInt()).isEqualTo(4);
    assertThat(found.get("tokens").getAsInt()).isEqualTo(80);
    assertThat(found.get("longest_segment").getAsInt()).isEqualTo(4);
    assertThat(found.get("perplexity").getAsDouble())
        .isEqualTo(Math.exp(found.get("loss").getAsDouble()));
    assertThat(record("run").getAsJsonObject("result")).isEqualTo(found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--coupling full --threads 2",
        "--coupling random:4 --state reset --layers 2",
        "--coupling random:6,alpha=4,floor=2,stratified",
        "--coupling random:6,alpha=4",
        "--coupling random:4,per-lane --activation relu --init uniform",
        "--coupling fixed:3 --stride own --normalise letters --checkpoint-every 2",
        "--sampling windows --window-stride 3 --optimizer rmsprop --split 800,200,100",
        "--cell gru --gru-reset before --initial-state learned",
        "--cell lstm --layers 2 --dropout 0.3 --embedding 5 --forget-bias 2.5",
        "--epochs 1 --batch 8 --vocabulary frequency --max-tokens 900 --seed 5 --prompt cat",
      })
  void itsRecordReplaysItBitByBit(String options) throws IOException {
    train("run", options.split(" "));
    Path record = folder.resolve("run/run.json");
    String again = folder.resolve("again").toString();
    done(Cli.run("train", "--config", record.toString(), "--run", again));
    assertThat(weights("again")).isEqualTo(weights("run"));
    assertThat(record("again").get("options")).isEqualTo(record("run").get("options"));
    assertThat(record("again").get("data")).isEqualTo(record("run").get("data"));
  }

  @Test
  void aRandomCouplingWithoutStepsReplaysAtItsOwnCuts() throws IOException {
    String run = folder.resolve("run").toString();
    String[] args = {"train", text.toString(), "--coupling", "random:3", "--run", run, "--batch"};
    Cli first = done(Cli.run(Samples.and(args, "2", "--hidden", "8", "--updates", "20", "--json")));
    int tokens = JsonParser.parseString(first.out()).getAsJsonObject().get("tokens").getAsInt();
    assertThat(tokens).isBetween(2 * 20, 20 * 20).isNotEqualTo(2 * 20 * 140);
    assertThat(record("run").getAsJsonObject("options").get("stride").getAsString())
        .isEqualTo("own");
    String again = folder.resolve("again").toString();
    done(Cli.run("train", "--config", run + "/run.json", "--run", again));
    assertThat(weights("again")).isEqualTo(weights("run"));
  }

  @Test
  void theNumberOfThreadsChangesNoBit() throws IOException {
    for (String threads : List.of("1", "2", "3")) {
      train(threads, "--threads", threads, "--coupling", "random:4");
    }
    assertThat(weights("2")).isEqualTo(weights("1"));
    assertThat(weights("3")).isEqualTo(weights("1"));
  }

  @Test
  void otherSeedsMakeOtherModels() throws IOException {
    train("a");
    train("b", "--seed", "2");
    assertThat(weights("b")).isNotEqualTo(weights("a"));
  }

  @Test
  void whatIsTypedGoesBeforeTheConfig() throws IOException {
    train("run");
    Path other = Samples.write(folder.resolve("other.txt"), Samples.words(300));
    String config = folder.resolve("run/run.json").toString();
    String out = folder.resolve("again").toString();
    done(Cli.run("train", other.toString(), "--config", config, "--updates", "2", "--run", out));
    JsonObject options = record("again").getAsJsonObject("options");
    assertThat(options.get("data").getAsString()).isEqualTo(other.toString());
    assertThat(options.get("updates").getAsInt()).isEqualTo(2);
    assertThat(options.get("hidden").getAsInt()).isEqualTo(8);
  }

  @Test
  void textComesFromStandardInputOrAFolder() throws IOException {
    String words = Samples.words(200) + Samples.words(200);
    Samples.write(text, words);
    String[] piped = Samples.tiny("train", Path.of("-"));
    done(Cli.reading(words, Samples.and(piped, "--run", folder.resolve("piped").toString())));
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Samples.write(texts.resolve("a.txt"), Samples.words(200));
    Samples.write(texts.resolve("b.txt"), Samples.words(200));
    Files.write(texts.resolve("c.bin"), new byte[] {0, 1, 2});
    String[] both = Samples.tiny("train", texts);
    Cli run = done(Cli.run(Samples.and(both, "--run", folder.resolve("both").toString())));
    assertThat(run.err()).contains("warning: skipped", "c.bin", "binary");
    train("file");
    assertThat(weights("piped")).isEqualTo(weights("file"));
    assertThat(weights("both")).isEqualTo(weights("file"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--optimizer sgd --lr 0.1",
        "--optimizer momentum --momentum 0.5",
        "--optimizer rmsprop",
        "--optimizer adam --weight-decay 0.01",
        "--optimizer adam --weight-decay 0.01,l2",
        "--optimizer adam --clip 0",
        "--rate step:0.5,2",
        "--rate cosine:4",
        "--rate cosine:4,0.001 --warm-up 2",
        "--warm-up 3",
      })
  void everyOptimizerAndRateLearns(String options) throws IOException {
    train("start", "--updates", "1", "--lr", "1e-30");
    train("run", options.split(" "));
    assertThat(weights("run")).isNotEqualTo(weights("start"));
    assertThat(weights("run")).doesNotContain(Float.NaN);
  }

  @Test
  void ratesAreThoseOfTheSchedule() throws IOException {
    train("run", "--rate", "step:0.5,2", "--lr", "1", "--clip", "1");
    List<String> lines = Files.readAllLines(folder.resolve("run/metrics.csv"));
    // Each line has the rate that its update was made with.
    assertThat(lines.stream().skip(1).map(line -> line.split(",", -1)[7]))
        .containsExactly("1.0", "1.0", "0.5", "0.5");
  }

  @Test
  void carriedStateChangesTheTraining() throws IOException {
    train("carry", "--state", "carry");
    train("reset", "--state", "reset");
    assertThat(weights("reset")).isNotEqualTo(weights("carry"));
  }

  @Test
  void withoutAValidationPartTheLossIsTheTrainingLoss() {
    Cli run = train("run", "--split", "1,0,0", "--json");
    JsonObject found = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(found.get("loss")).isEqualTo(found.get("training_loss"));
  }

  @Test
  void promptsAreNormalisedAsTheText() {
    Cli run = train("run", "--normalise", "letters", "--prompt", "THE-CAT");
    assertThat(run.out()).contains("\nthe cat");
  }

  @Test
  void shortHeldOutTextIsJudgedInShorterWindows() {
    Cli run = train("run", "--split", "1000,4,0", "--json");
    assertThat(JsonParser.parseString(run.out()).getAsJsonObject().get("loss").getAsDouble())
        .isPositive();
  }

  @Test
  void theRecordHasTheOptionsOfItsCellOnly() throws IOException {
    train("elman");
    train("gru", "--cell", "GRU");
    train("lstm", "--cell", "lstm", "--forget-bias", "2");
    JsonObject elman = record("elman").getAsJsonObject("options");
    JsonObject gru = record("gru").getAsJsonObject("options");
    JsonObject lstm = record("lstm").getAsJsonObject("options");
    assertThat(elman.get("activation").getAsString()).isEqualTo("tanh");
    assertThat(elman.keySet()).contains("cell", "dropout", "embedding", "initial-state");
    assertThat(elman.keySet()).doesNotContain("gru-reset", "forget-bias");
    assertThat(gru.get("cell").getAsString()).isEqualTo("gru");
    assertThat(gru.get("gru-reset").getAsString()).isEqualTo("after");
    assertThat(gru.keySet()).doesNotContain("activation", "forget-bias");
    assertThat(lstm.get("forget-bias").getAsDouble()).isEqualTo(2);
    assertThat(lstm.keySet()).doesNotContain("activation", "gru-reset");
  }

  @Test
  void theRecordHasEveryOptionAsItIsTyped() throws IOException {
    train("run", "--activation", "RELU");
    JsonObject options = record("run").getAsJsonObject("options");
    assertThat(options.keySet())
        .contains("steps", "state", "stride", "updates", "seed", "coupling");
    assertThat(options.get("activation").getAsString()).isEqualTo("relu");
    assertThat(options.toString()).doesNotContain("Optional");
  }

  // An epoch has many updates, each of another loss: that of the epoch that training ended in is
  // the mean over its updates, weighted by their tokens.
  @Test
  void theTrainingLossIsThatOfTheEpochOfTheLastUpdate() throws IOException {
    for (int updates : new int[] {1, 5, 11}) {
      Path run = folder.resolve("run" + updates);
      String[] args =
          Samples.tiny(
              "train",
              Samples.write(folder.resolve("short.txt"), Samples.words(30)),
              "--updates",
              updates + "");
      Cli cli = Cli.run(Samples.and(args, "--run", run.toString(), "--json"));
      assertThat(cli.code()).as(cli.err()).isZero();
      double sum = 0;
      double tokens = 0;
      double before = 0;
      String epoch = "";
      try (CsvReader<NamedCsvRecord> rows =
          CsvReader.builder().ofNamedCsvRecord(run.resolve("metrics.csv"))) {
        for (NamedCsvRecord row : rows) {
          if (!row.getField("epoch").equals(epoch)) {
            epoch = row.getField("epoch");
            sum = 0;
            tokens = 0;
          }
          double here = Double.parseDouble(row.getField("tokens"));
          sum += Double.parseDouble(row.getField("loss")) * (here - before);
          tokens += here - before;
          before = here;
        }
      }
      JsonObject result = JsonParser.parseString(cli.out()).getAsJsonObject();
      assertThat(result.get("training_loss").getAsDouble())
          .as(updates + " updates")
          .isCloseTo(sum / tokens, within(1e-6));
    }
  }
}
