package dev.lookback.format;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The cells of a model file: what the metadata say of them, and what the tensors' names and shapes
 * do. All layers are of one kind.
 */
final class CellFile {
  static final String CELL = "lookback.cell";
  static final String ACTIVATION = "lookback.activation";
  // PyTorch has one GRU, with the reset after the product; a file that does not say has that one.
  static final String RESET = "lookback.reset";

  private CellFile() {}

  /** Says which cells these are. */
  static void describe(List<Cell> cells, Map<String, String> metadata) {
    Cell top = cells.get(cells.size() - 1);
    metadata.put(CELL, top.label());
    if (top instanceof Elman elman) {
      metadata.put(ACTIVATION, elman.activation().label());
    } else if (top instanceof Gru gru) {
      metadata.put(RESET, gru.reset().label());
    }
    for (Cell cell : cells) {
      if (!kind(cell).equals(kind(top))) {
        throw new IllegalArgumentException(
            "the file says one cell for all layers, but these layers are "
                + kind(cell)
                + " and "
                + kind(top));
      }
    }
  }

  private static String kind(Cell cell) {
    if (cell instanceof Elman elman) {
      return elman.label() + " " + elman.activation().label();
    } else if (cell instanceof Gru gru) {
      return gru.label() + " with the reset " + gru.reset().label() + " the product";
    }
    return cell.label();
  }

  /** The layers of a file. */
  static List<Cell> read(TensorFile file) {
    String label = label(file);
    List<Cell> cells = new ArrayList<>();
    for (int l = 0; file.find("rnn.weight_ih_l" + l).isPresent(); l++) {
      cells.add(cell(file, label, l));
    }
    return cells;
  }

  private static String label(TensorFile file) {
    Optional<String> label = Optional.ofNullable(file.metadata().get(CELL));
    if (label.isEmpty()) {
      throw new FormatException(
          "its metadata do not say which cell it is. Say it with --cell elman, gru or lstm"
              + byItsShape(file));
    }
    if (!List.of("elman", "gru", "lstm").contains(label.get())) {
      throw new FormatException(
          "its cell is \"" + Names.brief(label.get()) + "\" but there are elman, gru and lstm");
    }
    return label.get();
  }

  private static String byItsShape(TensorFile file) {
    int hidden = ModelFile.matrix(file, "rnn.weight_hh_l0")[1];
    return switch (ModelFile.matrix(file, "rnn.weight_ih_l0")[0] / hidden) {
      case 1 -> "; by its shapes it is elman, whose --activation is tanh, relu or identity";
      case 3 -> "; by its shapes it is gru";
      case 4 -> "; by its shapes it is lstm";
      default -> "";
    };
  }

  private static Cell cell(TensorFile file, String label, int l) {
    int[] in = ModelFile.matrix(file, "rnn.weight_ih_l" + l);
    int hidden = ModelFile.matrix(file, "rnn.weight_hh_l" + l)[1];
    int inputs = in[1];
    Biases biases = biases(file, l);
    boolean learns = file.find("rnn.h0_l" + l).isPresent();
    Cell cell =
        switch (label) {
          case "lstm" -> new Lstm(inputs, hidden, biases, learns, 0);
          case "gru" -> new Gru(inputs, hidden, biases, learns, reset(file));
          default -> new Elman(inputs, hidden, activation(file), biases, learns);
        };
    if (in[0] != cell.gates() * hidden) {
      throw new FormatException(
          String.format(
              Locale.ROOT,
              "rnn.weight_ih_l%d has %d rows but %s with %d hidden units needs %d",
              l,
              in[0],
              label,
              hidden,
              cell.gates() * hidden));
    }
    return cell;
  }

  private static Biases biases(TensorFile file, int l) {
    boolean ih = file.find("rnn.bias_ih_l" + l).isPresent();
    boolean hh = file.find("rnn.bias_hh_l" + l).isPresent();
    if (hh && !ih) {
      throw new FormatException("has rnn.bias_hh_l" + l + " but not rnn.bias_ih_l" + l);
    }
    return hh ? Biases.BOTH : ih ? Biases.INPUT : Biases.NONE;
  }

  private static Activation activation(TensorFile file) {
    String label = file.metadata().getOrDefault(ACTIVATION, Activation.TANH.label());
    return Arrays.stream(Activation.values())
        .filter(a -> a.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new FormatException(
                    "its activation is \""
                        + Names.brief(label)
                        + "\" but tanh, relu or identity is needed"));
  }

  private static Gru.Reset reset(TensorFile file) {
    String label = file.metadata().getOrDefault(RESET, Gru.Reset.AFTER.label());
    return Arrays.stream(Gru.Reset.values())
        .filter(r -> r.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new FormatException(
                    "its reset gate is \""
                        + Names.brief(label)
                        + "\" but after or before is needed"));
  }
}
