package dev.lookback.cell;

import dev.lookback.math.Part;
import dev.lookback.weights.Snapshot;
import dev.lookback.window.Inputs;
import java.util.Arrays;

/**
 * What one layer keeps of a block for its way back: the states of up to {@code capacity} steps, in
 * front of them the state that entered, and the gates.
 *
 * <p>A state plane is {@code [(capacity + 1), B, H]}: its first B rows are the entering state, so
 * that the rows of h_{t-1} of a span are the rows of h_t one step earlier and one product serves
 * all of them. A gate plane is {@code [capacity, B, H]}; each gate has a plane of its own, so that
 * what a step does to a gate is one run over all lanes.
 */
public final class Tape {
  private final float[][] planes;
  private final float[][] gates;
  private final Inputs.Dense outputs;
  private final int lanes;
  private final int hidden;

  /** Room for {@code capacity} steps of {@code lanes} lanes. */
  public Tape(Cell cell, int capacity, int lanes) {
    this.lanes = lanes;
    this.hidden = cell.hidden();
    this.planes = new float[cell.planes()][Sizes.of(capacity + 1, lanes, hidden)];
    this.gates = Sizes.planes(cell.gatePlanes(), capacity, lanes, hidden);
    this.outputs = new Inputs.Dense(planes[0], hidden);
  }

  /** Bytes that one occupies. */
  public static long bytes(Cell cell, int capacity, int lanes) {
    long state = (capacity + 1L) * lanes * cell.hidden();
    long gate = Sizes.plane(capacity, lanes, cell.hidden());
    return (cell.planes() * state + cell.gatePlanes() * gate) * Float.BYTES;
  }

  /** B. */
  public int lanes() {
    return lanes;
  }

  /** Plane p of the state; plane 0 is the output h. Step t of the tape begins at row (t + 1) B. */
  public float[] plane(int p) {
    return planes[p];
  }

  float[][] planes() {
    return planes;
  }

  /** The planes of the gates; step t of the tape begins at row t B. */
  public float[][] gates() {
    return gates;
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

  /**
   * Copies the state that enters step t for a part's lanes to {@code to}, plane after plane {@code
   * [planes, B, H]}: the state after the step before, or the initial one where a lane starts
   * afresh.
   */
  void entering(Span span, int t, Part part, float[][] initial, float[] to) {
    for (int p = 0; p < planes.length; p++) {
      for (int b = part.b0(); b < part.b1(); b++) {
        int at = (p * lanes + b) * hidden;
        if (!span.startsAfresh(t, b, lanes)) {
          System.arraycopy(planes[p], (t * lanes + b) * hidden, to, at, hidden);
        } else if (initial.length == 0) {
          Arrays.fill(to, at, at + hidden, 0);
        } else {
          System.arraycopy(initial[p], 0, to, at, hidden);
        }
      }
    }
  }

  /** Puts the entering state and the planes of the first {@code steps} steps. */
  public void save(int steps, Snapshot.Writer to) {
    for (int p = 0; p < planes.length; p++) {
      to.put("state." + p, Arrays.copyOf(planes[p], (steps + 1) * lanes * hidden));
    }
    for (int g = 0; g < gates.length; g++) {
      to.put("gate." + g, Arrays.copyOf(gates[g], steps * lanes * hidden));
    }
  }

  /** Takes over what was saved of so many steps of a tape as long. */
  public void restore(int steps, Snapshot from) {
    for (int p = 0; p < planes.length; p++) {
      from.copyFirst("state." + p, (steps + 1) * lanes * hidden, planes[p]);
    }
    for (int g = 0; g < gates.length; g++) {
      from.copyFirst("gate." + g, steps * lanes * hidden, gates[g]);
    }
  }

  /** Bytes it occupies. */
  public long bytes() {
    long floats = 0;
    for (float[] plane : planes) {
      floats += plane.length;
    }
    for (float[] gate : gates) {
      floats += gate.length;
    }
    return floats * Float.BYTES;
  }
}
