package dev.lookback.cli.explain;

import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.Phi;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.List;

/**
 * One layer and a readout over one lane, for the engine and for the book: the same numbers in both.
 *
 * @param network its shape
 * @param weights its numbers
 * @param window x and y
 * @param state h_0
 */
record Setup(Network network, Weights weights, Window window, State state) {

  static Setup of(Network network, Weights weights, Window window) {
    return new Setup(network, weights, window, State.zeros(network, 1));
  }

  /** One layer with phi, and a readout; {@code biased} both or neither. */
  static Network network(int inputs, int hidden, Activation phi, Readout readout, boolean biased) {
    return Network.of(
        new Elman(inputs, hidden, phi, biased ? Biases.INPUT : Biases.NONE),
        biased ? readout : readout.withoutBias());
  }

  Setup with(Window other) {
    return new Setup(network, weights, other, state);
  }

  int steps() {
    return window.steps();
  }

  int hidden() {
    return network.top().hidden();
  }

  Activation activation() {
    return ((Elman) network.top()).activation();
  }

  /** A tensor as {@code [inputs][outputs]}; a vector as one row. */
  double[][] matrix(String name) {
    return matrix(weights, name);
  }

  /** A tensor of weights or of a gradient as {@code [inputs][outputs]}; a vector as one row. */
  static double[][] matrix(Weights of, String name) {
    Tensor tensor = of.layout().get(name);
    return rows(of.of(name), tensor.columns());
  }

  /** Puts a matrix, {@code [inputs][outputs]}, in a tensor's place. */
  static void fill(Weights of, String name, double[]... values) {
    Tensor tensor = of.layout().get(name);
    double[] flat = Matrices.flatten(values);
    for (int i = 0; i < flat.length; i++) {
      of.values()[tensor.offset() + i] = (float) flat[i];
    }
  }

  /** Rows of {@code columns} numbers. */
  static double[][] rows(float[] flat, int columns) {
    double[][] rows = new double[flat.length / columns][columns];
    for (int i = 0; i < flat.length; i++) {
      rows[i / columns][i % columns] = flat[i];
    }
    return rows;
  }

  /** h_0 as the book has it. */
  double[] h0() {
    return rows(state.layer(0)[0], hidden())[0];
  }

  /** The book's network; a bias that is not there is zero. */
  ElmanNetwork book() {
    ElmanNetwork zeros =
        ElmanNetwork.zeros(
            Phi.valueOf(activation().name()),
            network.inputs(),
            hidden(),
            network.readout().outputs());
    boolean biased = weights.layout().find("rnn.bias_ih_l0").isPresent();
    return new ElmanNetwork(
        zeros.phi(),
        List.of(
            new ElmanNetwork.Layer(
                matrix("rnn.weight_ih_l0"),
                matrix("rnn.weight_hh_l0"),
                biased ? matrix("rnn.bias_ih_l0")[0] : zeros.layers().get(0).bh())),
        matrix("decoder.weight"),
        network.readout().bias() ? matrix("decoder.bias")[0] : zeros.bq());
  }

  /** The book's way forward over x. */
  ElmanTrace trace(double[][] x) {
    double[][][] inputs = new double[x.length][][];
    for (int t = 0; t < x.length; t++) {
      inputs[t] = new double[][] {x[t]};
    }
    return book().forward(inputs, new double[][][] {{h0()}});
  }
}
