package dev.lookback.book;

/**
 * One layer of recurrence with its weights: how a step of one lane goes forward and, right under
 * it, backward. {@code forward} writes nothing down; {@code backward} computes the gates again.
 *
 * <pre>
 *   (h_t, c_t) = f(x_t, (h_{t-1}, c_{t-1}); w)
 * </pre>
 *
 * <p>A lane that starts afresh does so from {@link #start}.
 */
public sealed interface Layer permits ElmanLayer, GruLayer, LstmLayer {

  /** The weights. */
  LayerWeights weights();

  /** The same layer with other weights. */
  Layer with(LayerWeights weights);

  /** Whether the state is the pair (h, c), and not h alone. */
  boolean hasCellState();

  /** The state after step t from {@code x_t} and the state {@code before} it. */
  CellState forward(double[] x, CellState before);

  /**
   * Takes step t back: adds what it has to {@code gradient}, and says what it sends on.
   *
   * @param x {@code x_t}
   * @param before the state that entered the step
   * @param delta dL/dh_t and dL/dc_t, each with the other held
   * @param gradient the sum dL/dw, in the shape of {@link #weights}
   */
  Sent backward(double[] x, CellState before, CellState delta, LayerWeights gradient);

  /**
   * What a step sends back.
   *
   * @param x dL/dx_t, down
   * @param before dL/dh_{t-1} and dL/dc_{t-1}, into the past; not yet times xi_t
   */
  record Sent(double[] x, CellState before) {}

  /** D. */
  default int inputs() {
    return weights().inputs();
  }

  /** H. */
  default int hidden() {
    return weights().hidden();
  }

  /** A state of zeros. */
  default CellState zeroState() {
    return new CellState(new double[hidden()], new double[hasCellState() ? hidden() : 0]);
  }

  /** The state of a lane that starts afresh: the learned one, or zero. A copy. */
  default CellState start() {
    CellState learned = new CellState(weights().h0(), weights().c0());
    return learned.h().length == 0 ? zeroState() : zeroState().plus(learned);
  }

  /** The same layer with weights of zero. */
  default Layer zeros() {
    return with(weights().zeros());
  }

  /** The same layer with b_ih, zero. */
  default Layer withInputBias() {
    return with(weights().withInputBias());
  }

  /** The same layer with b_hh, zero. */
  default Layer withRecurrentBias() {
    return with(weights().withRecurrentBias());
  }

  /** The same layer with a learned state to start from, zero. */
  default Layer withLearnedStart() {
    return with(weights().withLearnedStart(hasCellState()));
  }
}
