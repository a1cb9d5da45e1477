package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cli.report.Xml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lookback compare --equal}: the same updates, seconds or bytes for every coupling. */
class EqualTermsTest {
  private static final String ALL =
      "full,fixed:4,sliding:2,6,every-loss-at-least:4,random:4,alpha=4,random:6,floor=2,random:5,"
          + "stratified";
  private static final Pattern BYTES = Pattern.compile("--memory (\\d+)");

  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private Cli compare(String... more) {
    String[] args = Samples.tiny("compare", text, more);
    return Cli.run(Samples.and(args, "--draws", "2", "--out", folder.resolve("out").toString()));
  }

  private static List<JsonObject> couplings(Cli run) {
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out())
        .getAsJsonObject()
        .getAsJsonArray("couplings")
        .asList()
        .stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  private static double number(JsonObject object, String key) {
    return object.get(key).getAsDouble();
  }

  private static long smallest(Cli refused) {
    assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.USAGE);
    Matcher matcher = BYTES.matcher(refused.err());
    long last = 0;
    while (matcher.find()) {
      last = Long.parseLong(matcher.group(1));
    }
    return last;
  }

  @Test
  void everyKindOfCouplingSaysHowFarItLooksBackAndWhatItPromises() {
    List<JsonObject> all = couplings(compare("--couplings", ALL, "--json"));
    assertThat(all.stream().map(c -> c.get("promise").getAsString()))
        .containsExactly("exact", "biased", "biased", "biased", "unbiased", "unbiased", "unbiased");
    assertThat(all.get(0).get("lag_coverage").toString())
        .isEqualTo("{\"fewest\":1,\"mean\":5.5,\"most\":10}");
    // Two segments of four steps and one of two: (10 + 10 + 3) / 10.
    assertThat(all.get(1).get("lag_coverage").toString())
        .isEqualTo("{\"fewest\":1,\"mean\":2.3,\"most\":4}");
    // The state is carried, and so sweeps go on through the windows.
    assertThat(all.get(2).get("lag_coverage").toString())
        .isEqualTo("{\"fewest\":5,\"mean\":5.5,\"most\":6}");
    // A window of ten steps ends before the third boundary: 7 6 5 4, 7 6 5 4, 7 6.
    assertThat(all.get(3).get("lag_coverage").toString())
        .isEqualTo("{\"fewest\":4,\"mean\":5.7,\"most\":7}");
    List<JsonObject> reset =
        couplings(compare("--couplings", "sliding:2,6", "--state", "reset", "--json"));
    assertThat(number(reset.get(0).getAsJsonObject("lag_coverage"), "fewest")).isEqualTo(1);
    for (JsonObject c : all) {
      assertThat(number(c, "computed_per_step")).isEqualTo(1);
      assertThat(c.has("memory_budget_bytes")).isFalse();
    }
  }

  @Test
  void ownSegmentsOfRandomTruncationHaveNoLimit() {
    JsonObject random =
        couplings(compare("--couplings", "random:4", "--stride", "own", "--json")).get(0);
    JsonObject reach = random.getAsJsonObject("lag_coverage");
    assertThat(reach.has("most")).isFalse();
    assertThat(number(reach, "mean")).isCloseTo(4, within(1e-9));
  }

  @Test
  void everybodyKeepsToTheMemoryOrNobodyRuns() {
    String[] options = {"--couplings", ALL, "--steps", "60", "--json"};
    Cli asked = compare(Samples.and(options, "--equal", "memory"));
    assertThat(asked.err()).contains("--equal memory needs --memory BYTES");
    long least = smallest(asked);
    Cli refused = compare(Samples.and(options, "--memory", Long.toString(least - 1)));
    assertThat(refused.err())
        .contains("--memory " + (least - 1) + " is too small for ", "nothing was run")
        .contains("(" + String.format(Locale.ROOT, "%,d", least) + " bytes or more)");
    assertThat(smallest(refused)).isEqualTo(least);
    assertThat(folder.resolve("out/report.html")).doesNotExist();
    List<JsonObject> tight = couplings(compare(Samples.and(options, "--memory", least + "")));
    assertThat(tight).hasSize(7);
    for (JsonObject c : tight) {
      assertThat(number(c, "memory_budget_bytes")).isEqualTo((double) least);
      assertThat(number(c, "peak_activation_bytes"))
          .isPositive()
          .isLessThanOrEqualTo((double) least);
    }
    assertThat(number(tight.get(0), "computed_per_step")).isGreaterThan(1);
    assertThat(number(tight.get(2), "computed_per_step")).isEqualTo(1);
  }

  @Test
  void slidingFarBackIsWhatNeedsTheMemory() {
    Cli refused = compare("--couplings", "full,sliding:2,90", "--memory", "8KiB");
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .contains("is too small for sliding:2,90 (", "a shorter K2 needs less")
        .doesNotContain("full (");
  }

  @Test
  void equalTimeGivesEachTheSameSeconds() {
    String[] args = {"compare", text.toString(), "--hidden", "8", "--steps", "10", "--batch", "2"};
    String[] timed = {"--couplings", "full,fixed:3", "--equal", "time", "--seconds", "0.05"};
    String out = folder.resolve("out").toString();
    Cli run = Cli.run(Samples.and(Samples.and(args, timed), "--json", "--out", out));
    for (JsonObject c : couplings(run)) {
      assertThat(number(c, "seconds")).isGreaterThanOrEqualTo(0.05);
      assertThat(number(c, "updates")).isGreaterThan(1);
    }
    JsonObject options =
        JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonObject("options");
    assertThat(options.get("equal").getAsString()).isEqualTo("time");
    assertThat(options.has("updates")).isFalse();
    Cli refused = compare(timed);
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("--updates or --epochs would end one before them");
    assertThat(compare("--equal", "luck").err())
        .contains("--equal is \"luck\" but has to be updates, time or memory");
  }

  @Test
  void aComparisonIsRunAgainFromItsRecord() throws IOException {
    String[] options = {"--couplings", "fixed:4,sliding:2,6", "--seeds", "2", "--memory", "64KiB"};
    List<JsonObject> first = couplings(compare(Samples.and(options, "--json")));
    String record = folder.resolve("out/comparison.json").toString();
    String again = folder.resolve("again").toString();
    List<JsonObject> second =
        couplings(Cli.run("compare", "--config", record, "--json", "--out", again));
    for (int c = 0; c < 2; c++) {
      for (String field : new String[] {"coupling", "loss", "loss_spread", "relative_bias"}) {
        assertThat(second.get(c).get(field)).as(field).isEqualTo(first.get(c).get(field));
      }
    }
    String page = Files.readString(folder.resolve("out/report.html"));
    Xml.parse(page);
    assertThat(page)
        .contains("--couplings", "fixed:4,sliding:2,6", "lookback compare --config")
        .contains("Quality against memory: a ring for each seed", "Each keeps to 64 KiB");
  }

  @Test
  void theTerminalKeepsToEightyColumns() {
    Cli run = compare("--couplings", ALL, "--seeds", "2");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("fewest", "every-loss-at-least:4", "unbiased", "±");
    assertThat(run.out().lines().filter(line -> !line.contains(folder.toString())))
        .allMatch(line -> line.length() <= 80);
  }
}
