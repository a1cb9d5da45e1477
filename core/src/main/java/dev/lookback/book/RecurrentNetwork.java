package dev.lookback.book;

import static dev.lookback.book.Matrices.add;
import static dev.lookback.book.Matrices.multiply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Layers of any kind on each other, a linear readout, and, where tokens come in, an embedding.
 *
 * <pre>
 *   x^0_t = E[id_t]                          or the numbers themselves, or a 1 at id_t among zeros
 *   (h^l_t, c^l_t) = f^l(x^l_t, (h^l_{t-1}, c^l_{t-1}))
 *   x^{l+1}_t = mask^l_t * h^l_t             elementwise; without a mask h^l_t itself
 *   o_t = h^top_t W_hq + b_q
 * </pre>
 *
 * <p>The same record carries a gradient, each number in the place of the weight it belongs to.
 *
 * @param embedding E, {@code [V][E]}, or empty for none
 * @param layers from the inputs upwards
 * @param whq {@code [H][O]}, H of the topmost layer
 * @param bq {@code [O]}, or empty for none
 */
public record RecurrentNetwork(
    double[][] embedding, List<Layer> layers, double[][] whq, double[] bq) {

  /** Checks that each part takes what the one below gives. */
  public RecurrentNetwork {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("there are no layers but at least one is needed");
    }
    if (embedding.length > 0) {
      requireFit("layer 0", layers.get(0).inputs(), "the embedding", embedding[0].length);
    }
    for (int l = 1; l < layers.size(); l++) {
      String below = "layer " + (l - 1);
      requireFit("layer " + l, layers.get(l).inputs(), below, layers.get(l - 1).hidden());
    }
    int top = layers.size() - 1;
    requireFit("the readout", whq.length, "layer " + top, layers.get(top).hidden());
    if (bq.length != 0 && bq.length != whq[0].length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "b_q has %d numbers but needs %d, or none", bq.length, whq[0].length));
    }
  }

  /** The layers with a readout of O outputs with a bias, both zero, and no embedding. */
  public static RecurrentNetwork of(List<Layer> layers, int outputs) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("there are no layers but at least one is needed");
    }
    int top = layers.get(layers.size() - 1).hidden();
    return new RecurrentNetwork(
        new double[0][], layers, new double[top][outputs], new double[outputs]);
  }

  /** The same with an embedding of V tokens, zero. */
  public RecurrentNetwork withEmbedding(int vocabulary) {
    return new RecurrentNetwork(new double[vocabulary][layers.get(0).inputs()], layers, whq, bq);
  }

  /** The same without a bias in the readout. */
  public RecurrentNetwork withoutReadoutBias() {
    return new RecurrentNetwork(embedding, layers, whq, new double[0]);
  }

  /** O. */
  public int outputs() {
    return whq[0].length;
  }

  /** A network of zeros in the shape of this one. */
  public RecurrentNetwork zeros() {
    return new RecurrentNetwork(
        new double[embedding.length][layers.get(0).inputs()],
        layers.stream().map(Layer::zeros).toList(),
        new double[whq.length][outputs()],
        new double[bq.length]);
  }

  /**
   * All weights one after another, matrices row by row, what is absent left out: the embedding;
   * W_xh, W_hh, b_ih, b_hh, h0, c0 of each layer from below; W_hq, b_q. A copy.
   */
  public double[] parameters() {
    return Matrices.flatten(rows().toArray(new double[0][]));
  }

  /** A network of this shape with the weights {@code parameters}, in the order of the above. */
  public RecurrentNetwork withParameters(double[] parameters) {
    int needed = parameters().length;
    if (needed != parameters.length) {
      throw new IllegalArgumentException(
          "there are " + parameters.length + " parameters but the network needs " + needed);
    }
    RecurrentNetwork network = zeros();
    int at = 0;
    for (double[] row : network.rows()) {
      System.arraycopy(parameters, at, row, 0, row.length);
      at += row.length;
    }
    return network;
  }

  /** A state of zeros, {@code [layers][B]}. */
  public CellState[][] zeroState(int lanes) {
    return state(lanes, Layer::zeroState);
  }

  /** The state from which a lane starts afresh, in every lane, {@code [layers][B]}. A copy. */
  public CellState[][] startState(int lanes) {
    return state(lanes, Layer::start);
  }

  private CellState[][] state(int lanes, Function<Layer, CellState> of) {
    CellState[][] state = new CellState[layers.size()][lanes];
    for (int l = 0; l < state.length; l++) {
      for (int b = 0; b < lanes; b++) {
        state[l][b] = of.apply(layers.get(l));
      }
    }
    return state;
  }

  /**
   * Runs over the window from {@code state}, {@code [layers][B]}; where a lane starts afresh, the
   * state that enters the step is the learned one, or zero, in every layer.
   */
  public RecurrentTrace forward(BookWindow window, CellState[][] state) {
    requireFit(window);
    int steps = window.steps();
    int lanes = window.lanes();
    CellState[][][] after = new CellState[layers.size()][steps][lanes];
    double[][][] o = new double[steps][lanes][];
    RecurrentTrace trace = new RecurrentTrace(this, window, state, after, o);
    for (int t = 0; t < steps; t++) {
      for (int b = 0; b < lanes; b++) {
        for (int l = 0; l < layers.size(); l++) {
          after[l][t][b] =
              layers.get(l).forward(trace.layerInput(l, t, b), trace.entering(l, t, b));
        }
        o[t][b] = read(after[layers.size() - 1][t][b].h());
      }
    }
    return trace;
  }

  /** {@code o = h W_hq + b_q}. */
  double[] read(double[] h) {
    double[] o = multiply(h, whq);
    return bq.length == 0 ? o : add(o, bq);
  }

  /** The numbers that a token stands for: its row of E, or a 1 in its place among zeros. */
  double[] embed(int id) {
    int known = embedding.length > 0 ? embedding.length : layers.get(0).inputs();
    if (id < 0 || id >= known) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "there is a token %d but the network knows 0 to %d", id, known - 1));
    }
    if (embedding.length > 0) {
      return embedding[id];
    }
    double[] x = new double[known];
    x[id] = 1;
    return x;
  }

  /** The weights themselves, row by row, in the order of {@link #parameters}. */
  private List<double[]> rows() {
    List<double[]> rows = new ArrayList<>(List.of(embedding));
    for (Layer layer : layers) {
      rows.addAll(layer.weights().rows());
    }
    rows.addAll(List.of(whq));
    rows.add(bq);
    return rows;
  }

  private void requireFit(BookWindow window) {
    if (window.inputs() instanceof BookWindow.Numbers && embedding.length > 0) {
      throw new IllegalArgumentException(
          "the inputs are numbers but the network embeds tokens: it needs ids");
    }
    if (window.mask().length != 0 && window.mask().length != layers.size() - 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there are masks for %d layers but %d layers have one above, and none is possible"
                  + " too",
              window.mask().length,
              layers.size() - 1));
    }
  }

  private static void requireFit(String above, int taken, String below, int given) {
    if (taken != given) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s takes %d numbers but %s gives %d", above, taken, below, given));
    }
  }
}
