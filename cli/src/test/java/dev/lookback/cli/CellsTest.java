package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.format.FileTensor;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command works with every cell: what one writes, the others read. */
class CellsTest {
  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private Path run(String name) {
    return folder.resolve(name);
  }

  private static JsonObject json(String... args) {
    Cli run = Cli.run(Samples.and(args, "--json"));
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private JsonObject train(String name, String... options) {
    String[] more = Samples.and(options, "--batch", "1", "--run", run(name).toString());
    return json(Samples.tiny("train", text, more));
  }

  private Model model(String name) throws IOException {
    return ModelFile.read(run(name).resolve("model.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cell gru",
        "--cell gru --gru-reset before --layers 2",
        "--cell lstm",
        "--cell lstm --layers 2 --dropout 0.4 --embedding 3",
        "--cell elman --activation relu --embedding 20",
        "--cell lstm --coupling random:4 --optimizer sgd --lr 0.5",
        "--cell gru --coupling fixed:3 --stride own",
      })
  void aModelGoesThroughAllCommands(String options) throws IOException {
    JsonObject trained = train("run", options.split(" "));
    String model = run("run").toString();
    String[] evaluate = {"evaluate", text.toString(), "--model", model, "--part", "validation"};
    assertThat(json(evaluate).get("loss").getAsDouble())
        .isCloseTo(trained.get("loss").getAsDouble(), within(1e-9));
    String[] generate = {"generate", "--model", model, "--prompt", "the cat", "--length", "30"};
    assertThat(json(generate).get("text").getAsString()).hasSize(30);
    JsonObject gradient = gradient(run("run").resolve("model.safetensors"));
    assertThat(gradient.get("gradient_norm").getAsDouble()).isPositive();
    assertThat(gradient.getAsJsonObject("tensors").keySet())
        .isEqualTo(SafeTensors.read(run("run").resolve("model.safetensors")).tensors().keySet());
  }

  private JsonObject gradient(Path file) throws IOException {
    Map<String, FileTensor> batch = new LinkedHashMap<>();
    batch.put("x", FileTensor.of(new int[] {1, 2, 3, 4, 5, 6}, 3, 2));
    batch.put("y", FileTensor.of(new int[] {2, 3, 4, 5, 6, 7}, 3, 2));
    Path data = folder.resolve("batch.safetensors");
    SafeTensors.write(data, TensorFile.of(batch));
    String out = folder.resolve("gradient.safetensors").toString();
    return json("gradient", "--model=" + file, "--data=" + data, "--out=" + out);
  }

  @Test
  void theOptionsMakeTheNetwork() throws IOException {
    train("gru", "--cell", "gru", "--hidden", "5");
    Cell gru = model("gru").network().top();
    assertThat(gru).isInstanceOf(Gru.class);
    assertThat(((Gru) gru).reset()).isEqualTo(Gru.Reset.AFTER);
    assertThat(model("gru").weights().of("rnn.bias_hh_l0")).isNotEqualTo(new float[15]);

    train("original", "--cell", "gru", "--gru-reset", "before");
    assertThat(((Gru) model("original").network().top()).reset()).isEqualTo(Gru.Reset.BEFORE);
    assertThat(model("original").weights().layout().find("rnn.bias_hh_l0")).isEmpty();

    train("lstm", "--cell", "lstm", "--layers", "2", "--embedding", "3", "--hidden", "5");
    Model lstm = model("lstm");
    assertThat(lstm.network().cells()).hasSize(2).allMatch(Lstm.class::isInstance);
    assertThat(lstm.network().cells().get(0).inputs()).isEqualTo(3);
    assertThat(lstm.network().embedding().orElseThrow().tokens())
        .isEqualTo(lstm.vocabulary().orElseThrow().size());
    assertThat(lstm.network().top().learnsState()).isFalse();
    assertThat(lstm.weights().layout().find("rnn.bias_hh_l0")).isEmpty();
    // PyTorch's modules have two.
    assertThat(
            SafeTensors.read(run("lstm").resolve("model.safetensors"))
                .floats("rnn.bias_hh_l0")
                .values())
        .isEqualTo(new float[20]);
  }

  @Test
  void theForgetBiasIsWhereAFreshCellRemembers() throws IOException {
    for (String bias : new String[] {"1", "-2.5"}) {
      train(bias, "--cell", "lstm", "--forget-bias", bias, "--updates", "1", "--lr", "1e-30");
      float[] found = model(bias).weights().of("rnn.bias_ih_l0");
      for (int j = 0; j < found.length; j++) {
        boolean forget = j >= 8 && j < 16;
        assertThat((double) found[j])
            .as("bias %d", j)
            .isCloseTo(forget ? Double.parseDouble(bias) : 0, within(1e-20));
      }
    }
    train("default", "--cell", "lstm", "--updates", "1", "--lr", "1e-30");
    assertThat(model("default").weights().values()).isEqualTo(model("1").weights().values());
  }

  @Test
  void aLearnedInitialStateIsPartOfTheModel() throws IOException {
    train("run", "--cell", "lstm", "--initial-state", "learned", "--state", "reset");
    Model read = model("run");
    assertThat(read.network().top().learnsState()).isTrue();
    assertThat(read.weights().layout().find("rnn.h0_l0")).isPresent();
    assertThat(read.weights().layout().find("rnn.c0_l0")).isPresent();
    String model = run("run").toString();
    assertThat(json("generate", "--model", model).get("text").getAsString()).hasSize(500);
  }

  @Test
  void withoutAnInitialStateTheBatchStartsFromTheLearnedOne() throws IOException {
    train("run", "--cell", "gru", "--initial-state", "learned", "--hidden", "4");
    Path file = run("run").resolve("model.safetensors");
    Model read = ModelFile.read(file);
    Weights weights = read.weights();
    int at = weights.layout().get("rnn.h0_l0").offset();
    float[] h0 = {.5f, -.25f, .125f, .75f};
    System.arraycopy(h0, 0, weights.values(), at, 4);
    ModelFile.write(file, read);

    JsonObject learned = gradient(file);
    float[] byParameter =
        SafeTensors.read(folder.resolve("gradient.safetensors")).floats("rnn.h0_l0").values();
    float[] twice = {.5f, -.25f, .125f, .75f, .5f, -.25f, .125f, .75f};
    Path data = folder.resolve("batch.safetensors");
    Map<String, FileTensor> batch = new LinkedHashMap<>(SafeTensors.read(data).tensors());
    batch.put("h0", FileTensor.of(twice, 1, 2, 4));
    SafeTensors.write(data, TensorFile.of(batch));
    String out = folder.resolve("gradient.safetensors").toString();
    JsonObject given = json("gradient", "--model=" + file, "--data=" + data, "--out=" + out);

    assertThat(learned.get("loss").getAsDouble()).isEqualTo(given.get("loss").getAsDouble());
    TensorFile found = SafeTensors.read(folder.resolve("gradient.safetensors"));
    assertThat(found.floats("rnn.h0_l0").values()).isEqualTo(new float[4]);
    float[] byState = found.floats("h0").values();
    for (int j = 0; j < 4; j++) {
      assertThat(byParameter[j]).isNotZero().isCloseTo(byState[j] + byState[j + 4], within(1e-7f));
    }
  }

  @Test
  void gatedCellsAreComparedWithoutASpectralRadius() throws IOException {
    Path out = run("out");
    String[] args =
        Samples.tiny("compare", text, "--cell", "lstm", "--layers", "2", "--draws", "2");
    JsonObject found =
        json(Samples.and(args, "--couplings", "full,random:4", "--out", out.toString()));
    JsonObject full = found.getAsJsonArray("couplings").get(0).getAsJsonObject();
    assertThat(full.get("spectral_radius").isJsonNull()).isTrue();
    assertThat(full.get("decay").getAsDouble()).isPositive();
    assertThat(found.getAsJsonObject("options").get("cell").getAsString()).isEqualTo("lstm");
    assertThat(Files.readString(out.resolve("report.html")))
        .contains("lstm, 2 layers of 8 units", "decay per step")
        .doesNotContain("spectral radius", "NaN");
  }

  @Test
  void explainKnowsTheElmanEquationsOnly() {
    for (String cell : new String[] {"gru", "lstm"}) {
      Cli run = Cli.run("explain", "--cell", cell, "--out", run("out").toString());
      assertThat(run.code()).isEqualTo(ExitCode.USAGE);
      assertThat(run.err())
          .startsWith("lookback: --cell is " + cell)
          .contains("Elman's network only", "Leave --cell out", "lookback gradient");
      assertThat(run("out")).doesNotExist();
    }
    assertThat(Cli.run("explain", "--cell", "elman", "--out", run("out").toString()).code())
        .isZero();
  }
}
