package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings that diverge, and models that cannot be used. */
class FailedRunTest {
  private static final String[] EXPLODING = {
    "--lr", "1e6", "--clip", "0", "--optimizer", "sgd", "--activation", "identity"
  };

  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private Cli train(String name, String... more) {
    String[] args = Samples.tiny("train", text, more);
    return Cli.run(Samples.and(args, "--run", folder.resolve(name).toString()));
  }

  private Path model(String name) {
    return folder.resolve(name).resolve("model.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--split 0.9,0.1,0", "--split 1,0,0", "--checkpoint-every 1"})
  void divergenceLeavesTheLastModelThatHadALoss(String options) throws IOException {
    Cli run = train("run", Samples.and(EXPLODING, options.split(" ")));
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DIVERGED);
    assertThat(run.err())
        .containsPattern("loss became (NaN|-?Infinity) at update \\d+")
        .contains("Lower --lr, such as to a tenth, or --clip", "is in " + model("run"))
        .doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
    for (float weight : ModelFile.read(model("run")).weights().values()) {
      assertThat(weight).isFinite();
    }
    Cli use = Cli.run("evaluate", text.toString(), "--model", model("run").toString(), "--json");
    assertThat(use.out()).contains("\"loss\":").doesNotContain("\"loss\":null");
    assertThat(Cli.run("generate", "--model", model("run").toString()).code()).isZero();
  }

  @Test
  void theModelAfterDivergenceIsTheOneBeforeTheFatalUpdate() throws IOException {
    train("start", "--lr", "1e-30", "--updates", "1", "--clip", "0", "--optimizer", "sgd");
    // tanh or identity, the weights start alike; the first update destroys them.
    train("exploded", EXPLODING);
    assertThat(ModelFile.read(model("exploded")).weights().values())
        .containsExactly(ModelFile.read(model("start")).weights().values(), within(1e-20f));
  }

  @Test
  void comparisonsNameTheCouplingThatDiverged() {
    String[] args = Samples.tiny("compare", text, EXPLODING);
    Cli run = Cli.run(Samples.and(args, "--out", folder.resolve("out").toString()));
    assertThat(run.code()).isEqualTo(ExitCode.DIVERGED);
    assertThat(run.err()).startsWith("lookback: full: ").contains("Lower --lr");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "compare"})
  void numbersThatJsonLacksAreNull(String command) {
    String place = command.equals("train") ? "--run" : "--out";
    String[] huge = {"--lr", "1e30", "--clip", "0", "--optimizer", "sgd", "--json"};
    String[] args = Samples.and(Samples.tiny(command, text, huge), place, folder + "/out");
    Cli run = Cli.run(args);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"perplexity\":null").doesNotContain("Infinity", "NaN");
  }

  @Test
  void aModelThatComputesNoNumbersSaysSo() throws IOException {
    train("run");
    Path file = model("run");
    byte[] bytes = Files.readAllBytes(file);
    // The last number of the file is a weight of the readout or its bias.
    for (int i = 0; i < 16; i += 4) {
      bytes[bytes.length - 1 - i] = 0x7f;
      bytes[bytes.length - 2 - i] = (byte) 0xc0;
    }
    Files.write(file, bytes);
    Cli run = Cli.run("generate", "--model", file.toString());
    assertThat(run.code()).isEqualTo(ExitCode.INPUT);
    assertThat(run.err()).contains("are not finite numbers");
    Cli evaluated = Cli.run("evaluate", text.toString(), "--model", file.toString(), "--json");
    assertThat(evaluated.code()).isEqualTo(ExitCode.INPUT);
    assertThat(evaluated.err()).contains("its loss is NaN, which is not finite");
  }

  @Test
  void foreignAndBrokenModelsAreBadInput() throws IOException {
    train("run");
    byte[] whole = Files.readAllBytes(model("run"));
    Path file = folder.resolve("model");
    requireRefused(file, "does not exist");
    Samples.write(file, "");
    requireRefused(file, "is empty");
    Samples.write(file, "just a text that is long enough to be read as a header of something");
    requireRefused(file, "looks like text");
    Files.write(file, new byte[] {'P', 'K', 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    requireRefused(file, "looks like a zip file");
    for (int length : new int[] {4, 100, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      requireRefused(file, "model");
    }
    Samples.write(
        file,
        header("{\"conv.weight\":{\"dtype\":\"F32\",\"shape\":[0]," + "\"data_offsets\":[0,0]}}"));
    requireRefused(file, "has no tensor rnn.weight_ih_l0, so it is no recurrent model");
    requireRefused(Files.createDirectory(folder.resolve("empty")), "does not exist");
  }

  private static String header(String json) {
    return (char) json.length() + "\0\0\0\0\0\0\0" + json;
  }

  private void requireRefused(Path model, String says) {
    for (String[] args :
        new String[][] {
          {"generate", "--model", model.toString()},
          {"evaluate", text.toString(), "--model", model.toString()}
        }) {
      Cli run = Cli.run(args);
      assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.INPUT);
      assertThat(run.err())
          .startsWith("lookback: ")
          .contains(model.toString(), says)
          .doesNotContain("\tat ");
    }
  }
}
