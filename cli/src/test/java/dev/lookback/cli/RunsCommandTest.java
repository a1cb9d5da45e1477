package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cli.report.Xml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lookback runs} and {@code lookback runs compare}. */
class RunsCommandTest {
  @TempDir private Path folder;
  private Path runs;

  @BeforeEach
  void train() throws IOException {
    Path text = Samples.text(folder);
    runs = Files.createDirectory(folder.resolve("runs"));
    for (String name : new String[] {"a", "b"}) {
      String coupling = name.equals("a") ? "full" : "fixed:4";
      String[] args = Samples.tiny("train", text, "--coupling", coupling, "--updates", "9");
      Cli run = Cli.run(Samples.and(args, "--run", runs.resolve(name).toString()));
      assertThat(run.code()).as(run.err()).isZero();
    }
  }

  private static JsonObject json(Cli run) {
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private void setState(String name, String state) throws IOException {
    Path file = runs.resolve(name).resolve("run.json");
    JsonObject record = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    record.addProperty("state", state);
    record.remove("result");
    Files.writeString(file, record.toString());
  }

  @Test
  void everyRunIsListedWithItsState() throws IOException {
    Files.createDirectory(runs.resolve("no-run"));
    setState("b", "running");
    Cli run = Cli.run("runs", runs.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines().skip(2))
        .satisfiesExactly(
            a -> assertThat(a).matches("a +text.txt +elman +full +9 +[0-9.]+ +finished"),
            b -> assertThat(b).matches("b +text.txt +elman +fixed:4 +9 +[0-9.]+ +killed"));
    try (RunLock lock = RunLock.take(runs.resolve("b"))) {
      assertThat(lock).isNotNull();
      JsonArray all = json(Cli.run("runs", runs.toString(), "--json")).getAsJsonArray("runs");
      assertThat(all).hasSize(2);
      JsonObject b = all.get(1).getAsJsonObject();
      assertThat(b.get("state").getAsString()).isEqualTo("running");
      assertThat(b.get("updates").getAsLong()).isEqualTo(9);
    }
  }

  @Test
  void brokenRunsAreLeftOutAndNoneIsAMistake() throws IOException {
    Files.writeString(runs.resolve("a/run.json"), "{");
    Cli run = Cli.run("runs", runs.toString());
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("warning: left out", "is not JSON");
    assertThat(run.out()).contains("\nb ").doesNotContain("\na ");
    Cli none = Cli.run("runs", Files.createDirectory(folder.resolve("empty")).toString());
    assertThat(none.code()).isEqualTo(ExitCode.INPUT);
    assertThat(none.err()).contains("there is no run in");
    assertThat(Cli.run("runs", folder.resolve("lost").toString()).err()).contains("is no folder");
  }

  @Test
  void comparedRunsShowWhatDifferedAndBothCurves() throws IOException {
    String a = runs.resolve("a").toString();
    String b = runs.resolve("b").toString();
    Path page = folder.resolve("page.html");
    Cli run = Cli.run("runs", "compare", a, b, "--report", page.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("--coupling +full +fixed:4").doesNotContain("--hidden");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(run.out()).contains("Loss:", "180");
    Xml.parse(Files.readString(page));
    assertThat(Files.readString(page)).contains("fixed:4", "Validation loss");
    JsonObject json = json(Cli.run("runs", "compare", a, b, "--json"));
    assertThat(json.getAsJsonObject("options").toString())
        .isEqualTo("{\"coupling\":[\"full\",\"fixed:4\"]}");
    assertThat(json.getAsJsonObject("data").size()).isZero();
    assertThat(json.getAsJsonObject("a").getAsJsonArray("curve")).hasSize(9);
    assertThat(Cli.run("runs", "compare", a, a).out()).contains("Nothing differs");
    Path lost = folder.resolve("lost").resolve("page.html");
    Cli nowhere = Cli.run("runs", "compare", a, b, "--report", lost.toString());
    assertThat(nowhere.code()).isEqualTo(ExitCode.FAILED);
    assertThat(nowhere.err()).contains("could not write " + lost, "place with --report");
  }

  @Test
  void lossesThatCannotBeComparedAreSaidToBeSo() throws IOException {
    Path text = folder.resolve("text.txt");
    Path other = Samples.write(folder.resolve("other.txt"), Samples.words(300) + "Zebras, too.");
    Path same = Samples.write(folder.resolve("same.txt"), Samples.words(300));
    train("other", Samples.tiny("train", other));
    train("same", Samples.tiny("train", same));
    train("letters", Samples.tiny("train", text, "--normalise", "letters"));
    train("split", Samples.tiny("train", text, "--split", "0.8,0.2,0"));
    assertThat(caution("b")).isEmpty();
    assertThat(caution("other"))
        .contains("cannot be compared", "vocabularies of 14 and 19 symbols");
    assertThat(caution("letters")).contains("cannot be compared", "--normalise");
    assertThat(caution("same")).contains("are of different data", "lookback evaluate");
    assertThat(caution("split")).contains("different parts of the text (--split)");
  }

  private void train(String name, String[] args) {
    Cli run = Cli.run(Samples.and(args, "--run", runs.resolve(name).toString()));
    assertThat(run.code()).as(run.err()).isZero();
  }

  private String caution(String other) throws IOException {
    String a = runs.resolve("a").toString();
    String b = runs.resolve(other).toString();
    JsonObject json = json(Cli.run("runs", "compare", a, b, "--json"));
    String caution = json.has("caution") ? json.get("caution").getAsString() : "";
    Path page = folder.resolve("page.html");
    String text = Cli.run("runs", "compare", a, b, "--report", page.toString()).out();
    assertThat(text.replaceAll("\\s+", " ")).contains(caution);
    assertThat(Files.readString(page)).contains(caution);
    assertThat(text.lines()).allMatch(line -> line.length() <= 80);
    return caution;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"finished\" | {} | has {} as its state, which has to be a word",
        "\"updates\": 9, | \"updates\": \"many\", | has \"many\" as its updates, which has to be a number",
        "\"updates\": 9, | \"updates\": 1e999, | has 1e999 as its updates",
      })
  void recordsThatCannotBeUsedAreNamed(String old, String other, String says) throws IOException {
    Path file = runs.resolve("a/run.json");
    String record = Files.readString(file);
    int result = record.indexOf("\"result\"");
    int at = record.indexOf(old, old.startsWith("\"up") ? result : 0);
    Files.writeString(file, record.substring(0, at) + other + record.substring(at + old.length()));
    Cli list = Cli.run("runs", runs.toString());
    assertThat(list.code()).as(list.err()).isZero();
    assertThat(list.err()).startsWith("warning: left out ").contains(file + " " + says);
    Cli compared = Cli.run("runs", "compare", runs.resolve("b").toString(), runs + "/a");
    assertThat(compared.code()).isEqualTo(ExitCode.INPUT);
    assertThat(compared.err()).startsWith("lookback: " + file + " " + says);
  }

  @Test
  void whatARecordSaysIsShownShortAndClean() throws IOException {
    Path file = runs.resolve("a/run.json");
    String loud = "\\u001b[31m" + "f".repeat(100_000);
    Files.writeString(file, Files.readString(file).replace("\"full\"", "\"" + loud + "\""));
    for (Cli run :
        new Cli[] {
          Cli.run("runs", runs.toString()),
          Cli.run("runs", "compare", runs.resolve("a").toString(), runs + "/b")
        }) {
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out())
          .contains("\\u001b[31mfff")
          .doesNotContain("\u001b")
          .hasSizeLessThan(5000);
    }
  }
}
