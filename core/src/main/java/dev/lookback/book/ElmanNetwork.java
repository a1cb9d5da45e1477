package dev.lookback.book;

import static dev.lookback.book.Matrices.add;
import static dev.lookback.book.Matrices.multiply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A stack of Elman layers and a linear readout.
 *
 * <pre>
 *   H_t = phi(X_t W_xh + H_{t-1} W_hh + b_h),   O_t = H_t W_hq + b_q
 * </pre>
 *
 * <p>The H_t of a layer is the X_t of the one above; the readout takes the topmost. The same record
 * carries a gradient, each number in the place of the weight it belongs to.
 *
 * <p><b>Source.</b> Elman 1990; "Dive into Deep Learning", section "Recurrent Neural Networks".
 *
 * @param phi the activation of every layer
 * @param layers from the inputs upwards
 * @param whq {@code [H][O]}, H of the topmost layer
 * @param bq {@code [O]}
 */
public record ElmanNetwork(Phi phi, List<Layer> layers, double[][] whq, double[] bq) {

  /** Checks that each layer takes what the one below gives. */
  public ElmanNetwork {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("there are no layers but at least one is needed");
    }
    for (int l = 1; l < layers.size(); l++) {
      if (layers.get(l).inputs() != layers.get(l - 1).hidden()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "layer %d takes %d numbers but layer %d gives %d",
                l,
                layers.get(l).inputs(),
                l - 1,
                layers.get(l - 1).hidden()));
      }
    }
    int top = layers.get(layers.size() - 1).hidden();
    if (whq.length != top) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "W_hq has %d rows but the topmost layer gives %d", whq.length, top));
    }
  }

  /**
   * The weights of one layer.
   *
   * @param wxh {@code [D][H]}
   * @param whh {@code [H][H]}
   * @param bh {@code [H]}
   */
  public record Layer(double[][] wxh, double[][] whh, double[] bh) {

    /** Checks that the three agree on H. */
    public Layer {
      if (whh.length != bh.length || wxh.length == 0 || wxh[0].length != bh.length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "W_xh is [%d][%d] and W_hh has %d rows but b_h has %d numbers",
                wxh.length,
                wxh.length == 0 ? 0 : wxh[0].length,
                whh.length,
                bh.length));
      }
    }

    /** D. */
    public int inputs() {
      return wxh.length;
    }

    /** H. */
    public int hidden() {
      return bh.length;
    }

    /** {@code h_t = phi(x_t W_xh + h_{t-1} W_hh + b_h)} of one lane. */
    public double[] step(Phi phi, double[] x, double[] before) {
      double[] a = add(add(multiply(x, wxh), multiply(before, whh)), bh);
      for (int i = 0; i < a.length; i++) {
        a[i] = phi.apply(a[i]);
      }
      return a;
    }
  }

  /** A network of zeros: {@code widths} are D, the H of each layer from below, and O. */
  public static ElmanNetwork zeros(Phi phi, int... widths) {
    if (widths.length < 3) {
      throw new IllegalArgumentException(
          "there are " + widths.length + " widths but D, at least one H, and O are needed");
    }
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < widths.length - 2; l++) {
      int hidden = widths[l + 1];
      layers.add(
          new Layer(new double[widths[l]][hidden], new double[hidden][hidden], new double[hidden]));
    }
    int outputs = widths[widths.length - 1];
    return new ElmanNetwork(
        phi, layers, new double[widths[widths.length - 2]][outputs], new double[outputs]);
  }

  /** A network of zeros in the shape of this one. */
  public ElmanNetwork zeros() {
    return withParameters(new double[parameters().length]);
  }

  /**
   * All weights one after another, row-major: W_xh, W_hh, b_h of each layer from below, then W_hq
   * and b_q. A copy.
   */
  public double[] parameters() {
    List<double[]> rows = rows();
    return Matrices.flatten(rows.toArray(new double[0][]));
  }

  /** A network of this shape with the weights {@code parameters}, in the order of the above. */
  public ElmanNetwork withParameters(double[] parameters) {
    int[] widths = new int[layers.size() + 2];
    widths[0] = layers.get(0).inputs();
    for (int l = 0; l < layers.size(); l++) {
      widths[l + 1] = layers.get(l).hidden();
    }
    widths[widths.length - 1] = bq.length;
    ElmanNetwork network = zeros(phi, widths);
    int needed = network.parameters().length;
    if (needed != parameters.length) {
      throw new IllegalArgumentException(
          "there are " + parameters.length + " parameters but the network needs " + needed);
    }
    int at = 0;
    for (double[] row : network.rows()) {
      System.arraycopy(parameters, at, row, 0, row.length);
      at += row.length;
    }
    return network;
  }

  /** H0 = 0, {@code [layers][B][H]}. */
  public double[][][] zeroState(int lanes) {
    double[][][] state = new double[layers.size()][lanes][];
    for (int l = 0; l < layers.size(); l++) {
      for (int b = 0; b < lanes; b++) {
        state[l][b] = new double[layers.get(l).hidden()];
      }
    }
    return state;
  }

  /** Runs over inputs {@code [T][B][D]} from the state {@code h0}, {@code [layers][B][H]}. */
  public ElmanTrace forward(double[][][] inputs, double[][][] h0) {
    return forward(inputs, h0, new boolean[inputs.length][inputs[0].length]);
  }

  /**
   * Runs over inputs {@code [T][B][D]} from the state {@code h0}, {@code [layers][B][H]}; where
   * {@code reset}, {@code [T][B]}, is true, the state that enters the step is zero in every layer.
   */
  public ElmanTrace forward(double[][][] inputs, double[][][] h0, boolean[][] reset) {
    int steps = inputs.length;
    int lanes = inputs[0].length;
    double[][][][] h = new double[layers.size()][steps][lanes][];
    double[][][] o = new double[steps][lanes][];
    ElmanTrace trace = new ElmanTrace(this, inputs, h0, reset, h, o);
    for (int t = 0; t < steps; t++) {
      for (int b = 0; b < lanes; b++) {
        for (int l = 0; l < layers.size(); l++) {
          h[l][t][b] = layers.get(l).step(phi, trace.layerInput(l, t, b), trace.entering(l, t, b));
        }
        o[t][b] = add(multiply(h[layers.size() - 1][t][b], whq), bq);
      }
    }
    return trace;
  }

  /** The weights themselves, row by row, in the order of {@link #parameters}. */
  private List<double[]> rows() {
    List<double[]> rows = new ArrayList<>();
    for (Layer layer : layers) {
      rows.addAll(List.of(layer.wxh()));
      rows.addAll(List.of(layer.whh()));
      rows.add(layer.bh());
    }
    rows.addAll(List.of(whq));
    rows.add(bq);
    return rows;
  }
}
