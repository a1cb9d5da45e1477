package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cli.onnx.OnnxRuntime;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import dev.lookback.math.Team;
import dev.lookback.network.Predictor;
import dev.lookback.network.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code lookback export}. */
class ExportCommandTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir", "")).resolve("../core/src/test/resources/golden");

  @TempDir private static Path folder;
  private static String model = "";

  @BeforeAll
  static void train() {
    model = folder.resolve("run").toString();
    String[] args = Samples.tiny("train", Samples.text(folder), "--cell", "lstm", "--layers", "2");
    Cli run =
        Cli.run(Samples.and(args, "--initial-state", "learned", "--lr", "0.05", "--run", model));
    assertThat(run.code()).as(run.err()).isZero();
  }

  private static Cli done(String... args) {
    Cli run = Cli.run(args);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void aStreamGoesOnInAnotherProgram() throws IOException, OrtException {
    Cli run = done("export", model, "--onnx", at("model.onnx"));
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith(at("model.onnx") + ": onnx, ")
        .contains("in  x      int64 [time, batch]", "in  c0     float [2, batch, 8]")
        .contains("metadata lookback.h0 at a stream's start", "out logits float [time, batch, ");
    Model read = ModelFile.read(Path.of(model, "model.safetensors"));
    int[] ids =
        Vocabulary.of(read.vocabulary().orElseThrow()).encode("the cat sat on a mat and the dog");
    try (Team team = Team.of(1);
        OnnxRuntime runtime = new OnnxRuntime(Path.of(at("model.onnx")))) {
      Predictor predictor = new Predictor(read.network(), read.weights(), 1, team);
      State state = State.initial(read.network(), read.weights(), 1);
      OnnxRuntime.Values given = new OnnxRuntime.Values();
      for (int p = 0; p < 2; p++) {
        float[] both = new float[16];
        System.arraycopy(state.layer(0)[p], 0, both, 0, 8);
        System.arraycopy(state.layer(1)[p], 0, both, 8, 8);
        given.with("hc".charAt(p) + "0", both, 2, 1, 8);
      }
      for (int id : ids) {
        float[] ours = predictor.step(new int[] {id}, state);
        OnnxRuntime.Values found = runtime.run(given.with("x", new int[] {id}, 1, 1));
        assertThat(found.of("logits")).containsExactly(ours, within(1e-5f));
        given =
            new OnnxRuntime.Values()
                .with("h0", found.of("hn"), 2, 1, 8)
                .with("c0", found.of("cn"), 2, 1, 8);
      }
    }
  }

  @Test
  void jsonSaysWhatWasWritten() throws IOException {
    String[] args = {"export", "--model", model, "--onnx", at("j.onnx"), "--safetensors", at("j")};
    Cli run = done(Samples.and(args, "--pytorch-snippet", "--json"));
    assertThat(run.out().strip().lines()).hasSize(1);
    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    JsonObject onnx = json.getAsJsonObject("onnx");
    assertThat(onnx.get("bytes").getAsLong()).isEqualTo(Files.size(Path.of(at("j.onnx"))));
    assertThat(onnx.get("opset").getAsInt()).isEqualTo(13);
    assertThat(onnx.getAsJsonArray("inputs").get(1).getAsJsonObject().get("shape").toString())
        .isEqualTo("[\"2\",\"batch\",\"8\"]");
    assertThat(json.getAsJsonObject("safetensors").get("file").getAsString()).isEqualTo(at("j"));
    assertThat(json.get("pytorch").getAsString()).contains("nn.LSTM(", "FILE = \"" + at("j"));
    assertThat(Files.readAllBytes(Path.of(at("j"))))
        .isEqualTo(Files.readAllBytes(Path.of(model, "model.safetensors")));
  }

  @Test
  void theLinesOfPythonStandAlone() {
    Cli run = done("export", model, "--onnx", at("s.onnx"), "--pytorch-snippet");
    assertThat(run.out()).startsWith("import json\n").doesNotContain("s.onnx");
    assertThat(run.err()).contains("s.onnx: onnx, ");
  }

  static List<Path> golden() throws IOException {
    try (Stream<Path> entries = Files.list(GOLDEN)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void anotherFrameworksModelsAreExported(Path golden) throws IOException {
    String file = golden.resolve("model.safetensors").toString();
    done("export", file, "--onnx", at("g.onnx"), "--safetensors", at("g.safetensors"));
    TensorFile before = SafeTensors.read(Path.of(file));
    TensorFile after = SafeTensors.read(Path.of(at("g.safetensors")));
    assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
    for (String name : before.tensors().keySet()) {
      assertThat(after.floats(name).values()).isEqualTo(before.floats(name).values());
      assertThat(after.floats(name).shape()).isEqualTo(before.floats(name).shape());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | --onnx a.onnx | there is no model to export. Pass a model.safetensors or a run folder",
        "2 | MODEL | nothing to export to. Say --onnx FILE, --safetensors FILE or --pytorch-snippet",
        "2 | MODEL --model x --onnx a | the model is given twice",
        "2 | MODEL --safetensors MODEL/model.safetensors | would be written over itself",
        "2 | MODEL --onnx a --safetensors a | --onnx and --safetensors are the same file",
        "2 | MODEL --onnx a --inputs ids | --inputs is \"ids\" but has to be one of tokens, numbers",
        "3 | nowhere --onnx a | /nowhere) does not exist",
        "1 | MODEL --onnx nowhere/a.onnx | could not write nowhere/a.onnx: there is no folder",
        "1 | MODEL --onnx nowhere/a.onnx | Mend that, or name another place with --onnx",
        "1 | MODEL --safetensors nowhere/a | Mend that, or name another place with --safetensors",
      })
  void wrongUsageIsRefused(int code, String options, String says) {
    Cli run = Cli.run(("export " + options.replace("MODEL", model)).split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).startsWith("lookback: ").contains(says).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void anEmbeddingTakesNoNumbers() {
    String file = GOLDEN.resolve("lstm-l1-v28-e5-h8-b3-t12-full/model.safetensors").toString();
    for (String how : new String[] {"--onnx=" + at("e.onnx"), "--pytorch-snippet"}) {
      Cli run = Cli.run("export", file, "--inputs", "numbers", how);
      assertThat(run.code()).isEqualTo(ExitCode.INPUT);
      assertThat(run.err()).contains(file + " has an embedding, which needs token ids");
      assertThat(Path.of(at("e.onnx"))).doesNotExist();
    }
  }

  @Test
  void linesThatWouldLoadWhatIsNotThereAreRefused() throws IOException {
    Path file = Path.of(at("theirs.safetensors"));
    TensorFile ours = SafeTensors.read(Path.of(model, "model.safetensors"));
    SafeTensors.write(file, TensorFile.of(ours.tensors()));
    String symbols = at("symbols.json");
    Files.writeString(
        Path.of(symbols), ours.metadata().getOrDefault("lookback.vocabulary", "nothing"));
    String[] args = {"export", file.toString(), "--cell", "lstm", "--pytorch-snippet"};
    String[] named = Samples.and(args, "--symbols", symbols);
    assertThat(done(args).out()).contains("x = torch.zeros(5, 1, dtype=torch.long)");
    Cli run = Cli.run(named);
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("does not have all that the lines would load", "--safetensors");
    assertThat(done(Samples.and(named, "--safetensors", at("named"))).out())
        .contains("FILE = \"" + at("named"), "symbols.index(");
  }
}
