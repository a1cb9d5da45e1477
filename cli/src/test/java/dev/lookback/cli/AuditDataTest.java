package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cli.report.Xml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lookback audit} on tasks, and within a budget. */
class AuditDataTest {
  private static final String TASK = "task:add-stream?t1=1,t2=3";
  @TempDir private static Path folder;

  @BeforeAll
  static void train() {
    train(TASK, "stream");
    train("task:adding?T=6", "adding");
  }

  private static void train(String task, String run) {
    String[] args = {"train", task, "--hidden", "8", "--batch", "2", "--updates", "9", "--run"};
    Cli done = Cli.run(Samples.and(args, folder.resolve(run).toString()));
    assertThat(done.code()).as(done.err()).isZero();
  }

  private static Cli audit(String run, String task, String... more) {
    String[] args = {"audit", folder.resolve(run).toString(), task, "--draws", "2"};
    return Cli.run(Samples.and(args, more));
  }

  private static JsonObject json(Cli run) {
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static JsonObject coupling(JsonObject json, String name) {
    Map<String, JsonObject> found = new LinkedHashMap<>();
    for (JsonElement element : json.getAsJsonArray("couplings")) {
      JsonObject object = element.getAsJsonObject();
      found.put(object.get("coupling").getAsString(), object);
    }
    return Optional.ofNullable(found.get(name)).orElseThrow();
  }

  @Test
  void aTaskIsAuditedWithoutAVocabulary() {
    JsonObject json = json(audit("adding", "task:adding?T=6", "--windows", "5", "--json"));
    assertThat(json.get("data").getAsString()).isEqualTo("task:adding?T=6");
    // A sequence, as credit does not cross from one to the next.
    assertThat(json.get("horizon").getAsInt()).isEqualTo(6);
    assertThat(json.get("windows").getAsInt()).isEqualTo(5);
    assertThat(json.get("lanes").getAsInt()).isEqualTo(4);
    assertThat(coupling(json, "fixed:2").get("relative_bias").getAsDouble()).isPositive();
  }

  @Test
  void theSeedDrawsTheTasksWindows() {
    String[] small = {"--windows", "3", "--steps", "16", "--json"};
    JsonObject one = json(audit("stream", TASK, small));
    assertThat(json(audit("stream", TASK, small))).isEqualTo(one);
    JsonObject other = json(audit("stream", TASK, Samples.and(small, "--seed", "2")));
    assertThat(other.get("exact_norm")).isNotEqualTo(one.get("exact_norm"));
  }

  @Test
  void aTaskOfOtherSizesAndOptionsOfTextsAreRefused() {
    Cli other = audit("stream", "task:copy");
    assertThat(other.code()).isEqualTo(3);
    assertThat(other.err())
        .contains("trained on " + TASK + ", takes 2 inputs and gives 2 classes, but task:copy");
    Cli part = audit("stream", TASK, "--part", "all");
    assertThat(part.code()).isEqualTo(2);
    assertThat(part.err()).contains("--part is for texts");
    Cli cut = audit("adding", "task:adding?T=6", "--steps", "9");
    assertThat(cut.code()).isEqualTo(2);
    assertThat(cut.err()).contains("Use windows of 6 steps or a multiple (--steps)");
  }

  @Test
  void lossesLookBackAsFarAsTheirCouplingLetsThem() throws IOException {
    Path csv = folder.resolve("lags.csv");
    String[] small = {"--windows", "3", "--steps", "16", "--csv", csv.toString(), "--json"};
    JsonObject json = json(audit("stream", TASK, small));
    JsonObject fixed = coupling(json, "fixed:4");
    assertThat(fixed.get("lags_fewest").getAsInt()).isEqualTo(1);
    assertThat(fixed.get("lags_mean").getAsDouble()).isEqualTo(2.5);
    assertThat(fixed.get("lags_most").getAsInt()).isEqualTo(4);
    JsonObject every = coupling(json, "every-loss-at-least:4");
    assertThat(every.get("lags_fewest").getAsInt()).isEqualTo(1);
    // 1 to 4, and three times 4 to 7.
    assertThat(every.get("lags_mean").getAsDouble()).isEqualTo((10 + 3 * 22) / 16.0);
    assertThat(every.get("stream_lags_fewest").getAsInt()).isEqualTo(4);
    assertThat(every.get("stream_lags_mean").getAsDouble()).isEqualTo(5.5);
    assertThat(every.get("stream_lags_most").getAsInt()).isEqualTo(7);
    // Of a mean of 4, (1 - pi^(t + 1)) / (1 - pi) at step t.
    double random = coupling(json, "random:4").get("lags_mean").getAsDouble();
    assertThat(random).isBetween(2.5, 4.0);
    assertThat(Files.readAllLines(csv).get(0)).contains(",lags_mean,", ",stream_lags_fewest,");
    Cli screen = audit("stream", TASK, "--windows", "3", "--steps", "16");
    assertThat(screen.out().lines()).allMatch(l -> l.codePointCount(0, l.length()) <= 80);
    assertThat(screen.out()).contains("back over K to 2K-1 steps").containsPattern("mean +memory");
  }

  @Test
  void aBudgetIsKeptAndChangesNoBitWhereBlocksStayAsLong() {
    String[] small = {"--windows", "2", "--batch", "8", "--json"};
    JsonObject free = json(audit("stream", TASK, small));
    long peak = free.get("peak_activation_bytes").getAsLong();
    long budget = peak / 2;
    JsonObject bounded =
        json(audit("stream", TASK, Samples.and(small, "--memory", Long.toString(budget))));
    assertThat(free.has("memory")).isFalse();
    assertThat(bounded.get("memory").getAsLong()).isEqualTo(budget);
    assertThat(bounded.get("peak_activation_bytes").getAsLong()).isBetween(1L, budget);
    assertThat(bounded.get("exact_norm")).isEqualTo(free.get("exact_norm"));
    assertThat(bounded.get("lags")).isEqualTo(free.get("lags"));
    for (String name : new String[] {"full", "fixed:256", "random:64", "every-loss-at-least:4"}) {
      assertThat(coupling(bounded, name)).isEqualTo(coupling(free, name));
    }
  }

  @Test
  void whatHasNoRoomIsToldOf() throws IOException {
    String[] tight = {"--windows", "2", "--memory", "50KiB", "--bias", "1e-12"};
    Path page = folder.resolve("tight.html");
    Cli run = audit("stream", TASK, Samples.and(tight, "--report", page.toString()));
    assertThat(run.code()).as(run.err()).isZero();
    String said = run.out().replaceAll("\\s+", " ");
    assertThat(said)
        .contains("Activations took ", " at most, within 50 KiB.")
        .contains("have no room in 50 KiB and were not measured", "where blocks are recomputed");
    String html = Files.readString(page);
    Xml.parse(html);
    assertThat(html).contains("at most, within 50");
    Cli sliding = audit("stream", TASK, Samples.and(tight, "--couplings", "sliding:400,500"));
    assertThat(sliding.code()).isEqualTo(2);
    assertThat(sliding.err()).contains("sliding:400,500 of --couplings remembers more than");
    Cli none = audit("stream", TASK, "--memory", "1KiB");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("is too small for windows of 512 steps of 4 lanes");
    assertThat(audit("stream", TASK, "--memory", "some").err()).contains("--memory is \"some\"");
  }
}
