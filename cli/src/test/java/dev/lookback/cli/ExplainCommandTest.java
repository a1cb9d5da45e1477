package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lookback explain}: its three columns agree, and it can be read in eighty of another. */
class ExplainCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--activation relu",
        "--activation identity --seed 3",
        "--inputs 1 --hidden 1 --outputs 1 --steps 1",
        "--steps 7 --hidden 5 --inputs 4 --couplings fixed:3,sliding:2,4,random:4",
        "abracadabra --seed 2",
        "--steps 6 --hidden 3 --couplings random:5,alpha=4,every-loss-at-least:3",
        "--steps 6 --hidden 2 --couplings random:4,floor=2,fixed:2",
        "abracadabra --activation relu --hidden 6 --couplings random:3,random:2,per-lane"
      })
  void engineBookAndDifferencesAgree(String options) {
    JsonObject found = json(options.isEmpty() ? new String[0] : options.split(" "));
    JsonObject largest = found.getAsJsonObject("largest_disagreement");
    assertThat(largest.get("engine_book").getAsDouble()).isBetween(0.0, 1e-5);
    assertThat(largest.get("book_differences").getAsDouble()).isBetween(0.0, 1e-8);
    JsonObject sections = found.getAsJsonObject("sections");
    assertThat(sections.keySet())
        .containsExactly("network", "linear", "scalar", "randomised", "influence", "couplings");
    for (String key : sections.keySet()) {
      for (JsonElement part : sections.getAsJsonArray(key)) {
        requireAgreement(part.getAsJsonObject());
      }
    }
  }

  /** Every side of a quantity, number by number, not only what the command says of itself. */
  private static void requireAgreement(JsonObject part) {
    if (!part.has("disagreement")) {
      return;
    }
    JsonObject values = part.getAsJsonObject("values");
    List<double[]> sides = new ArrayList<>();
    for (String source : values.keySet()) {
      sides.add(flat(values.getAsJsonArray(source)));
    }
    for (double[] side : sides) {
      assertThat(side).as(part.toString()).hasSameSizeAs(sides.get(0));
      for (int i = 0; i < side.length; i++) {
        assertThat(side[i]).as(part.toString()).isCloseTo(sides.get(0)[i], within(1e-5));
      }
    }
  }

  @Test
  void expectationsAreExact() {
    JsonObject found = json("--couplings", "random:3", "--steps", "6");
    JsonObject sections = found.getAsJsonObject("sections");
    for (String[] place :
        new String[][] {
          {"randomised", "E[z_t] over all 32 outcomes of xi"},
          {"couplings", "E[dW_hh] over all 32 outcomes of xi: unbiased"}
        }) {
      JsonObject part = part(sections.getAsJsonArray(place[0]), place[1]);
      JsonObject distances = part.getAsJsonObject("disagreement");
      for (String side : distances.keySet()) {
        assertThat(distances.get(side).getAsDouble()).isBetween(0.0, 1e-12);
      }
    }
  }

  @Test
  void theFormulasForTheOperationsGiveWhatWasCounted() {
    JsonObject found = json("--steps", "35", "--hidden", "2", "--inputs", "3");
    JsonObject counts =
        part(found.getAsJsonObject("sections").getAsJsonArray("influence"), "table")
            .getAsJsonObject("values");
    // T = 35, D = 3, H = 2, so p = 12: the formulas of the influence matrices.
    assertThat(counted(counts, "recursion")).isEqualTo(35 * (2 * 5 + 24) + 34 * (4 + 48));
    assertThat(counted(counts, "expanded"))
        .isEqualTo(35 * (2 * 5 + 24) + 34 * 4 + 595 * 24 + 561 * 8);
    assertThat(counted(counts, "sweep")).isEqualTo(35 * (2 + 2 * 5) + 34 * 4);
    double large =
        counts.getAsJsonObject("sweep").get("multiplications_at_35_28_512").getAsDouble();
    assertThat(large).isEqualTo(35 * (512 + 512.0 * 540) + 34 * 512.0 * 512);
  }

  private static long counted(JsonObject counts, String way) {
    return counts.getAsJsonObject(way).get("multiplications").getAsLong();
  }

  @Test
  void everyLineFitsAnOldTerminal() {
    for (String[] args :
        new String[][] {
          {},
          {"the time machine by h g wells, 1895 ok", "--hidden", "8"},
          {"--steps", "39", "--couplings", "full,fixed:1,random:1.5,sliding:3,7,random:2.25"}
        }) {
      Cli run = explain(args);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out().lines().filter(line -> !line.startsWith("wrote ")))
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }
  }

  @Test
  void theChapterIsThere() {
    String out = explain().out();
    assertThat(out)
        .contains(
            "dL/dh_t = W_hh^T dL/dh_{t+1} + W_qh^T dL/do_t",
            "dL/dh_t = sum_{i=t}^{T} (W_hh^T)^{T-i} W_qh^T dL/do_{T+t-i}",
            "a_t = b_t + sum_{i=1}^{t-1} ( prod_{j=i+1}^{t} c_j ) b_i",
            "z_t = b_t + xi_t c_t dh_{t-1}/dw",
            "z_t = b_t + xi_t c_t z_{t-1}",
            "E[z_t] = dh_t/dw",
            "\"Practically impossible\", in numbers",
            "engine (float)          | book (double)           | differences",
            "full      time_traveller",
            "fixed:2   ti|me|_t|ra|ve|ll|er");
    assertThat(out).doesNotContain("NaN", "-0.0000 ");
  }

  @Test
  void theSegmentsAreThoseThatXiDrew() {
    Cli run = explain("time traveller", "--couplings", "full,fixed:4,random:3");
    assertThat(run.out()).contains("fixed:4   time|_tra|vell|er");
    JsonObject found = json("time traveller", "--couplings", "full,fixed:4,random:3");
    JsonObject table =
        part(found.getAsJsonObject("sections").getAsJsonArray("couplings"), "table")
            .getAsJsonObject("values");
    assertThat(table.getAsJsonObject("full").get("relative_distance").getAsDouble()).isZero();
    assertThat(table.getAsJsonObject("fixed:4").get("longest_segment").getAsInt()).isEqualTo(4);
  }

  @Test
  void pagesAndPicturesAreWrittenAndTold() throws Exception {
    Path out = folder.resolve("deep/er");
    Cli run = Cli.run("explain", "to be or not", "--out", out.toString());
    assertThat(run.code()).as(run.err()).isZero();
    for (String name : new String[] {"explain.html", "graph.svg", "couplings.svg"}) {
      assertThat(run.out()).contains("wrote " + out.resolve(name));
      parse(out.resolve(name));
    }
    String page = Files.readString(out.resolve("explain.html"));
    assertThat(page).contains("Engine, book and differences agree.").doesNotContain("src=");
    assertThat(Files.readString(out.resolve("graph.svg"))).contains("space");
    try (var files = Files.list(out)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void aPageAloneIsWrittenWhereItIsAskedFor() throws Exception {
    Path page = folder.resolve("lesson.html");
    Cli run = Cli.run("explain", "--out", page.toString());
    assertThat(run.code()).isZero();
    parse(page);
    assertThat(run.out()).endsWith("wrote " + page + System.lineSeparator());
  }

  @Test
  void theSameSeedSaysTheSame() {
    assertThat(explain("--seed", "4").out()).isEqualTo(explain("--seed", "4").out());
    assertThat(explain("--seed", "4").out()).isNotEqualTo(explain("--seed", "5").out());
  }

  @Test
  void wrongUsageIsTold() {
    misused("TEXT is empty but needs 2 or more", "");
    misused("TEXT is one character but needs 2 or more", "a");
    misused("TEXT has 41 characters but at most 40 can be followed", "a".repeat(41));
    misused("TEXT holds U+000A, which has no sign that could be shown", "time\ntraveller");
    misused("--hidden is 0 but has to be 1 to 8", "--hidden=0");
    misused("--inputs is 9 but has to be 1 to 8", "--inputs=9");
    misused("--steps is 40 but has to be 1 to 39", "--steps=40");
    misused("--steps is for a random network, but TEXT says it by itself", "tick", "--steps=3");
    misused("tau is 0 but a segment needs 1 step or more", "--couplings=full,fixed:0");
    misused("the mean length is 1 but has to be more than 1", "--couplings=random:1");
    misused("\"\" is no coupling", "--couplings=");
    misused("has to be one of tanh, relu, identity", "--activation=sigmoid");
    misused("--hiden is no option of explain. Did you mean --hidden?", "--hiden=3");
    misused("\"texts\" is one argument too many", "two", "texts");
  }

  @Test
  void aFolderThatCannotBeIsAFailure() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Cli onFile = Cli.run("explain", "--out", file.toString());
    assertThat(onFile.code()).isEqualTo(ExitCode.FAILED);
    assertThat(onFile.out()).isEmpty();
    assertThat(onFile.err()).contains("it is a file, not a folder. Choose another --out");
    Cli below = Cli.run("explain", "--out", file.resolve("below").toString());
    assertThat(below.code()).isEqualTo(ExitCode.FAILED);
    assertThat(below.err()).contains("could not").doesNotContain("\tat ");
    Path lost = folder.resolve("lost").resolve("page.html");
    Cli page = Cli.run("explain", "--out", lost.toString());
    assertThat(page.code()).isEqualTo(ExitCode.FAILED);
    assertThat(page.err()).contains("could not write " + lost, "or name another place with --out");
  }

  private void misused(String message, String... args) {
    Cli run = explain(args);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
  }

  private Cli explain(String... args) {
    String[] all = Arrays.copyOf(args, args.length + 2);
    System.arraycopy(args, 0, all, 1, args.length);
    all[0] = "explain";
    all[all.length - 1] = "--out=" + folder.resolve("explained");
    return Cli.run(all);
  }

  private JsonObject json(String... args) {
    String[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = "--json";
    Cli run = explain(all);
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static JsonObject part(JsonArray section, String quantity) {
    for (JsonElement part : section) {
      if (part.getAsJsonObject().get("quantity").getAsString().equals(quantity)) {
        return part.getAsJsonObject();
      }
    }
    throw new AssertionError("there is no " + quantity + " in " + section);
  }

  private static double[] flat(JsonArray rows) {
    List<Double> flat = new ArrayList<>();
    rows.forEach(row -> row.getAsJsonArray().forEach(cell -> flat.add(cell.getAsDouble())));
    return flat.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void parse(Path file) throws Exception {
    byte[] bytes =
        Files.readString(file).replace("<!DOCTYPE html>", "").getBytes(StandardCharsets.UTF_8);
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(bytes));
  }
}
