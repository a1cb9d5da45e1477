package dev.lookback.book;

import static dev.lookback.book.LstmLayer.sigmoid;
import static dev.lookback.book.Matrices.add;
import static dev.lookback.book.Matrices.elementwise;
import static dev.lookback.book.Matrices.multiply;

/**
 * The gated recurrent unit, gates in the order r, z, n.
 *
 * <pre>
 *   a = x_t W_xh + b_ih,   u = h_{t-1} W_hh + b_hh
 *   r = sigmoid(a_r + u_r)    how much of the past the candidate sees
 *   z = sigmoid(a_z + u_z)    how much of the past stays
 *   n = tanh(a_n + r * u_n)                              the reset after the product
 *   n = tanh(a_n + (r * h_{t-1}) W_hn + b_hn)            the reset before the product
 *   h_t = (1 - z) * n + z * h_{t-1}
 * </pre>
 *
 * <p>Products with * are elementwise.
 *
 * <p><b>Source.</b> Cho et al. 2014, "Learning Phrase Representations using RNN Encoder-Decoder for
 * Statistical Machine Translation", with the reset before the product. The other form is that of
 * cuDNN, and with it of PyTorch: all of W_hh is one product.
 *
 * @param reset where r acts
 * @param weights G = 3
 */
public record GruLayer(Reset reset, LayerWeights weights) implements Layer {

  /** Where the reset gate acts on the past that the candidate sees. */
  public enum Reset {
    /** {@code r * (h W_hn + b_hn)}: b_hn stands inside. */
    AFTER_PRODUCT,
    /** {@code (r * h) W_hn + b_hn}: b_hn just adds. */
    BEFORE_PRODUCT
  }

  /** Checks the shapes. */
  public GruLayer {
    weights.require("a GRU", 3, false);
  }

  /** Weights of zero, without biases. */
  public static GruLayer zeros(Reset reset, int inputs, int hidden) {
    return new GruLayer(reset, LayerWeights.zeros(inputs, hidden, 3));
  }

  /**
   * The gates of one step of one lane, {@code [H]} each.
   *
   * @param r how much of the past the candidate sees
   * @param z how much of the past stays
   * @param n the candidate
   */
  public record Gates(double[] r, double[] z, double[] n) {}

  @Override
  public GruLayer with(LayerWeights weights) {
    return new GruLayer(reset, weights);
  }

  @Override
  public boolean hasCellState() {
    return false;
  }

  /** The gates that {@code x_t} and {@code h_{t-1}} set. */
  public Gates gates(double[] x, double[] hBefore) {
    int n = hidden();
    double[] a = weights.fromInput(x);
    double[] u = weights.fromState(hBefore);
    Gates gates = new Gates(new double[n], new double[n], new double[n]);
    for (int j = 0; j < n; j++) {
      gates.r[j] = sigmoid(a[j] + u[j]);
      gates.z[j] = sigmoid(a[n + j] + u[n + j]);
    }
    double[] past = candidatePast(gates.r, hBefore);
    for (int j = 0; j < n; j++) {
      gates.n[j] = Math.tanh(a[2 * n + j] + past[j]);
    }
    return gates;
  }

  /** What the candidate sees of the past: {@code r * u_n}, or {@code (r * h) W_hn + b_hn}. */
  private double[] candidatePast(double[] r, double[] hBefore) {
    int n = hidden();
    double[] u =
        weights.fromState(reset == Reset.BEFORE_PRODUCT ? elementwise(r, hBefore) : hBefore);
    double[] past = new double[n];
    for (int j = 0; j < n; j++) {
      past[j] = reset == Reset.BEFORE_PRODUCT ? u[2 * n + j] : r[j] * u[2 * n + j];
    }
    return past;
  }

  @Override
  public CellState forward(double[] x, CellState before) {
    Gates gates = gates(x, before.h());
    double[] h = new double[hidden()];
    for (int j = 0; j < h.length; j++) {
      h[j] = (1 - gates.z[j]) * gates.n[j] + gates.z[j] * before.h()[j];
    }
    return CellState.of(h);
  }

  /**
   * {@inheritDoc}
   *
   * <pre>
   *   da_n = dh * (1 - z) * (1 - n^2)
   *   da_z = dh * (h_{t-1} - n) * z * (1 - z)
   *   da_r = dr * r * (1 - r)
   *   dx = da W_xh^T
   *
   *   the reset after the product:
   *     dr = da_n * u_n,   du = (da_r, da_z, r * da_n)
   *     dh_{t-1} = dh * z + du W_hh^T
   *   before the product, with s = r * h_{t-1}:
   *     ds = da_n W_hn^T,   dr = ds * h_{t-1}
   *     dh_{t-1} = dh * z + ds * r + da_r W_hr^T + da_z W_hz^T
   * </pre>
   */
  @Override
  public Sent backward(double[] x, CellState before, CellState delta, LayerWeights gradient) {
    int n = hidden();
    Gates gates = gates(x, before.h());
    double[] da = new double[3 * n];
    double[] stays = new double[n];
    for (int j = 0; j < n; j++) {
      double z = gates.z[j];
      double candidate = gates.n[j];
      double dh = delta.h()[j];
      da[n + j] = dh * (before.h()[j] - candidate) * z * (1 - z);
      da[2 * n + j] = dh * (1 - z) * (1 - candidate * candidate);
      stays[j] = dh * z;
    }
    double[] sees =
        reset == Reset.AFTER_PRODUCT
            ? backwardAfterProduct(gates.r, before.h(), da, gradient)
            : backwardBeforeProduct(gates.r, before.h(), da, gradient);
    gradient.addInput(x, da);
    return new Sent(multiply(weights.wxh(), da), CellState.of(add(stays, sees)));
  }

  /** Completes da by da_r; returns what goes to h_{t-1} through the gates. */
  private double[] backwardAfterProduct(
      double[] r, double[] hBefore, double[] da, LayerWeights gradient) {
    int n = hidden();
    double[] u = weights.fromState(hBefore);
    double[] du = new double[3 * n];
    for (int j = 0; j < n; j++) {
      double dr = da[2 * n + j] * u[2 * n + j];
      da[j] = dr * r[j] * (1 - r[j]);
      du[j] = da[j];
      du[n + j] = da[n + j];
      du[2 * n + j] = r[j] * da[2 * n + j];
    }
    gradient.addState(hBefore, du);
    return multiply(weights.whh(), du);
  }

  /** Completes da by da_r; returns what goes to h_{t-1} through the gates. */
  private double[] backwardBeforeProduct(
      double[] r, double[] hBefore, double[] da, LayerWeights gradient) {
    int n = hidden();
    // da_n alone among zeros takes only W_hn from all of W_hh; r and z in their turn the rest.
    double[] daN = new double[3 * n];
    System.arraycopy(da, 2 * n, daN, 2 * n, n);
    double[] ds = multiply(weights.whh(), daN);
    double[] daRz = new double[3 * n];
    for (int j = 0; j < n; j++) {
      double dr = ds[j] * hBefore[j];
      da[j] = dr * r[j] * (1 - r[j]);
      daRz[j] = da[j];
      daRz[n + j] = da[n + j];
    }
    gradient.addState(elementwise(r, hBefore), daN);
    gradient.addState(hBefore, daRz);
    return add(elementwise(ds, r), multiply(weights.whh(), daRz));
  }
}
