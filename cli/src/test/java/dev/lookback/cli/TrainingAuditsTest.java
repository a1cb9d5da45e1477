package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cli.report.Xml;
import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train --audit-every}: what truncation loses beside the loss. */
class TrainingAuditsTest {
  @TempDir private Path folder;

  private Cli train(String run, String... more) {
    Path text = Samples.text(folder);
    String[] args = Samples.tiny("train", text, Samples.and(more, "--split", "0.6,0.4,0"));
    return Cli.run(Samples.and(args, "--run", folder.resolve(run).toString()));
  }

  private JsonObject audits(String run, String... more) {
    Cli done = train(run, Samples.and(more, "--json"));
    assertThat(done.code()).as(done.err()).isZero();
    return JsonParser.parseString(done.out()).getAsJsonObject().getAsJsonObject("audits");
  }

  private float[] weights(String run) throws IOException {
    return ModelFile.read(folder.resolve(run).resolve("model.safetensors")).weights().values();
  }

  private static double bias(JsonObject audits) {
    JsonArray points = audits.getAsJsonArray("points");
    JsonObject last = points.get(points.size() - 1).getAsJsonObject();
    return last.get("relative_bias").getAsDouble();
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "fixed:3", "every-loss-at-least:2", "random:3"})
  void notABitOfTheTrainingChanges(String coupling) throws IOException {
    String[] options = {"--coupling", coupling, "--dropout", "0.3", "--layers", "2"};
    assertThat(train("plain", options).code()).isZero();
    Cli audited = train("audited", Samples.and(options, "--audit-every", "2"));
    assertThat(audited.code()).as(audited.err()).isZero();
    assertThat(weights("audited")).isEqualTo(weights("plain"));
    assertThat(audited.out().replaceAll("\\s+", " "))
        .contains("At the end " + coupling + " is off by ", "audits.csv has 3 audits.");
  }

  @Test
  void thereIsAnAuditBeforeTheFirstUpdateEveryNAndAtTheEnd() throws IOException {
    String[] options = {"--coupling", "fixed:5", "--updates", "5", "--audit-every", "2"};
    JsonObject audits = audits("run", options);
    assertThat(audits.get("coupling").getAsString()).isEqualTo("fixed:5");
    List<String> lines = Files.readAllLines(folder.resolve("run/audits.csv"));
    assertThat(lines.get(0))
        .startsWith("update,tokens,relative_bias,relative_bias_low,relative_bias_high,");
    assertThat(lines)
        .extracting(line -> line.split(",", -1)[0])
        .containsExactly("update", "0", "2", "4", "5");
    assertThat(lines).noneMatch(line -> line.contains("NaN") || line.contains("Infinity"));
    assertThat(bias(audits)).isPositive();
    String record = Files.readString(folder.resolve("run/run.json"));
    JsonObject run = JsonParser.parseString(record).getAsJsonObject();
    assertThat(run.getAsJsonObject("result").get("audits")).isEqualTo(audits);
    assertThat(run.getAsJsonObject("options").get("audit-every").getAsInt()).isEqualTo(2);
    String page = Files.readString(folder.resolve("run/report.html"));
    Xml.parse(page);
    assertThat(page).contains("Relative bias", "Half-life of credit", "How far fixed:5 is off");
  }

  private long checkpointBytes(String run, int update) throws IOException {
    String name = String.format(Locale.ROOT, "update-%09d.safetensors", update);
    return Files.size(folder.resolve(run).resolve("checkpoints").resolve(name));
  }

  /** Of many audits the file has all, a checkpoint the last few, and the record some. */
  @Test
  void whatIsKeptOfManyAuditsIsBounded() throws IOException {
    String[] options = {"--updates", "640", "--checkpoint-every", "40", "--keep", "99"};
    assertThat(train("plain", options).code()).isZero();
    JsonObject audits = audits("audited", Samples.and(options, "--audit-every", "1"));
    assertThat(Files.readAllLines(folder.resolve("audited/audits.csv"))).hasSize(642);
    assertThat(audits.get("count").getAsLong()).isEqualTo(641);
    JsonArray points = audits.getAsJsonArray("points");
    assertThat(points).hasSizeBetween(100, 201);
    assertThat(points.get(0).getAsJsonObject().get("update").getAsLong()).isZero();
    assertThat(points.get(points.size() - 1).getAsJsonObject().get("update").getAsLong())
        .isEqualTo(640);
    long few = checkpointBytes("audited", 40) - checkpointBytes("plain", 40);
    long many = checkpointBytes("audited", 640) - checkpointBytes("plain", 640);
    assertThat(many).isBetween(few - 200, few + 200);
  }

  @Test
  void auditsGoOnFromWhereTheCheckpointStood() throws IOException {
    String[] options = {"--updates", "60", "--audit-every", "2", "--keep", "99"};
    train("whole", Samples.and(options, "--checkpoint-every", "15"));
    String whole = Files.readString(folder.resolve("whole/audits.csv"));
    String[] lines = whole.split("(?<=\n)", -1);
    Path file = folder.resolve("whole/audits.csv");
    Path last = folder.resolve("whole/checkpoints/update-000000060.safetensors");
    // Behind it: cut off. Three lines short, and half of one: made up for.
    for (String found :
        new String[] {
          whole, whole + "62,1240,", whole.substring(0, whole.length() - 5 * lines[3].length() / 2)
        }) {
      Files.writeString(file, found);
      Files.deleteIfExists(last);
      Cli goesOn = Cli.run("train", "--resume", folder.resolve("whole").toString());
      assertThat(goesOn.code()).as(goesOn.err()).isZero();
      assertThat(goesOn.err().strip()).isEqualTo("Going on from update 45");
      assertThat(file).hasContent(whole);
    }
    Files.writeString(file, whole.replaceFirst("\n2,", "\n3,"));
    Files.delete(last);
    Cli goesOn = Cli.run("train", "--resume", folder.resolve("whole").toString());
    assertThat(goesOn.code()).as(goesOn.err()).isZero();
    assertThat(goesOn.err())
        .contains("warning: " + file + " is not what it was at the checkpoint")
        .contains("now audits.csv.damaged", "begins with the last 8 of before");
    assertThat(file).content().startsWith(lines[0] + lines[16]).endsWith(lines[31]);
    assertThat(folder.resolve("whole/audits.csv.damaged")).content().contains("\n3,");
  }

  /** On a stream a window's start cuts what its coupling does not. */
  @Test
  void whatWindowsCutIsCounted() {
    JsonObject full = audits("full", "--audit-every", "9");
    JsonObject fixed = audits("fixed", "--coupling", "fixed:10", "--audit-every", "9");
    assertThat(full.get("horizon").getAsInt()).isEqualTo(40);
    assertThat(bias(full)).isPositive().isEqualTo(bias(fixed));
    // Where the state is reset the window is all there is.
    JsonObject reset = audits("reset", "--state", "reset", "--audit-every", "9");
    assertThat(reset.get("horizon").getAsInt()).isEqualTo(10);
    assertThat(bias(reset)).isZero();
    JsonObject longer = audits("longer", "--coupling", "fixed:7", "--audit-every", "9");
    assertThat(bias(longer)).isGreaterThan(bias(full));
  }

  @Test
  void tasksAreAuditedToo() {
    String run = folder.resolve("task").toString();
    String[] args = {"train", "task:adding?T=6", "--hidden", "4", "--batch", "2", "--json"};
    Cli done = Cli.run(Samples.and(args, "--updates", "2", "--audit-every", "1", "--run", run));
    assertThat(done.code()).as(done.err()).isZero();
    JsonObject result = JsonParser.parseString(done.out()).getAsJsonObject();
    JsonObject audits = result.getAsJsonObject("audits");
    // Windows are whole sequences: nothing is cut but the order in which sums are added.
    assertThat(bias(audits)).isLessThan(1e-6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--audit-every 0 | --audit-every is 0 but has to be 1 or more",
        "--audit-every 1 --coupling fixed:900 --steps 400 | needs held-out text for 2 windows of",
        "--audit-every 1 --coupling full --memory 200 | too small for full on this network",
      })
  void whatCannotBeAuditedIsRefusedBeforeTheTraining(String options, String says) {
    Cli run = train("refused", options.split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("lookback: ").contains(says);
    assertThat(folder.resolve("refused")).doesNotExist();
  }
}
