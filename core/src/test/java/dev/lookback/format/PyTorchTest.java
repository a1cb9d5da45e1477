package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PyTorchTest {
  private static final Layout LAYOUT =
      Layout.builder()
          .matrix("embedding.weight", 4, 2)
          .matrix("rnn.weight_ih_l0", 2, 3)
          .vector("rnn.bias_ih_l0", 3)
          .matrix("decoder.weight", 70, 45)
          .build();

  @Test
  void turnsMatricesOnly() {
    Map<String, FileTensor> tensors = PyTorch.toTensors(counted());
    assertThat(tensors.keySet())
        .containsExactly(
            "embedding.weight", "rnn.weight_ih_l0", "rnn.bias_ih_l0", "decoder.weight");
    assertTensor(tensors, "embedding.weight", new int[] {4, 2}, 0, 1, 2, 3, 4, 5, 6, 7);
    assertTensor(tensors, "rnn.weight_ih_l0", new int[] {3, 2}, 8, 11, 9, 12, 10, 13);
    assertTensor(tensors, "rnn.bias_ih_l0", new int[] {3}, 14, 15, 16);
    FileTensor.Floats turned = TensorFile.of(tensors).floats("decoder.weight");
    assertThat(turned.shape()).containsExactly(45, 70);
    float[] decoder = turned.values();
    for (int o = 0; o < 45; o++) {
      for (int h = 0; h < 70; h++) {
        assertThat(decoder[o * 70 + h]).isEqualTo(17 + h * 45 + o);
      }
    }
  }

  @Test
  void fillsWhatItGave() {
    Weights weights = Weights.zeros(LAYOUT);
    PyTorch.fill(weights, TensorFile.of(PyTorch.toTensors(counted())));
    assertThat(weights.values()).isEqualTo(counted().values());
  }

  @Test
  void saysWhatDoesNotFit() {
    refused(
        file().with("rnn.weight_ih_l0", FileTensor.of(new float[6], 2, 3)),
        "rnn.weight_ih_l0 is [2, 3] but this model needs [3, 2]");
    refused(
        file().with("rnn.bias_ih_l0", FileTensor.of(new float[3], 1, 3)),
        "rnn.bias_ih_l0 is [1, 3] but this model needs [3]");
    refused(
        file().with("rnn.bias_ih_l0", FileTensor.of(new int[3], 3)),
        "rnn.bias_ih_l0 holds whole numbers but has to be F32 or F64");
    refused(without("rnn.bias_ih_l0"), "this model needs rnn.bias_ih_l0 [3], which the file lacks");
    refused(
        file().with("rnn.bias_hh_l0", FileTensor.of(new float[3], 3)),
        "the file has rnn.bias_hh_l0, which this model has no use for");
  }

  @Test
  void saysAllThatDoesNotFitAtOnce() {
    TensorFile file =
        without("decoder.weight")
            .with("rnn.weight_ih_l0", FileTensor.of(new float[8], 4, 2))
            .with("rnn.weight_ih_l1", FileTensor.of(new float[0], 0))
            .with("rnn.weight_hh_l1", FileTensor.of(new float[0], 0));
    refused(
        file,
        "rnn.weight_ih_l0 is [4, 2] but this model needs [3, 2];"
            + " this model needs decoder.weight [45, 70], which the file lacks;"
            + " the file has rnn.weight_ih_l1, rnn.weight_hh_l1, which this model has no use for");
  }

  @Test
  void longListsAreCut() {
    TensorFile file = file();
    for (int i = 0; i < 20; i++) {
      file = file.with("extra" + i, FileTensor.of(new float[0], 0));
    }
    TensorFile crowded = file;
    assertThatThrownBy(() -> PyTorch.fill(Weights.zeros(LAYOUT), crowded))
        .hasMessageEndingWith("extra10, extra11 and 8 more, which this model has no use for");
  }

  private static void refused(TensorFile file, String message) {
    Weights weights = Weights.zeros(LAYOUT);
    assertThatThrownBy(() -> PyTorch.fill(weights, file))
        .isInstanceOf(FormatException.class)
        .hasMessage(message);
    assertThat(weights.values()).containsOnly(0);
  }

  private static TensorFile file() {
    return TensorFile.of(PyTorch.toTensors(counted()));
  }

  private static TensorFile without(String name) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>(PyTorch.toTensors(counted()));
    tensors.remove(name);
    return TensorFile.of(tensors);
  }

  private static Weights counted() {
    Weights weights = Weights.zeros(LAYOUT);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] = i;
    }
    return weights;
  }

  private static void assertTensor(
      Map<String, FileTensor> tensors, String name, int[] shape, float... values) {
    assertThat(tensors.get(name))
        .usingRecursiveComparison()
        .isEqualTo(FileTensor.of(values, shape));
  }
}
