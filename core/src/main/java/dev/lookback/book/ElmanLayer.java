package dev.lookback.book;

import static dev.lookback.book.Matrices.add;
import static dev.lookback.book.Matrices.multiply;

/**
 * The simple recurrent layer.
 *
 * <pre>
 *   a_t = x_t W_xh + b_ih + h_{t-1} W_hh + b_hh
 *   h_t = phi(a_t)
 * </pre>
 *
 * <p><b>Source.</b> Elman 1990, "Finding Structure in Time".
 *
 * @param phi the activation
 * @param weights G = 1
 */
public record ElmanLayer(Phi phi, LayerWeights weights) implements Layer {

  /** Checks the shapes. */
  public ElmanLayer {
    weights.require("an Elman layer", 1, false);
  }

  /** Weights of zero, without biases. */
  public static ElmanLayer zeros(Phi phi, int inputs, int hidden) {
    return new ElmanLayer(phi, LayerWeights.zeros(inputs, hidden, 1));
  }

  @Override
  public ElmanLayer with(LayerWeights weights) {
    return new ElmanLayer(phi, weights);
  }

  @Override
  public boolean hasCellState() {
    return false;
  }

  @Override
  public CellState forward(double[] x, CellState before) {
    double[] a = add(weights.fromInput(x), weights.fromState(before.h()));
    double[] h = new double[hidden()];
    for (int j = 0; j < h.length; j++) {
      h[j] = phi.apply(a[j]);
    }
    return CellState.of(h);
  }

  /**
   * {@inheritDoc}
   *
   * <pre>
   *   da = dh * phi'(a)
   *   dx = da W_xh^T,   dh_{t-1} = da W_hh^T
   * </pre>
   */
  @Override
  public Sent backward(double[] x, CellState before, CellState delta, LayerWeights gradient) {
    double[] h = forward(x, before).h();
    double[] da = new double[hidden()];
    for (int j = 0; j < da.length; j++) {
      da[j] = delta.h()[j] * phi.derivativeAt(h[j]);
    }
    gradient.addInput(x, da);
    gradient.addState(before.h(), da);
    return new Sent(multiply(weights.wxh(), da), CellState.of(multiply(weights.whh(), da)));
  }
}
