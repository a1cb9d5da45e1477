package dev.lookback.cell;

import dev.lookback.weights.Layout;

/**
 * A cell that is written down as its arithmetic: the products, their gradients, threads, states
 * that start afresh, xi and the loops over time are the library's.
 *
 * <pre>
 *   a^g = x_t W^g_xh + h_{t-1} W^g_hh + b^g      for the gates g below {@link #direct()}
 *   s   = {@link #gateState}(a, state before)
 *   a^g = x_t W^g_xh + s W^g_hh + b^g            for the other gates, if there are some
 *   state after = {@link #forward}(a, s, state before)
 * </pre>
 *
 * <p>All arithmetic is number by number: unit j of a lane sees unit j of the gates and of the state
 * only. Weights are {@code rnn.weight_ih_l0}, {@code [D, G H]}, and so on, as of the library's own
 * cells. What is computed has the same bits for any number of threads.
 */
public interface GatedCell extends Cell {

  /**
   * How many of the gates, the first ones, read h_{t-1} itself. The others read the gated state.
   */
  default int direct() {
    return gates();
  }

  /** Which bias vectors are trained. */
  default Biases biases() {
    return Biases.INPUT;
  }

  /** Sets the gated state s. Called where not all gates are direct. */
  default void gateState(Step step) {}

  /** Sets every plane of the state after the step. */
  void forward(Step step);

  /**
   * One step back: from dL / d state after it ({@link Step#delta}) to dL/da of every gate ({@link
   * Step#gateDelta}) and to what goes straight to every plane of the state before ({@link
   * Step#sendBack}), all of s left out.
   */
  void backward(Step step);

  /**
   * Back through the gated state: from dL/ds ({@link Step#gatedDelta}) to what it adds to dL/da of
   * the direct gates and to the state before ({@link Step#addBack}).
   */
  default void gateStateBackward(Step step) {}

  @Override
  default int gatePlanes() {
    return direct() < gates() ? gates() + 1 : gates();
  }

  @Override
  default int deltaPlanes() {
    return gates();
  }

  @Override
  default void describe(Layout.Builder builder, int layer) {
    Sizes.check(label(), inputs(), hidden());
    Tensors.describe(this, biases(), builder, layer);
  }

  @Override
  default Recurrence recurrence(Layout layout, int layer) {
    return new GatedRecurrence(this, Tensors.of(this, layout, layer));
  }
}
