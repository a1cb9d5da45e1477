package dev.lookback.network;

import dev.lookback.cell.Cell;
import dev.lookback.math.Randomness;
import dev.lookback.weights.Initializer;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Window;
import java.util.List;

/**
 * Cells stacked on each other and a readout: what a network is, without its numbers. Immutable.
 *
 * <pre>
 *   h^1_t = f^1(x_t, h^1_{t-1}),   h^l_t = f^l(h^{l-1}_t, h^l_{t-1}),   o_t = h^L_t W_hq + b_q
 * </pre>
 *
 * @param cells the layers from the input upwards
 * @param readout on top of the last
 */
public record Network(List<Cell> cells, Readout readout) {

  /** Checks that the layers fit on each other. */
  public Network {
    cells = List.copyOf(cells);
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one layer");
    }
    for (int l = 1; l < cells.size(); l++) {
      if (cells.get(l).inputs() != cells.get(l - 1).hidden()) {
        throw new IllegalArgumentException(
            String.format(
                "layer %d takes %d inputs but layer %d gives %d",
                l, cells.get(l).inputs(), l - 1, cells.get(l - 1).hidden()));
      }
    }
  }

  /** One layer and a readout. */
  public static Network of(Cell cell, Readout readout) {
    return new Network(List.of(cell), readout);
  }

  /** D, or the size of the vocabulary. */
  public int inputs() {
    return cells.get(0).inputs();
  }

  /** The layer under the readout. */
  public Cell top() {
    return cells.get(cells.size() - 1);
  }

  /** Names, shapes and places of all weights, in PyTorch's order. */
  public Layout layout() {
    Layout.Builder builder = Layout.builder();
    for (int l = 0; l < cells.size(); l++) {
      cells.get(l).describe(builder, l);
    }
    builder.matrix("decoder.weight", top().hidden(), readout.outputs());
    if (readout.bias()) {
      builder.vector("decoder.bias", readout.outputs());
    }
    return builder.build();
  }

  /** Refuses a window whose inputs are not what the first layer takes. */
  public void check(Window window) {
    if (window.inputs() instanceof Inputs.Tokens tokens) {
      for (int row = 0; row < window.steps() * window.lanes(); row++) {
        int id = tokens.ids()[row];
        if (id < 0 || id >= inputs()) {
          throw new IllegalArgumentException(
              String.format(
                  "the input at step %d, lane %d is token %d but the network knows 0 to %d",
                  row / window.lanes(), row % window.lanes(), id, inputs() - 1));
        }
      }
    } else if (window.inputs() instanceof Inputs.Dense dense && dense.width() != inputs()) {
      throw new IllegalArgumentException(
          String.format(
              "x is [%d, %d, %d] but %s[inputs=%d, hidden=%d] needs [T, B, %d]",
              window.steps(),
              window.lanes(),
              dense.width(),
              cells.get(0).label(),
              inputs(),
              cells.get(0).hidden(),
              inputs()));
    }
  }

  /** Fresh weights, a function of the seed. */
  public Weights initialize(Initialization initialization, long seed) {
    Weights weights = Weights.zeros(layout());
    Randomness randomness = Randomness.of(seed).with("initialise");
    for (int i = 0; i < weights.layout().tensors().size(); i++) {
      Tensor tensor = weights.layout().tensors().get(i);
      // A layer's tensors all end in its H columns; the readout's belong to the top layer.
      int hidden = tensor.name().startsWith("rnn.") ? tensor.columns() : top().hidden();
      Initializer initializer =
          tensor.vector()
              ? initialization.bias().apply(hidden)
              : tensor.name().contains("weight_hh")
                  ? initialization.recurrent().apply(hidden)
                  : initialization.input().apply(hidden);
      initializer.fill(weights.values(), tensor, randomness.with(i));
    }
    return weights;
  }
}
