package dev.lookback.book;

import static dev.lookback.book.Matrices.add;
import static dev.lookback.book.Matrices.multiply;

/**
 * Long short-term memory, gates in the order i, f, g, o.
 *
 * <pre>
 *   a = x_t W_xh + b_ih + h_{t-1} W_hh + b_hh
 *   i = sigmoid(a_i)    what enters                f = sigmoid(a_f)    what stays
 *   g = tanh(a_g)       the candidate              o = sigmoid(a_o)    what shows
 *   c_t = f * c_{t-1} + i * g
 *   h_t = o * tanh(c_t)
 * </pre>
 *
 * <p>Products with * are elementwise.
 *
 * <p><b>Source.</b> Hochreiter and Schmidhuber 1997, "Long Short-Term Memory"; f from Gers,
 * Schmidhuber and Cummins 2000, "Learning to Forget". No peepholes.
 *
 * @param weights G = 4
 */
public record LstmLayer(LayerWeights weights) implements Layer {

  /** Checks the shapes. */
  public LstmLayer {
    weights.require("an LSTM", 4, true);
  }

  /** Weights of zero, without biases. */
  public static LstmLayer zeros(int inputs, int hidden) {
    return new LstmLayer(LayerWeights.zeros(inputs, hidden, 4));
  }

  /**
   * The gates of one step of one lane, {@code [H]} each.
   *
   * @param i what enters
   * @param f what stays
   * @param g the candidate
   * @param o what shows
   */
  public record Gates(double[] i, double[] f, double[] g, double[] o) {}

  @Override
  public LstmLayer with(LayerWeights weights) {
    return new LstmLayer(weights);
  }

  @Override
  public boolean hasCellState() {
    return true;
  }

  /** The gates that {@code x_t} and {@code h_{t-1}} set. */
  public Gates gates(double[] x, double[] hBefore) {
    int n = hidden();
    double[] a = add(weights.fromInput(x), weights.fromState(hBefore));
    Gates gates = new Gates(new double[n], new double[n], new double[n], new double[n]);
    for (int j = 0; j < n; j++) {
      gates.i[j] = sigmoid(a[j]);
      gates.f[j] = sigmoid(a[n + j]);
      gates.g[j] = Math.tanh(a[2 * n + j]);
      gates.o[j] = sigmoid(a[3 * n + j]);
    }
    return gates;
  }

  @Override
  public CellState forward(double[] x, CellState before) {
    Gates gates = gates(x, before.h());
    double[] h = new double[hidden()];
    double[] c = new double[hidden()];
    for (int j = 0; j < h.length; j++) {
      c[j] = gates.f[j] * before.c()[j] + gates.i[j] * gates.g[j];
      h[j] = gates.o[j] * Math.tanh(c[j]);
    }
    return new CellState(h, c);
  }

  /**
   * {@inheritDoc}
   *
   * <pre>
   *   dc   = dc_t + dh_t * o * (1 - tanh(c_t)^2)       both ways that c_t has into the loss
   *   da_i = dc * g * i * (1 - i)                      da_f = dc * c_{t-1} * f * (1 - f)
   *   da_g = dc * i * (1 - g^2)                        da_o = dh_t * tanh(c_t) * o * (1 - o)
   *   dx   = da W_xh^T,   dh_{t-1} = da W_hh^T,   dc_{t-1} = dc * f
   * </pre>
   */
  @Override
  public Sent backward(double[] x, CellState before, CellState delta, LayerWeights gradient) {
    int n = hidden();
    Gates gates = gates(x, before.h());
    CellState after = forward(x, before);
    double[] da = new double[4 * n];
    double[] dcBefore = new double[n];
    for (int j = 0; j < n; j++) {
      double i = gates.i[j];
      double f = gates.f[j];
      double g = gates.g[j];
      double o = gates.o[j];
      double dh = delta.h()[j];
      double tanhC = Math.tanh(after.c()[j]);
      double dc = delta.c()[j] + dh * o * (1 - tanhC * tanhC);
      da[j] = dc * g * i * (1 - i);
      da[n + j] = dc * before.c()[j] * f * (1 - f);
      da[2 * n + j] = dc * i * (1 - g * g);
      da[3 * n + j] = dh * tanhC * o * (1 - o);
      dcBefore[j] = dc * f;
    }
    gradient.addInput(x, da);
    gradient.addState(before.h(), da);
    double[] dhBefore = multiply(weights.whh(), da);
    return new Sent(multiply(weights.wxh(), da), new CellState(dhBefore, dcBefore));
  }

  /** {@code 1 / (1 + exp(-a))}; its derivative is {@code s (1 - s)}. */
  static double sigmoid(double a) {
    return 1 / (1 + Math.exp(-a));
  }
}
