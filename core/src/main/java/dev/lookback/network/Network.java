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
import java.util.Locale;
import java.util.Optional;

/**
 * Cells stacked on each other and a readout: what a network is, without its numbers. Immutable.
 *
 * <pre>
 *   h^1_t = f^1(x_t, h^1_{t-1}),   h^l_t = f^l(d(h^{l-1}_t), h^l_{t-1}),   o_t = h^L_t W_hq + b_q
 * </pre>
 *
 * <p>d is dropout between the layers (Zaremba, Sutskever and Vinyals 2014), only while training:
 * each number is zero with probability p, else 1 / (1 - p) times itself; never on the path through
 * time.
 *
 * @param cells the layers from the input upwards
 * @param readout on top of the last
 * @param embedding what stands for a token below the first layer; one-hot where there is none
 * @param dropout p, in [0, 1)
 */
public record Network(
    List<Cell> cells, Readout readout, Optional<Embedding> embedding, double dropout) {

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
                Locale.ROOT,
                "layer %d takes %d inputs but layer %d gives %d",
                l,
                cells.get(l).inputs(),
                l - 1,
                cells.get(l - 1).hidden()));
      }
    }
    if (embedding.isPresent() && embedding.get().width() != cells.get(0).inputs()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the embedding gives %d numbers but the first layer takes %d",
              embedding.get().width(),
              cells.get(0).inputs()));
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "the dropout is " + dropout + " but has to be at least 0 and below 1, such as 0.2");
    }
    if (dropout > 0 && cells.size() == 1) {
      throw new IllegalArgumentException(
          "dropout stands between layers, and this network has one layer only: use two or more");
    }
  }

  /** Layers and a readout; tokens are one-hot, nothing is dropped. */
  public Network(List<Cell> cells, Readout readout) {
    this(cells, readout, Optional.empty(), 0);
  }

  /** One layer and a readout. */
  public static Network of(Cell cell, Readout readout) {
    return new Network(List.of(cell), readout);
  }

  /** The same over an embedding of so many tokens. */
  public Network withEmbedding(int tokens) {
    Embedding below = new Embedding(tokens, cells.get(0).inputs());
    return new Network(cells, readout, Optional.of(below), dropout);
  }

  /** The same with dropout between its layers. */
  public Network withDropout(double dropout) {
    return new Network(cells, readout, embedding, dropout);
  }

  /** D, or the size of the vocabulary. */
  public int inputs() {
    return embedding.map(Embedding::tokens).orElse(cells.get(0).inputs());
  }

  /** The layer under the readout. */
  public Cell top() {
    return cells.get(cells.size() - 1);
  }

  /** Whether a layer learns the state that a lane starts afresh with. */
  public boolean learnsState() {
    return cells.stream().anyMatch(Cell::learnsState);
  }

  /** Names, shapes and places of all weights, in PyTorch's order. */
  public Layout layout() {
    Layout.Builder builder = Layout.builder();
    embedding.ifPresent(e -> builder.matrix(Embedding.NAME, e.tokens(), e.width()));
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
      int known = inputs();
      for (int row = 0; row < window.steps() * window.lanes(); row++) {
        int id = tokens.ids()[row];
        if (id < 0 || id >= known) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "the input at step %d, lane %d is token %d but the network knows 0 to %d",
                  row / window.lanes(),
                  row % window.lanes(),
                  id,
                  known - 1));
        }
      }
    } else if (embedding.isPresent()) {
      throw new IllegalArgumentException(
          "the network has an embedding and so needs token ids [T, B], not rows of numbers");
    } else if (window.inputs() instanceof Inputs.Dense dense && dense.width() != inputs()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
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
      fill(weights, tensor, initialization, randomness.with(i));
    }
    for (int l = 0; l < cells.size(); l++) {
      cells.get(l).prepare(weights, l);
    }
    return weights;
  }

  private void fill(
      Weights weights, Tensor tensor, Initialization initialization, Randomness randomness) {
    if (tensor.name().equals(Embedding.NAME)) {
      // A normal vector for each token, as in PyTorch.
      Initializer.normal(1).fill(weights.values(), tensor, randomness);
    } else if (!tensor.name().startsWith("rnn.")) {
      int hidden = top().hidden();
      Initializer initializer =
          tensor.vector()
              ? initialization.bias().apply(hidden)
              : initialization.input().apply(hidden);
      initializer.fill(weights.values(), tensor, randomness);
    } else if (tensor.name().contains("_l")) {
      int l = Integer.parseInt(tensor.name().substring(tensor.name().lastIndexOf("_l") + 2));
      fillGates(weights, tensor, initialization, randomness, cells.get(l).hidden());
    }
  }

  // The gates side by side in a tensor are drawn each for itself: an orthogonal W_hh is one
  // orthogonal matrix for each gate.
  private static void fillGates(
      Weights weights,
      Tensor tensor,
      Initialization initialization,
      Randomness randomness,
      int hidden) {
    Initializer initializer =
        tensor.vector()
            ? initialization.bias().apply(hidden)
            : tensor.name().contains("weight_hh")
                ? initialization.recurrent().apply(hidden)
                : initialization.input().apply(hidden);
    int gates = tensor.columns() / hidden;
    Tensor gate = new Tensor(tensor.name(), tensor.rows(), hidden, tensor.vector(), 0);
    float[] values = new float[gate.size()];
    for (int g = 0; g < gates; g++) {
      initializer.fill(values, gate, gates == 1 ? randomness : randomness.with(g));
      for (int row = 0; row < gate.rows(); row++) {
        int to = tensor.offset() + row * tensor.columns() + g * hidden;
        System.arraycopy(values, row * hidden, weights.values(), to, hidden);
      }
    }
  }
}
