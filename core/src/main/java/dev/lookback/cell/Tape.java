package dev.lookback.cell;

import dev.lookback.window.Inputs;

/**
 * What one layer keeps of a block for its way back: the states of up to {@code capacity} steps, and
 * in front of them the state that entered.
 *
 * <p>A plane is {@code [(capacity + 1), B, H]}: its first B rows are the entering state, so that
 * the rows of h_{t-1} of a span are the rows of h_t one step earlier and one product serves all of
 * them.
 */
public final class Tape {
  private final float[][] planes;
  private final Inputs.Dense outputs;
  private final int lanes;
  private final int hidden;

  /** Room for {@code capacity} steps of {@code lanes} lanes. */
  public Tape(Cell cell, int capacity, int lanes) {
    this.lanes = lanes;
    this.hidden = cell.hidden();
    this.planes = new float[cell.planes()][Sizes.of(capacity + 1, lanes, hidden)];
    this.outputs = new Inputs.Dense(planes[0], hidden);
  }

  int lanes() {
    return lanes;
  }

  /** Plane p of the state; plane 0 is the output h. */
  public float[] plane(int p) {
    return planes[p];
  }

  /** h as the input of the layer above; the tape's first step is row B. */
  public Inputs.Dense outputs() {
    return outputs;
  }

  /** Copies in the state that enters the tape's first step. */
  public void enter(float[][] state) {
    for (int p = 0; p < planes.length; p++) {
      System.arraycopy(state[p], 0, planes[p], 0, lanes * hidden);
    }
  }

  /** Copies out the state after {@code steps} steps of the tape. */
  public void leave(int steps, float[][] state) {
    for (int p = 0; p < planes.length; p++) {
      System.arraycopy(planes[p], steps * lanes * hidden, state[p], 0, lanes * hidden);
    }
  }

  /** Bytes it occupies. */
  public long bytes() {
    return (long) planes.length * planes[0].length * Float.BYTES;
  }
}
