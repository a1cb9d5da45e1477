package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Lstm;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recurrent layers of other programs, under the names that these have for them. */
class RecurrentNamesTest {
  @TempDir private Path folder;

  private static Model model(int layers) {
    List<Lstm> cells = layers == 1 ? List.of(Lstm.of(4, 4)) : List.of(Lstm.of(4, 4), Lstm.of(4, 4));
    Network network = new Network(List.copyOf(cells), Readout.softmax(6)).withEmbedding(6);
    return Model.of(network, network.initialize(Initialization.uniform(), 2));
  }

  private Path file(Map<String, FileTensor> tensors) throws IOException {
    Path file = folder.resolve("theirs.safetensors");
    SafeTensors.write(file, TensorFile.of(tensors));
    return file;
  }

  private static Map<String, FileTensor> renamed(Model model, UnaryOperator<String> names) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    ModelFile.contents(model).tensors().forEach((name, t) -> tensors.put(names.apply(name), t));
    return tensors;
  }

  private static Model read(Path file) throws IOException {
    return ModelFile.read(file, Assumptions.none().cell("lstm"));
  }

  private void requireSame(Model model, Map<String, FileTensor> tensors) throws IOException {
    Model found = read(file(tensors));
    for (String name : List.of("rnn.weight_ih_l0", "rnn.weight_hh_l0", "decoder.weight")) {
      assertThat(found.weights().of(name)).as(name).isEqualTo(model.weights().of(name));
    }
    assertThat(found.network().cells()).hasSameSizeAs(model.network().cells());
    int top = model.network().cells().size() - 1;
    assertThat(found.weights().of("rnn.weight_hh_l" + top))
        .isEqualTo(model.weights().of("rnn.weight_hh_l" + top));
  }

  @Test
  void aCellsTensorsHaveNoLayersNumber() throws IOException {
    requireSame(model(1), renamed(model(1), n -> n.replace("rnn.", "cell.").replace("_l0", "")));
    requireSame(model(1), renamed(model(1), n -> n.replace("rnn.", "").replace("_l0", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "cells.#.,''",
    "lstm#.,''",
    "rnns.#.,_l0",
    "0.rnns.#.module.,_l0",
  })
  void numberedModulesAreLayers(String module, String end) throws IOException {
    UnaryOperator<String> names =
        name ->
            name.startsWith("rnn.")
                ? module.replace("#", name.substring(name.length() - 1))
                    + name.substring(4, name.length() - 3)
                    + end
                : name;
    requireSame(model(2), renamed(model(2), names));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rnn.weight_hh_l0_raw", "weight_hh_l0_raw"})
  void whatIsDroppedOutOfWeightsIsTheRawWeight(String raw) throws IOException {
    UnaryOperator<String> names =
        name -> name.equals("rnn.weight_hh_l0") ? raw : name.replace("rnn.", "module.");
    requireSame(
        model(1), renamed(model(1), n -> names.apply(n).replace("rnn.weight", "module.weight")));
    // The copy that a last training step left beside it does not count.
    Map<String, FileTensor> both = renamed(model(1), UnaryOperator.identity());
    FileTensor weight = both.get("rnn.weight_hh_l0");
    both.put("rnn.weight_hh_l0", FileTensor.of(new float[64], 16, 4));
    both.put("rnn.weight_hh_l0_raw", weight);
    requireSame(model(1), both);
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedding.weight", "decoder.weight"})
  void aMatrixThatIsTiedAndStoredOnceIsBoth(String left) throws IOException {
    Model model = model(2);
    float[] embedding = model.weights().of("embedding.weight");
    Map<String, FileTensor> tensors = renamed(model, n -> n.replace("rnn.", "lstm."));
    FileTensor shared = tensors.get("embedding.weight");
    tensors.remove("embedding.weight");
    tensors.remove("decoder.weight");
    tensors.put(left.replace("embedding", "encoder"), shared);
    Path file = file(tensors);
    Model found = read(file);
    assertThat(found.weights().of("embedding.weight")).isEqualTo(embedding);
    assertThat(found.network().readout().outputs()).isEqualTo(6);
    Map<String, FileTensor> again = ModelFile.contents(found).tensors();
    assertThat(floats(again, "decoder.weight")).isEqualTo(floats(again, "embedding.weight"));
    assertThat(again).containsKey("decoder.bias");
  }

  private static List<Float> floats(Map<String, FileTensor> tensors, String name) {
    FileTensor tensor = tensors.get(name);
    Float[] boxed = new Float[0];
    if (tensor instanceof FileTensor.Floats floats) {
      float[] values = floats.values();
      boxed = new Float[values.length];
      for (int i = 0; i < values.length; i++) {
        boxed[i] = values[i];
      }
    }
    return Arrays.asList(boxed);
  }

  @ParameterizedTest
  @CsvSource({
    "rnn.weight_hh_l0_g,remove_weight_norm",
    "rnn.weight_hh_l0_v,remove_weight_norm",
    "rnn.parametrizations.weight_hh_l0.original0,remove_parametrizations",
  })
  void weightsInPartsAreNamedWithWhatPutsThemTogether(String part, String remedy)
      throws IOException {
    Map<String, FileTensor> tensors = renamed(model(1), UnaryOperator.identity());
    FileTensor weight = tensors.get("rnn.weight_hh_l0");
    tensors.remove("rnn.weight_hh_l0");
    tensors.put(part, weight);
    Path file = file(tensors);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll(part, remedy);
  }

  @Test
  void theRemedyThatIsNamedWorks() throws IOException {
    Map<String, FileTensor> strange =
        renamed(model(1), n -> n.replace("rnn.weight_ih_l0", "rnn.w_ih_l0"));
    Path file = file(strange);
    assertThatThrownBy(() -> read(file))
        .hasMessageContaining("--rename rnn.w_ih_l0=rnn.weight_ih_l0");
    Model found =
        ModelFile.read(
            file, Assumptions.none().cell("lstm").renaming("rnn.w_ih_l0", "rnn.weight_ih_l0"));
    assertThat(found.weights().of("rnn.weight_ih_l0"))
        .isEqualTo(model(1).weights().of("rnn.weight_ih_l0"));
  }
}
