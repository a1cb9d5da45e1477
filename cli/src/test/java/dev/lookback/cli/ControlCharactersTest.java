package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger's model or a name could make a terminal do. */
class ControlCharactersTest {
  private static final String HIDDEN = "\u001b\u0007\u009b\u202e\u2066\u200f\u007f";

  @TempDir Path folder;
  private String model = "";

  @BeforeEach
  void train() throws IOException {
    Path text = folder.resolve("text.txt");
    Files.writeString(text, "abcdefgh".repeat(40));
    String[] args = Samples.tiny("train", text, "--updates", "2");
    String run = folder.resolve("run").toString();
    assertThat(Cli.run(Samples.and(args, "--run", run)).code()).isZero();
    Path file = Path.of(run, "model.safetensors");
    Model trained = ModelFile.read(file);
    List<String> symbols = new ArrayList<>(trained.vocabulary().orElseThrow());
    int at = symbols.size() - HIDDEN.length();
    for (int i = 0; i < HIDDEN.length(); i++) {
      symbols.set(at + i, HIDDEN.substring(i, i + 1));
    }
    model = folder.resolve("evil.safetensors").toString();
    ModelFile.write(
        Path.of(model),
        new Model(trained.network(), trained.weights(), Optional.of(symbols), Optional.empty()));
  }

  private static void requireClean(String text) {
    assertThat(text.codePoints().filter(c -> HIDDEN.indexOf(c) >= 0).toArray()).isEmpty();
  }

  @Test
  void aTerminalIsShownEscapesAndAPipeGetsTheText() {
    String[] generate = {"generate", model, "--length", "300", "--temperature", "3"};
    Cli piped = Cli.run(generate);
    assertThat(piped.out()).contains("\u001b", "\u202e");
    Cli shown = Cli.onScreen(generate);
    requireClean(shown.out());
    assertThat(shown.out()).contains("\\u001b", "\\u202e", "\\u009b", "\\u0007");
    Cli raw = Cli.onScreen(Samples.and(generate, "--raw"));
    assertThat(raw.out()).isEqualTo(piped.out());
  }

  @Test
  void jsonIsTheSameJson() {
    String[] generate = {"generate", model, "--length", "300", "--temperature", "3"};
    Cli json = Cli.run(Samples.and(generate, "--json"));
    requireClean(json.out());
    String text = JsonParser.parseString(json.out()).getAsJsonObject().get("text").getAsString();
    assertThat(Cli.run(generate).out()).endsWith(text + System.lineSeparator());
  }

  @Test
  void aSampleHasNone() throws IOException {
    Path text = folder.resolve("evil.txt");
    Files.writeString(text, ("ab\u001b[31m" + HIDDEN).repeat(40));
    String[] args = Samples.tiny("train", text, "--updates", "5", "--run", folder + "/run2");
    Cli run = Cli.run(args);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("A sample");
    requireClean(run.out());
    requireClean(run.err());
  }

  @Test
  void namesOfRunsAndExportsHaveNone() {
    Path text = folder.resolve("text.txt");
    String run = folder + "/run" + HIDDEN;
    Cli trained = Cli.onScreen(Samples.tiny("train", text, "--updates", "2", "--run", run));
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("Run folder: " + folder + "/run\\u001b");
    Cli exported = Cli.onScreen("export", run, "--onnx", folder + "/x" + HIDDEN + ".onnx");
    assertThat(exported.code()).as(exported.err()).isZero();
    Cli listed = Cli.onScreen("runs", folder.toString());
    Cli missing = Cli.onScreen("generate", folder + "/no" + HIDDEN);
    Cli compared = Cli.onScreen("runs", "compare", run, folder + "/run");
    Cli evaluated = Cli.onScreen("evaluate", run, text.toString());
    for (Cli said : List.of(trained, exported, listed, missing, compared, evaluated)) {
      requireClean(said.out());
      requireClean(said.err());
    }
    assertThat(missing.err()).contains("/no\\u001b\\u0007");
  }

  @Test
  void aTextStreamsInNoMemoryAndEndsWithItsReader() {
    int[] written = {0};
    OutputStream reader =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            if (written[0]++ > 10_000) {
              throw new IOException("Broken pipe");
            }
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Terminal(new ByteArrayInputStream(new byte[0]), reader, err, false);
    String[] endless = {"generate", model, "--length", "2000000000", "--threads", "1"};
    assertThat(Main.run(terminal, endless)).isEqualTo(ExitCode.ABANDONED);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void lineEndsAndLettersOfAllScriptsStay() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Output out = Output.escaping(bytes);
    out.print("a\r\nb\tc\rd é日😀שלום\u202e \udb40\udc41");
    out.raw("\u001b[0m");
    out.println("\u001b");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "a\r\nb\tc\\rd é日😀שלום\\u202e \\udb40\\udc41\u001b[0m\\u001b"
                + System.lineSeparator());
  }
}
