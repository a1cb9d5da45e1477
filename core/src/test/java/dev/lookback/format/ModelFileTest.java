package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.Meter;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir private Path folder;

  @Test
  void aModelComesBackWithItsFunction() throws IOException {
    for (Activation activation : Activation.values()) {
      for (Biases biases : Biases.values()) {
        Model model = model(activation, activation, biases);
        Path file = folder.resolve("model.safetensors");
        ModelFile.write(file, model);
        Model read = ModelFile.read(file);
        for (String name : List.of("rnn.weight_ih_l0", "rnn.weight_hh_l1", "decoder.weight")) {
          assertThat(read.weights().of(name)).isEqualTo(model.weights().of(name));
        }
        assertThat(((Elman) read.network().top()).activation()).isEqualTo(activation);
        assertThat(read.vocabulary()).contains(List.of("a", "\"", "\n"));
        assertThat(read.config()).contains("{\"steps\": 3}");
        assertThat(read.network()).isEqualTo(model.network());
        assertThat(read.weights().layout()).isEqualTo(model.weights().layout());
        assertThat(read.weights().values()).isEqualTo(model.weights().values());
        // One trained bias is written as two, so that PyTorch's modules take it.
        boolean both = SafeTensors.read(file).find("rnn.bias_hh_l0").isPresent();
        assertThat(both).isEqualTo(biases != Biases.NONE);
      }
    }
  }

  @Test
  void everyCellComesBackWithItsParameters() throws IOException {
    Path file = folder.resolve("model.safetensors");
    for (Biases biases : Biases.values()) {
      for (Cell cell :
          List.of(
              Lstm.of(3, 4).with(biases),
              Gru.of(3, 4).with(biases),
              Gru.original(3, 4).with(biases),
              Elman.of(3, 4).with(biases))) {
        // Zeros may be parameters: a GRU's b_hn begins as such.
        for (Network network :
            List.of(
                Network.of(cell, Readout.softmax(3)),
                Network.of(cell.withLearnedState(), Readout.linear(2)))) {
          Weights weights = Weights.zeros(network.layout());
          ModelFile.write(file, Model.of(network, weights));
          assertThat(ModelFile.read(file).weights().layout()).isEqualTo(network.layout());
        }
      }
    }
  }

  @Test
  void layersMayDifferInTheirBiases() throws IOException {
    Path file = folder.resolve("model.safetensors");
    List<Cell> cells =
        List.of(
            Lstm.of(3, 4).with(Biases.INPUT),
            Lstm.of(4, 4).with(Biases.BOTH),
            Lstm.of(4, 4).with(Biases.NONE));
    Network network = new Network(cells, Readout.softmax(3));
    ModelFile.write(file, Model.of(network, Weights.zeros(network.layout())));
    assertThat(ModelFile.read(file).weights().layout()).isEqualTo(network.layout());
  }

  @Test
  void aTensorThatWasTrainedElsewhereCounts() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Model model = model(Activation.TANH, Activation.TANH, Biases.INPUT);
    TensorFile written = ModelFile.contents(model);
    SafeTensors.write(
        file, written.with("rnn.bias_hh_l1", FileTensor.of(new float[] {0, 0, 1, 0}, 4)));
    Layout layout = ModelFile.read(file).weights().layout();
    assertThat(layout.find("rnn.bias_hh_l0")).isEmpty();
    assertThat(layout.find("rnn.bias_hh_l1")).isPresent();
  }

  @Test
  void anotherProgramsZerosAreParameters() throws IOException {
    Path file = folder.resolve("theirs.safetensors");
    TensorFile ours = ModelFile.contents(model(Activation.TANH, Activation.TANH, Biases.INPUT));
    SafeTensors.write(file, TensorFile.of(ours.tensors()));
    Model theirs = ModelFile.read(file, Assumptions.none().cell("elman"));
    assertThat(theirs.weights().layout().find("rnn.bias_hh_l0")).isPresent();
  }

  @Test
  void aListOfUntrainedTensorsHasToBeOne() throws IOException {
    Path file = folder.resolve("odd.safetensors");
    TensorFile written = ModelFile.contents(model(Activation.TANH, Activation.TANH, Biases.INPUT));
    SafeTensors.write(file, written.with("lookback.untrained", "[1]"));
    assertThatThrownBy(() -> ModelFile.read(file))
        .hasMessage(file + ": its list of untrained tensors is not a JSON list of strings");
    SafeTensors.write(file, written.with("lookback.untrained", "[\"decoder.bias\"]"));
    assertThatThrownBy(() -> ModelFile.read(file))
        .hasMessage(
            file
                + ": its list of untrained tensors has \"decoder.bias\" but only rnn.bias_hh_l0,"
                + " rnn.bias_hh_l1, ... can be untrained");
  }

  @Test
  void layersThatOneActivationCannotDescribeAreRefused() {
    Model mixed = model(Activation.RELU, Activation.TANH, Biases.INPUT);
    Path file = folder.resolve("mixed.safetensors");
    assertThatThrownBy(() -> ModelFile.write(file, mixed))
        .hasMessageContaining("these layers are elman relu and elman tanh");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatIsNoModelSaysWhatItHas() throws IOException {
    Path file = folder.resolve("other.safetensors");
    SafeTensors.write(file, TensorFile.of(Map.of("image", FileTensor.of(new float[4], 2, 2))));
    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            file + " has no tensor rnn.weight_ih_l0, so it is no recurrent model; there are image");
  }

  @Test
  void aFileWithoutOurMetadataLoadsWhenTheCellIsSaid() throws IOException {
    Model model = model(Activation.TANH, Activation.TANH, Biases.BOTH);
    Path file = folder.resolve("theirs.safetensors");
    SafeTensors.write(file, TensorFile.of(PyTorch.toTensors(model.weights())));
    assertThat(ModelFile.read(file, Assumptions.none().cell("elman")).weights().values())
        .isEqualTo(model.weights().values());
    assertThatThrownBy(() -> ModelFile.read(file)).hasMessageContaining("--cell elman");
    assertThatThrownBy(() -> ModelFile.read(file, Assumptions.none().cell("gru")))
        .hasMessageContaining("has 4 rows but gru with 4 hidden units needs 12");
  }

  @Test
  void aFailedSaveLeavesTheModelThatWasThere() throws IOException {
    Path file = folder.resolve("model.safetensors");
    ModelFile.write(file, model(Activation.TANH, Activation.TANH, Biases.INPUT));
    byte[] before = Files.readAllBytes(file);
    Model mixed = model(Activation.RELU, Activation.TANH, Biases.INPUT);
    assertThatThrownBy(() -> ModelFile.write(file, mixed));
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  // weight_hh says H by its columns alone: the square that it should be is checked before it is
  // allocated.
  @Test
  void aThinFileThatNeedsAWideModelIsRefusedInLittleMemory() throws IOException {
    Path file = folder.resolve("thin.safetensors");
    int hidden = 20_000;
    SafeTensors.write(file, thin(hidden));
    assertThatThrownBy(() -> ModelFile.read(file)).isInstanceOf(FormatException.class);
    long before = Meter.read();
    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            file
                + ": rnn.weight_hh_l0 is [1, 20000] but this model needs [20000, 20000];"
                + " decoder.weight is [2, 1] but this model needs [2, 20000]");
    assertThat(Meter.read() - before).isLessThan(4 << 20);
  }

  @Test
  void aFileThatNeedsMoreThanAnArrayHoldsIsRefused() throws IOException {
    Path file = folder.resolve("wide.safetensors");
    SafeTensors.write(file, thin(50_000));
    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            file
                + ": its tensors belong to no model: rnn.weight_hh_l0 would bring the weights past"
                + " 2^31 numbers, the most one array can hold");
  }

  private static TensorFile thin(int hidden) {
    return TensorFile.of(Map.of())
        .with("rnn.weight_ih_l0", FileTensor.of(new float[hidden], hidden, 1))
        .with("rnn.weight_hh_l0", FileTensor.of(new float[hidden], 1, hidden))
        .with("decoder.weight", FileTensor.of(new float[2], 2, 1))
        .with("lookback.cell", "elman");
  }

  @Test
  void whatAFileSaysIsQuotedShortAndClean() throws IOException {
    Path file = folder.resolve("loud.safetensors");
    String loud = "\u001b[31m" + "y".repeat(50_000);
    String brief = "\"\\u001b[31m" + "y".repeat(95) + "...\"";
    TensorFile plain = thin(1);
    SafeTensors.write(file, plain.with("lookback.cell", loud));
    assertThatThrownBy(() -> ModelFile.read(file))
        .hasMessage(file + ": its cell is " + brief + " but there are elman, gru and lstm");
    SafeTensors.write(file, plain.with("lookback.activation", loud));
    assertThatThrownBy(() -> ModelFile.read(file))
        .hasMessage(
            file + ": its activation is " + brief + " but tanh, relu or identity is needed");
    SafeTensors.write(file, plain.with("lookback.loss", loud));
    assertThatThrownBy(() -> ModelFile.read(file))
        .hasMessage(
            file + ": its loss is " + brief + " but cross-entropy or squared-error is needed");
  }

  private static Model model(Activation lower, Activation upper, Biases biases) {
    List<Cell> cells = List.of(new Elman(3, 4, lower, biases), new Elman(4, 4, upper, biases));
    Network network = new Network(cells, Readout.softmax(3));
    Weights weights = network.initialize(Initialization.uniform(), 5);
    return new Model(
        network, weights, Optional.of(List.of("a", "\"", "\n")), Optional.of("{\"steps\": 3}"));
  }
}
