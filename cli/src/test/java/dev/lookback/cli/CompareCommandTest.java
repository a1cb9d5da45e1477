package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.lookback.cli.report.Xml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** {@code lookback compare}: what it measures, under which conditions, and what it leaves. */
class CompareCommandTest {
  private static final String[] FIELDS = {
    "coupling",
    "loss",
    "perplexity",
    "training_loss",
    "training_perplexity",
    "tokens_per_second",
    "updates",
    "seconds",
    "longest_segment",
    "peak_activation_bytes",
    "computed_per_step",
    "promise",
    "lag_coverage",
    "relative_bias",
    "relative_bias_error",
    "variance",
    "cosine",
    "descends"
  };

  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private Cli compare(String... more) {
    String[] args = Samples.tiny("compare", text, more);
    Cli run = Cli.run(Samples.and(args, "--out", folder.resolve("out").toString()));
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private JsonObject json(String... more) {
    Cli run = compare(Samples.and(more, "--json"));
    assertThat(run.out().strip().lines()).hasSize(1);
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static List<JsonObject> couplings(JsonObject result) {
    JsonArray array = result.getAsJsonArray("couplings");
    return array.asList().stream().map(JsonElement::getAsJsonObject).toList();
  }

  private static double number(JsonObject object, String key) {
    return object.get(key).getAsDouble();
  }

  @Test
  void everyCouplingHasEveryNumber() {
    JsonObject result =
        json("--couplings", "full,fixed:3,random:3,random:4,per-lane", "--draws", "8");
    List<JsonObject> all = couplings(result);
    assertThat(all.stream().map(c -> c.get("coupling").getAsString()))
        .containsExactly("full", "fixed:3", "random:3", "random:4,per-lane");
    for (JsonObject c : all) {
      assertThat(c.keySet()).contains(FIELDS);
      assertThat(c.get("updates").getAsString()).isEqualTo("4");
      assertThat(c.get("tokens").getAsString()).isEqualTo("80");
      assertThat(number(c, "perplexity")).isBetween(1.0, 30.0);
      assertThat(c.getAsJsonArray("audits")).hasSize(3);
    }
    JsonObject full = all.get(0);
    assertThat(number(full, "longest_segment")).isEqualTo(10);
    assertThat(number(full, "relative_bias")).isZero();
    assertThat(number(full, "cosine")).isEqualTo(1);
    JsonObject fixed = all.get(1);
    assertThat(number(fixed, "longest_segment")).isEqualTo(3);
    assertThat(number(fixed, "relative_bias")).isPositive();
    assertThat(number(fixed, "variance")).isZero();
    assertThat(number(all.get(2), "variance")).isPositive();
    assertThat(number(all.get(2), "relative_bias_error")).isPositive();
    assertThat(result.getAsJsonArray("verdict").size()).isGreaterThan(4);
    assertThat(result.getAsJsonObject("options").get("steps").getAsInt()).isEqualTo(10);
    assertThat(result.get("report").getAsString())
        .isEqualTo(folder.resolve("out/report.html").toString());
  }

  @Test
  void truncationAsLongAsTheWindowIsTheExactGradient() {
    List<JsonObject> all = couplings(json("--couplings", "full,fixed:10"));
    for (String field : new String[] {"loss", "training_loss", "gradient_norm", "cosine"}) {
      assertThat(all.get(1).get(field)).isEqualTo(all.get(0).get(field));
    }
  }

  @Test
  void theContendersAreThoseThatTrainWouldMake() {
    JsonObject compared = couplings(json("--couplings", "fixed:3")).get(0);
    String[] args = Samples.tiny("train", text, "--coupling", "fixed:3", "--json");
    Cli run = Cli.run(Samples.and(args, "--run", folder.resolve("run").toString()));
    JsonObject trained = JsonParser.parseString(run.out()).getAsJsonObject();
    for (String field : new String[] {"loss", "training_loss", "updates", "gradient_norm"}) {
      assertThat(compared.get(field)).as(field).isEqualTo(trained.get(field));
    }
  }

  @Test
  void reportAndNumbersAreWritten() throws IOException {
    Cli run = compare("--couplings", "full,fixed:3,random:3", "--draws", "4");
    String html = Files.readString(folder.resolve("out/report.html"));
    Document page = Xml.parse(html);
    assertThat(page.getElementsByTagName("svg").getLength()).isGreaterThanOrEqualTo(14);
    assertThat(page.getElementsByTagName("table").getLength()).isGreaterThanOrEqualTo(3);
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(html).contains("fixed:3", "random:3").doesNotContain("NaN");
    List<String> lines = Files.readAllLines(folder.resolve("out/comparison.csv"));
    assertThat(lines.get(0)).startsWith("coupling,seed,update,epoch,tokens,seconds,training_loss");
    assertThat(lines).hasSize(1 + 3 * 4);
    assertThat(lines.get(12)).startsWith("random:3,1,4,1,80,");
    assertThat(run.out())
        .contains("validation", "Gradient against the exact one", "lowest validation perplexity")
        .contains("Report: " + folder.resolve("out/report.html"))
        .contains("Numbers: " + folder.resolve("out/summary.csv"));
    assertThat(run.out().lines().filter(line -> !line.contains(folder.toString())))
        .allMatch(line -> line.length() <= 80);
    List<String> ends = run.err().lines().toList();
    assertThat(ends).hasSize(3);
    assertThat(ends.get(2)).matches("random:3: 4 updates in .*s, perplexity 13\\.49");
  }

  @Test
  void severalSeedsGiveSpreads() throws IOException {
    JsonObject both = json("--couplings", "full,fixed:3", "--seeds", "2", "--seed", "5");
    List<JsonObject> first = couplings(json("--couplings", "full,fixed:3", "--seed", "5"));
    List<JsonObject> second = couplings(json("--couplings", "full,fixed:3", "--seed", "6"));
    for (int c = 0; c < 2; c++) {
      JsonObject mean = couplings(both).get(c);
      double a = number(first.get(c), "loss");
      double b = number(second.get(c), "loss");
      assertThat(number(mean, "loss")).isEqualTo((a + b) / 2);
      assertThat(number(mean, "loss_spread"))
          .isCloseTo(Math.abs(a - b) / Math.sqrt(2), within(1e-12));
      assertThat(first.get(c).has("loss_spread")).isFalse();
    }
    compare("--couplings", "full,fixed:3", "--seeds", "2");
    Xml.parse(Files.readString(folder.resolve("out/report.html")));
    assertThat(Files.readAllLines(folder.resolve("out/comparison.csv"))).hasSize(1 + 2 * 2 * 4);
  }

  @Test
  void summaryAndAuditsHaveTheNumbersOfEachRun() throws IOException {
    JsonObject both =
        json("--couplings", "full,random:3", "--draws", "4", "--seeds", "2", "--seed", "5");
    List<NamedCsvRecord> summary = csv("summary.csv");
    assertThat(summary).hasSize(4);
    assertThat(summary.get(0).getHeader())
        .startsWith("coupling", "seed", "loss", "perplexity", "training_loss")
        .contains("seconds", "peak_activation_bytes", "relative_bias", "variance", "cosine")
        .contains("spectral_radius");
    assertThat(summary.stream().map(row -> row.getField("coupling") + row.getField("seed")))
        .containsExactly("full5", "full6", "random:35", "random:36");
    for (int c = 0; c < 2; c++) {
      JsonObject mean = couplings(both).get(c);
      for (String field : List.of("loss", "relative_bias", "variance", "spectral_radius")) {
        double a = Double.parseDouble(summary.get(2 * c).getField(field));
        double b = Double.parseDouble(summary.get(2 * c + 1).getField(field));
        assertThat(number(mean, field)).as(field).isEqualTo((a + b) / 2);
      }
    }
    List<NamedCsvRecord> audits = csv("audits.csv");
    // Before, amid and after each training: all weights and each of the five tensors.
    assertThat(audits).hasSize(4 * 3 * 6);
    List<NamedCsvRecord> last =
        audits.stream()
            .filter(row -> row.getField("coupling").equals("random:3"))
            .filter(row -> row.getField("seed").equals("5") && row.getField("done").equals("1"))
            .toList();
    assertThat(last).hasSize(6);
    assertThat(last.get(0).getField("tensor")).isEqualTo("all");
    assertThat(last.get(0).getField("draws")).isEqualTo("4");
    assertThat(last.get(0).getField("relative_bias"))
        .isEqualTo(summary.get(2).getField("relative_bias"));
  }

  private List<NamedCsvRecord> csv(String name) throws IOException {
    try (CsvReader<NamedCsvRecord> rows =
        CsvReader.builder().ofNamedCsvRecord(folder.resolve("out").resolve(name))) {
      return rows.stream().toList();
    }
  }

  @Test
  void everyStrideGetsTheSameCharacters() {
    String[] options = {"--couplings", "full,fixed:4,random:4", "--updates", "12"};
    List<JsonObject> window = couplings(json(options));
    List<JsonObject> own = couplings(json(Samples.and(options, "--stride", "own")));
    List<Double> updates = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      assertThat(number(window.get(c), "tokens")).isEqualTo(240);
      assertThat(number(window.get(c), "updates")).isEqualTo(12);
      // A last segment may go past the end.
      double longest = number(own.get(c), "longest_segment");
      assertThat(number(own.get(c), "tokens")).isBetween(240.0, 240 + 2 * longest);
      updates.add(number(own.get(c), "updates"));
    }
    assertThat(updates.get(0)).isEqualTo(12);
    assertThat(updates.get(1)).isEqualTo(30);
    assertThat(updates.get(2)).isNotEqualTo(12);
  }

  @Test
  void secondsEndEveryContender() {
    List<JsonObject> all =
        couplings(
            json("--couplings", "full,fixed:3", "--seconds", "0.05", "--updates", "100000000"));
    for (JsonObject c : all) {
      assertThat(number(c, "seconds")).isGreaterThanOrEqualTo(0.05);
      assertThat(number(c, "updates")).isPositive();
    }
  }

  @Test
  void epochsWindowsAndStandardInputWork() {
    List<JsonObject> all =
        couplings(json("--couplings", "full", "--sampling", "windows", "--epochs", "1"));
    assertThat(number(all.get(0), "tokens")).isPositive();
    String[] args = Samples.tiny("compare", Path.of("-"), "--couplings", "full", "--json");
    Cli run = Cli.reading(Samples.words(400), Samples.and(args, "--out", folder + "/piped"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(couplings(JsonParser.parseString(run.out()).getAsJsonObject()).get(0).get("loss"))
        .isEqualTo(couplings(json("--couplings", "full")).get(0).get("loss"));
  }
}
