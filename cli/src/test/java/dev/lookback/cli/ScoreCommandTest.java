package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unusual lines are found, shown as they stand, and told from usual ones. */
class ScoreCommandTest {
  private static final String STRANGE = "zebra!? q#x 7:7";

  @TempDir static Path folder;
  private static String run;
  private static Path text;

  @BeforeAll
  static void train() throws IOException {
    text = folder.resolve("usual.txt");
    Files.writeString(text, String.join("\n", lines(600)) + "\n");
    run = folder.resolve("run").toString();
    Cli cli =
        Cli.run(
            ("train "
                    + text
                    + " --cell gru --hidden 24 --batch 8 --steps 40 --updates 250 --lr 0.01"
                    + " --run "
                    + run)
                .split(" "));
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private static List<String> lines(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add("the slow river counts stone " + (10 + i * 37 % 90));
    }
    return lines;
  }

  private static Path withStrange(String name, int... at) throws IOException {
    List<String> lines = lines(120);
    for (int line : at) {
      lines.set(line - 1, STRANGE);
    }
    Path file = folder.resolve(name);
    Files.writeString(file, String.join("\n", lines) + "\n");
    return file;
  }

  private static JsonObject json(String... args) {
    List<String> all = new ArrayList<>(List.of("score", run));
    all.addAll(List.of(args));
    all.add("--json");
    Cli cli = Cli.run(all.toArray(String[]::new));
    assertThat(cli.code()).as(cli.err()).isZero();
    return JsonParser.parseString(cli.out()).getAsJsonObject();
  }

  private static List<Integer> found(JsonObject scored) {
    JsonArray ranked = scored.getAsJsonArray("ranked");
    return ranked.asList().stream()
        .map(line -> line.getAsJsonObject().get("line").getAsInt())
        .toList();
  }

  @Test
  void strangeLinesRankFirstWhereverTheStateBegins() throws IOException {
    String file = withStrange("strange.txt", 40, 77).toString();
    for (String reset : List.of("line", "file", "never")) {
      JsonObject scored = json(file, "--top", "2", "--reset-per", reset);
      assertThat(found(scored)).as(reset).containsExactlyInAnyOrder(40, 77);
      assertThat(scored.get("lines").getAsInt()).isEqualTo(120);
      assertThat(scored.get("reset_per").getAsString()).isEqualTo(reset);
    }
  }

  @Test
  void neitherTheFirstLineNorTheOneBehindAStrangeOneIsUnusual() throws IOException {
    String file = withStrange("behind.txt", 40, 77).toString();
    for (String reset : List.of("line", "file", "never")) {
      JsonObject scored = json(file, "--threshold", "0.02", "--reset-per", reset);
      assertThat(found(scored)).as(reset).contains(40, 77).doesNotContain(1, 41, 78);
      assertThat(scored.get("above").getAsInt()).isEqualTo(found(scored).size()).isLessThan(10);
      JsonObject threshold = scored.getAsJsonObject("threshold");
      assertThat(threshold.get("share").getAsDouble()).isEqualTo(0.02);
      // The validation part is a tenth of 600 lines; it may begin and end inside one.
      assertThat(threshold.get("usual_lines").getAsInt()).isBetween(57, 60);
    }
  }

  @Test
  void aLineHasItsNumbersInJsonAndCsvAlike() throws IOException {
    String file = withStrange("forms.txt", 3).toString();
    JsonObject first = json(file, "--top", "1").getAsJsonArray("ranked").get(0).getAsJsonObject();
    double nats = 0;
    for (JsonElement each : first.getAsJsonArray("nats_of_characters")) {
      nats += each.getAsDouble();
    }
    assertThat(first.get("nats").getAsDouble()).isCloseTo(nats, within(1e-9));
    assertThat(first.getAsJsonArray("nats_of_characters")).hasSize(STRANGE.length() + 1);
    assertThat(first.get("text").getAsString()).isEqualTo(STRANGE);
    Cli csv = Cli.run("score", run, file, "--top", "1", "--csv");
    assertThat(csv.out().lines().toList())
        .containsExactly(
            "rank,file,line,excess,nats,nats_per_character,text",
            String.join(
                ",",
                "1",
                file,
                "3",
                first.get("excess").getAsString(),
                first.get("nats").getAsString(),
                first.get("nats_per_character").getAsString(),
                STRANGE));
  }

  @Test
  void whatATerminalWouldObeyIsAnEscapeAndAPipeGetsWholeLines() throws IOException {
    Path file = folder.resolve("escapes.txt");
    String line = "\u001b[2J\u0007 the slow river \u202e counts stone " + "x".repeat(100);
    Files.writeString(file, line + "\n" + lines(1).get(0) + "\n");
    Cli cli = Cli.run("score", run, file.toString(), "--top", "1");
    assertThat(cli.out())
        .doesNotContain("\u001b", "\u0007", "\u202e")
        .contains("\\u001b[2J\\u0007 the slow river \\u202e counts")
        .contains("x".repeat(100))
        .startsWith("2 lines\n");
    Cli coloured = Cli.run("score", run, file.toString(), "--top", "1", "--color", "always");
    assertThat(coloured.out()).contains("\u001b[1;31m", "\u001b[0m").doesNotContain("\u001b[2J");
  }

  @Test
  void damagedBytesAndEmptyLinesAreLinesToo() throws IOException {
    Path file = folder.resolve("damaged.txt");
    Files.write(file, "a\n\n\u00e9\r\nb".getBytes(StandardCharsets.ISO_8859_1));
    Cli cli = Cli.run("score", run, file.toString(), "--top", "0", "--json");
    assertThat(cli.code()).isZero();
    assertThat(cli.err()).contains("1 lines have bytes that are no UTF-8");
    assertThat(found(JsonParser.parseString(cli.out()).getAsJsonObject()))
        .containsExactlyInAnyOrder(1, 2, 3, 4);
  }

  @Test
  void whatIsCompressedIsUnpackedAndDocumentsAreNamed() throws IOException {
    Path plain = withStrange("plain.txt", 40, 77);
    Path packed = folder.resolve("packed");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(plain, out);
    }
    String[] one = {"--top", "3", "--threshold", "0.02", "--usual", text.toString()};
    JsonObject scored = json(Samples.and(one, packed.toString()));
    assertThat(found(scored)).startsWith(40, 77);
    JsonObject expected = json(Samples.and(one, plain.toString()));
    assertThat(scored.toString().replace(packed + "\"", plain + "\""))
        .isEqualTo(expected.toString());
    byte[] bytes = Files.readAllBytes(packed);
    Cli followed = Cli.reading(bytes, "score", run, "-", "--follow", "--threshold", "0.02");
    assertThat(followed.out().lines().filter(line -> line.endsWith(STRANGE))).hasSize(2);

    Path document = folder.resolve("document.txt");
    Files.writeString(document, "%PDF-1.7\n");
    for (String[] how : List.of(new String[0], new String[] {"--follow"})) {
      String[] asked = {"score", run, document.toString()};
      refused(3, "document.txt is a PDF document, not plain text", Samples.and(asked, how));
    }
    Path cut = folder.resolve("cut");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 20));
    refused(3, "cut cannot be read: it is compressed by gzip but damaged", "score", run, "" + cut);
  }

  @Test
  void standardInputIsFollowedLineByLine() {
    Cli cli =
        Cli.reading(
            lines(1).get(0) + "\n" + STRANGE + "\n",
            "score",
            run,
            "-",
            "--follow",
            "--threshold",
            "0.05");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out().lines().toList()).hasSize(1);
    assertThat(cli.out()).contains("  2  " + STRANGE);
  }

  @Test
  void aTextThatHasChangedGivesNoThresholdButItsBeginningDoes() throws IOException {
    String before = Files.readString(text);
    String file = withStrange("changed.txt", 5).toString();
    try {
      Files.writeString(text, before + "more of the same\n");
      assertThat(found(json(file, "--threshold", "0.02"))).contains(5);
      Files.writeString(text, before.replace("river", "brook"));
      Cli cli = Cli.run("score", run, file, "--threshold", "0.02");
      assertThat(cli.code()).isEqualTo(3);
      assertThat(cli.err()).contains("has changed since", "--usual FILE");
      Path usual = Files.writeString(folder.resolve("usual2.txt"), String.join("\n", lines(99)));
      JsonObject scored = json(file, "--threshold", "0.02", "--usual", usual.toString());
      assertThat(scored.getAsJsonObject("threshold").get("usual_lines").getAsInt()).isEqualTo(99);
    } finally {
      Files.writeString(text, before);
    }
  }

  @Test
  void mistakesAreNamedWithTheirRemedy() throws IOException {
    String file = withStrange("mistakes.txt", 5).toString();
    refused(2, "there is no data to score", "score", run);
    refused(2, "0 (all) or more", "score", run, file, "--top", "-1");
    refused(2, "Give one", "score", run, file, "--csv", "--json");
    refused(2, "Leave it or --follow out", "score", run, file, "--follow", "--top", "3");
    refused(2, "Add --threshold", "score", run, file, "--usual", file);
    refused(
        2,
        "or more. Usual lines from elsewhere: --usual FILE",
        "score",
        run,
        file,
        "--threshold",
        "0.000001");
    refused(2, "above 0 and below 1", "score", run, file, "--threshold", "3");
    refused(3, "only a file or - can be followed", "score", run, folder.toString(), "--follow");
    refused(3, "neither a file", "score", run, "nowhere.txt");
    refused(3, "has no line", "score", run, Files.createFile(folder.resolve("none")).toString());
  }

  private static void refused(int code, String says, String... args) {
    Cli cli = Cli.run(args);
    assertThat(cli.err()).contains(says);
    assertThat(cli.code()).isEqualTo(code);
    assertThat(cli.out()).isEmpty();
  }

  private static String trained(String name, String content, String... more) throws IOException {
    Path data = Files.writeString(folder.resolve(name + ".txt"), content);
    String own = folder.resolve(name).toString();
    List<String> args = new ArrayList<>(List.of("train", data.toString(), "--run", own));
    args.addAll(List.of("--cell", "gru", "--hidden", "16", "--batch", "8", "--steps", "40"));
    args.addAll(List.of("--updates", "150", "--lr", "0.01"));
    args.addAll(List.of(more));
    Cli cli = Cli.run(args.toArray(String[]::new));
    assertThat(cli.code()).as(cli.err()).isZero();
    return own;
  }

  // A carriage return that the model waits for is read where it learned it, and shown nowhere.
  @Test
  void linesThatEndAsThoseOfTheModelsTextAreUsual() throws IOException {
    String all = String.join("\r\n", lines(600)) + "\r\n";
    String own = trained("windows", all);
    Path file =
        Files.writeString(folder.resolve("crlf.txt"), String.join("\r\n", lines(90)) + "\r\n");
    for (String[] usual : new String[][] {{}, {"--usual", file.toString()}}) {
      List<String> args = new ArrayList<>(List.of("score", own, file.toString(), "--json"));
      args.addAll(List.of("--threshold", "0.02"));
      args.addAll(List.of(usual));
      Cli cli = Cli.run(args.toArray(String[]::new));
      assertThat(cli.code()).as(cli.err()).isZero();
      JsonObject scored = JsonParser.parseString(cli.out()).getAsJsonObject();
      assertThat(scored.get("above").getAsInt()).isLessThan(10);
      assertThat(cli.out()).doesNotContain("\\r");
    }
  }

  // Its vocabulary has no line end, but usual lines are lines of a file all the same.
  @Test
  void usualLinesAreLinesWhateverTheModelsTextWas() throws IOException {
    String own = trained("letters", String.join("\n", lines(600)), "--normalise", "letters");
    String file = text.toString();
    Cli cli = Cli.run("score", own, file, "--threshold", "0.02", "--usual", file, "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    JsonObject scored = JsonParser.parseString(cli.out()).getAsJsonObject();
    assertThat(scored.getAsJsonObject("threshold").get("usual_lines").getAsInt()).isEqualTo(600);
    refused(2, "without line ends", "score", own, file, "--threshold", "0.02");
  }

  // What the threshold is taken from does not stand before the lines.
  @Test
  void aThresholdChangesNoScore() throws IOException {
    String file = withStrange("same.txt", 5).toString();
    for (String reset : List.of("line", "file", "never")) {
      JsonObject without = json(file, "--reset-per", reset, "--top", "0");
      JsonObject with = json(file, "--reset-per", reset, "--top", "0", "--threshold", "0.9");
      Map<Integer, Double> excess = excess(without);
      assertThat(excess(with))
          .as(reset)
          .isNotEmpty()
          .allSatisfy((line, value) -> assertThat(value).isEqualTo(excess.get(line)));
    }
  }

  private static Map<Integer, Double> excess(JsonObject scored) {
    Map<Integer, Double> excess = new HashMap<>();
    for (JsonElement line : scored.getAsJsonArray("ranked")) {
      JsonObject o = line.getAsJsonObject();
      excess.put(o.get("line").getAsInt(), o.get("excess").getAsDouble());
    }
    return excess;
  }
}
