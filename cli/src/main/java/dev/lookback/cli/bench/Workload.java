package dev.lookback.cli.bench;

import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.cli.CellKind;
import dev.lookback.math.Randomness;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * What is timed: a network that predicts one of V classes from V inputs, and what it is fed.
 *
 * <p>Floating-point operations are counted from the sizes, two for each multiply-add, and of the
 * products only; functions, gates, softmax and the change of the weights are not counted. For N = T
 * B rows, G matrices side by side (Elman 1, GRU 3, LSTM 4), and D_l numbers that layer l multiplies
 * (H above the first layer; in the first V where rows are dense and 0 where they are tokens, which
 * select rows of W_xh):
 *
 * <pre>
 *   forward  = 2 N (sum_l G H (D_l + H) + H V)      projections, recurrences, readout
 *   backward = 2 forward - 2 N G H D_0              dW and dx each, but no dx of the inputs
 * </pre>
 *
 * @param cell which cell
 * @param vocabulary V
 * @param hidden H
 * @param layers how many on each other
 * @param dense whether the inputs are rows of V numbers, one of them 1, and not tokens
 * @param batch B
 * @param steps T
 */
public record Workload(
    CellKind cell, int vocabulary, int hidden, int layers, boolean dense, int batch, int steps) {

  /** Operations of one way forward over {@code count} steps. */
  public double forwardOperations(int count) {
    double gates = network().top().gates();
    double products = (double) hidden * vocabulary;
    for (int l = 0; l < layers; l++) {
      products += gates * hidden * (width(l) + hidden);
    }
    return 2 * rows(count) * products;
  }

  /** Operations of a window forward and back. */
  public double trainingOperations() {
    double gates = network().top().gates();
    return 3 * forwardOperations(steps) - 2 * rows(steps) * gates * hidden * width(0);
  }

  private double rows(int count) {
    return (double) count * batch;
  }

  private double width(int layer) {
    return layer > 0 ? hidden : dense ? vocabulary : 0;
  }

  /** The network, as small a description as there is of it. */
  Network network() {
    List<Cell> cells = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      int inputs = l == 0 ? vocabulary : hidden;
      cells.add(
          switch (cell) {
            case ELMAN -> Elman.of(inputs, hidden);
            case GRU -> Gru.of(inputs, hidden);
            case LSTM -> Lstm.of(inputs, hidden);
          });
    }
    return new Network(cells, Readout.softmax(vocabulary));
  }

  /** So many steps with random inputs and, as targets, others. */
  Window window(int count, Randomness randomness) {
    int[] ids = new int[count * batch];
    int[] targets = new int[ids.length];
    Randomness forInputs = randomness.with("inputs");
    Randomness forTargets = randomness.with("targets");
    for (int i = 0; i < ids.length; i++) {
      ids[i] = forInputs.below(vocabulary, i);
      targets[i] = forTargets.below(vocabulary, i);
    }
    return Window.of(count, batch, inputs(ids), new Targets.Classes(targets));
  }

  private Inputs inputs(int[] ids) {
    if (!dense) {
      return new Inputs.Tokens(ids);
    }
    float[] rows = new float[ids.length * vocabulary];
    for (int i = 0; i < ids.length; i++) {
      rows[i * vocabulary + ids[i]] = 1;
    }
    return new Inputs.Dense(rows, vocabulary);
  }
}
