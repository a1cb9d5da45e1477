package dev.lookback.cell;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The tensors of a layer by PyTorch's names; a learned initial state is {@code rnn.h0_l{k}} and
 * {@code rnn.c0_l{k}}, {@code [H]}, which PyTorch has no name for.
 *
 * @param wXh {@code [D, G H]}
 * @param wHh {@code [H, G H]}
 * @param biasIh {@code [G H]}
 * @param biasHh {@code [G H]}
 * @param initial {@code [H]} for each plane of the state, or none
 */
record Tensors(
    Tensor wXh, Tensor wHh, Optional<Tensor> biasIh, Optional<Tensor> biasHh, Tensor[] initial) {

  static void describe(Cell cell, Biases biases, Layout.Builder builder, int layer) {
    int columns = cell.gates() * cell.hidden();
    builder.matrix("rnn.weight_ih_l" + layer, cell.inputs(), columns);
    builder.matrix("rnn.weight_hh_l" + layer, cell.hidden(), columns);
    if (biases != Biases.NONE) {
      builder.vector("rnn.bias_ih_l" + layer, columns);
    }
    if (biases == Biases.BOTH) {
      builder.vector("rnn.bias_hh_l" + layer, columns);
    }
    for (String name : cell.initialStates(layer)) {
      builder.vector(name, cell.hidden());
    }
  }

  static Tensors of(Cell cell, Layout layout, int layer) {
    Tensor[] initial = cell.initialStates(layer).stream().map(layout::get).toArray(Tensor[]::new);
    return new Tensors(
        layout.get("rnn.weight_ih_l" + layer),
        layout.get("rnn.weight_hh_l" + layer),
        layout.find("rnn.bias_ih_l" + layer),
        layout.find("rnn.bias_hh_l" + layer),
        initial);
  }

  static List<String> initialNames(int planes, int layer) {
    return IntStream.range(0, planes)
        .mapToObj(p -> (p == 0 ? "rnn.h0_l" : p == 1 ? "rnn.c0_l" : "rnn.s" + p + "_l") + layer)
        .toList();
  }
}
