package dev.lookback.cli;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The network to make. */
final class NetworkOptions {
  @Option(
      names = "--cell",
      paramLabel = "CELL",
      defaultValue = "elman",
      description = "elman [${DEFAULT-VALUE}]")
  private String cell = "elman";

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "128",
      description = "Hidden units of a layer [${DEFAULT-VALUE}]")
  private int hidden;

  @Option(
      names = "--layers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Layers on each other [${DEFAULT-VALUE}]")
  private int layers;

  @Option(
      names = "--activation",
      paramLabel = "PHI",
      defaultValue = "tanh",
      description = "tanh, relu or identity [${DEFAULT-VALUE}]")
  private Activation activation = Activation.TANH;

  @Option(
      names = "--init",
      paramLabel = "KIND",
      defaultValue = "orthogonal",
      description = "orthogonal, uniform or normal:DEVIATION [${DEFAULT-VALUE}]")
  private String init = "orthogonal";

  /** A network over a vocabulary that predicts its next symbol. */
  Network forVocabulary(int symbols) {
    if (!cell.equals("elman")) {
      throw Failure.usage("--cell is \"" + cell + "\" but this version computes elman only");
    }
    if (hidden < 1 || layers < 1) {
      throw Failure.usage(
          "--hidden is " + hidden + " and --layers " + layers + "; both have to be 1 or more");
    }
    List<Cell> cells = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      int inputs = l == 0 ? symbols : hidden;
      cells.add(new Elman(inputs, hidden, activation, Biases.INPUT));
    }
    return new Network(cells, Readout.softmax(symbols));
  }

  Initialization initialization() {
    return Initialization.parse(init);
  }
}
