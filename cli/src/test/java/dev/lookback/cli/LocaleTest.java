package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Languages with digits, letters and separators of their own change nothing that is written. */
class LocaleTest {
  // Digits that are none of 0 to 9, the two Turkish letters, and a decimal comma.
  private static final Pattern FOREIGN =
      Pattern.compile("[\\p{Nd}&&[^0-9]]|[\\u0130\\u0131]|[\\u066b\\u066c]|\\b0,\\d{4}");

  private final Locale before = Locale.getDefault();

  @TempDir private Path folder;

  @BeforeEach
  void aSampleIsFound() {
    assertThat(String.format(Locale.forLanguageTag("fa-IR"), "%d", 12)).containsPattern(FOREIGN);
  }

  @AfterEach
  void speakAsBefore() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fa-IR", "ar-EG", "ne-NP", "my-MM", "tr-TR", "de-DE", "th-TH-u-nu-thai"})
  void aTrainingIsFoundAgainAndGoesOn(String language) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(language));
    Path text = Samples.text(folder);
    Path run = folder.resolve("run");
    String[] more = {"--checkpoint-every", "5", "--keep", "2", "--updates", "10", "--cell", "GRU"};
    write(
        "train", Cli.run(Samples.and(Samples.tiny("train", text, more), "--run", run.toString())));
    assertThat(names(run.resolve("checkpoints")))
        .contains("update-000000005.safetensors", "update-000000010.safetensors");
    write("resumed", Cli.run("train", "--resume", run.toString(), "--updates", "20"));
    assertThat(names(run.resolve("checkpoints"))).contains("update-000000020.safetensors");
    write("runs", Cli.run("runs", folder.toString()));

    Path other = folder.resolve("other");
    Locale.setDefault(Locale.ROOT);
    String[] same = Samples.tiny("train", text, "--updates", "20", "--cell", "gru");
    assertThat(Cli.run(Samples.and(same, "--run", other.toString())).code()).isZero();
    assertThat(Files.readAllBytes(run.resolve("model.safetensors")))
        .isEqualTo(Files.readAllBytes(other.resolve("model.safetensors")));
    nothingForeign();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fa-IR", "tr-TR"})
  void everyCommandWritesDigitsThatAnyProgramReads(String language) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(language));
    Path text = Samples.text(folder);
    Path run = folder.resolve("run");
    write("train", Cli.run(Samples.and(Samples.tiny("train", text), "--run", run.toString())));
    String model = run.toString();
    String data = text.toString();
    write("evaluate", Cli.run("evaluate", model, data));
    write("generate", Cli.run("generate", model, "--length", "20"));
    write("audit", Cli.run("audit", model, data, "--windows", "2", "--report", at("audit.html")));
    write("export", Cli.run("export", model, "--onnx", folder.resolve("m.onnx").toString()));
    write("plan", Cli.run("plan", "--hidden", "300", "--steps", "1000", "--memory", "1MiB"));
    write("tasks", Cli.run("tasks"));
    write("explain", Cli.run("explain", "--out", at("explain.html")));
    write("bench", Cli.run("bench", "--hidden", "8", "--warmup", "0", "--iterations", "2"));
    String[] compare =
        Samples.tiny("compare", text, "--couplings", "full,random:5", "--draws", "2");
    write("compare", Cli.run(Samples.and(compare, "--out", at("compared"))));
    assertThat(Cli.run("train", data, "--steps", "-1").err()).contains("-1 ");
    nothingForeign();
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, Cli ran) {
    assertThat(ran.code()).as(ran.err()).isZero();
    Samples.write(folder.resolve(name + ".out"), ran.out() + ran.err());
  }

  private void nothingForeign() throws IOException {
    for (Path file : files(folder)) {
      assertThat(file.toString()).doesNotContainPattern(FOREIGN);
      assertThat(text(file)).as(file.toString()).doesNotContainPattern(FOREIGN);
    }
  }

  private static boolean isText(Path file) {
    return file.toString().matches(".*[.](out|json|csv|html|txt)");
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(LocaleTest::isText).toList();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
