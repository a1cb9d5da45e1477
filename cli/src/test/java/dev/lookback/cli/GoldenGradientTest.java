package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonParser;
import dev.lookback.format.FileTensor;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code lookback gradient}, file to file, against another framework's gradients. */
class GoldenGradientTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir", "")).resolve("../core/src/test/resources/golden");

  @TempDir private Path folder;

  static List<Path> cases() throws IOException {
    try (Stream<Path> entries = Files.list(GOLDEN)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void theCasesAreThere() throws IOException {
    assertThat(cases()).hasSize(28);
    assertThat(cases()).filteredOn(path -> name(path).startsWith("lstm")).hasSize(10);
    assertThat(cases()).filteredOn(path -> name(path).startsWith("gru")).hasSize(8);
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static String coupling(Path golden) throws IOException {
    String text = Files.readString(golden.resolve("case.json"));
    String said = JsonParser.parseString(text).getAsJsonObject().get("coupling").getAsString();
    boolean given = SafeTensors.read(golden.resolve("data.safetensors")).find("xi").isPresent();
    return given ? "data" : said;
  }

  private Cli gradient(Path model, Path data, String... more) {
    String[] args = {"gradient", "--model=" + model, "--data=" + data, "--out=" + out()};
    return Cli.run(Samples.and(args, more));
  }

  private Path out() {
    return folder.resolve("gradient.safetensors");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyTensorAgrees(Path golden) throws IOException {
    Path data = golden.resolve("data.safetensors");
    Cli run = gradient(golden.resolve("model.safetensors"), data, "--coupling", coupling(golden));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    TensorFile found = SafeTensors.read(out());
    Map<String, FileTensor> expected =
        new HashMap<>(SafeTensors.read(golden.resolve("expected.safetensors")).tensors());
    // Outputs and last states are no gradients.
    expected.keySet().removeAll(List.of("logits", "hT", "cT"));
    assertThat(found.tensors().keySet()).isEqualTo(expected.keySet());
    for (String name : List.of("h0", "c0")) {
      assertThat(found.find(name).isPresent())
          .isEqualTo(SafeTensors.read(data).find(name).isPresent());
    }
    for (Map.Entry<String, FileTensor> entry : expected.entrySet()) {
      close(entry.getKey(), found.floats(entry.getKey()), (FileTensor.Floats) entry.getValue());
    }
  }

  private static void close(String name, FileTensor.Floats found, FileTensor.Floats expected) {
    assertThat(found.shape()).as(name).isEqualTo(expected.shape());
    double largest = 0;
    for (float value : expected.values()) {
      largest = Math.max(largest, Math.abs(value));
    }
    double tolerance = Math.max(1e-8, 1e-5 * largest);
    for (int i = 0; i < expected.values().length; i++) {
      assertThat((double) found.values()[i])
          .as("%s [%d]", name, i)
          .isCloseTo(expected.values()[i], within(tolerance));
    }
  }

  @Test
  void aModelThatDoesNotSayItsCellIsToldIt() throws IOException {
    Path golden = GOLDEN.resolve("gru-l1-v2-h3-b1-t1-full");
    Path data = golden.resolve("data.safetensors");
    gradient(golden.resolve("model.safetensors"), data);
    byte[] expected = Files.readAllBytes(out());
    Path bare = folder.resolve("bare.safetensors");
    SafeTensors.write(
        bare, TensorFile.of(SafeTensors.read(golden.resolve("model.safetensors")).tensors()));
    assertThat(gradient(bare, data, "--cell", "GRU").code()).isZero();
    assertThat(Files.readAllBytes(out())).isEqualTo(expected);

    Cli silent = gradient(bare, data);
    assertThat(silent.code()).isEqualTo(ExitCode.INPUT);
    assertThat(silent.err()).contains("Say it with --cell elman, gru or lstm");
    Cli wrong = gradient(bare, data, "--cell", "lstm");
    assertThat(wrong.code()).isEqualTo(ExitCode.INPUT);
    assertThat(wrong.err())
        .contains("rnn.weight_ih_l0 has 9 rows but lstm with 3 hidden units needs 12");
    Cli unknown = gradient(bare, data, "--cell", "lst");
    assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err()).contains("--cell is \"lst\"", "Did you mean lstm?");
  }

  @Test
  void cellStatesAreTheLstmsOnlyAndHaveToFit() throws IOException {
    Path lstm = GOLDEN.resolve("lstm-l2-d5-h17-b3-t12-full");
    Map<String, FileTensor> batch = batch(lstm);
    batch.put("c0", FileTensor.of(new float[2 * 3 * 4], 2, 3, 4));
    refused(lstm, batch, "c0 is [2, 3, 4] but x and the model need [2, 3, 17]");
    float[] numbers = new float[2 * 3 * 17];
    numbers[3 * 17 + 20] = Float.NaN;
    batch.put("c0", FileTensor.of(numbers, 2, 3, 17));
    refused(lstm, batch, "c0 is NaN in layer 1, lane 1, unit 3, but only finite numbers");
    batch.put("d0", FileTensor.of(new float[1], 1));
    refused(lstm, batch, "it has d0, but a batch for this model holds x, y and, if wanted, h0, c0");

    Path gru = GOLDEN.resolve("gru-l1-v28-h33-b3-t35-full");
    batch = batch(gru);
    batch.put("c0", FileTensor.of(new float[33 * 3], 1, 3, 33));
    refused(gru, batch, "it has c0, but a batch for this model holds x, y and, if wanted, h0 and");
  }

  @Test
  void oneOfTheStatesMayStandAlone() throws IOException {
    Path lstm = GOLDEN.resolve("lstm-l2-d5-h17-b3-t12-full");
    Map<String, FileTensor> batch = batch(lstm);
    batch.keySet().removeAll(List.of("h0", "c0"));
    float[] c0 = new float[2 * 3 * 17];
    Arrays.fill(c0, .5f);
    batch.put("c0", FileTensor.of(c0, 2, 3, 17));
    Path data = folder.resolve("data.safetensors");
    SafeTensors.write(data, TensorFile.of(batch));
    assertThat(gradient(lstm.resolve("model.safetensors"), data).code()).isZero();
    TensorFile alone = SafeTensors.read(out());
    assertThat(alone.find("h0")).isEmpty();
    batch.put("h0", FileTensor.of(new float[2 * 3 * 17], 2, 3, 17));
    SafeTensors.write(data, TensorFile.of(batch));
    assertThat(gradient(lstm.resolve("model.safetensors"), data).code()).isZero();
    assertThat(SafeTensors.read(out()).floats("c0").values())
        .isEqualTo(alone.floats("c0").values());
  }

  @Test
  void anEmbeddingNeedsTokens() throws IOException {
    Path embedded = GOLDEN.resolve("lstm-l1-v28-e5-h8-b3-t12-full");
    Map<String, FileTensor> batch = batch(embedded);
    batch.put("x", FileTensor.of(new float[12 * 3 * 28], 12, 3, 28));
    refused(embedded, batch, "the model has an embedding, which needs token ids I32 or I64 [T, B]");
  }

  private static Map<String, FileTensor> batch(Path golden) throws IOException {
    return new LinkedHashMap<>(SafeTensors.read(golden.resolve("data.safetensors")).tensors());
  }

  private void refused(Path golden, Map<String, FileTensor> batch, String says) throws IOException {
    Path data = folder.resolve("data.safetensors");
    SafeTensors.write(data, TensorFile.of(batch));
    Cli run = gradient(golden.resolve("model.safetensors"), data);
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.INPUT);
    assertThat(run.err()).contains(says).doesNotContain("\tat ");
    assertThat(out()).doesNotExist();
  }
}
