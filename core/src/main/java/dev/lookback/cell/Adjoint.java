package dev.lookback.cell;

import java.util.Arrays;

/**
 * The gradient on its way back through one layer: scratch for one block, and the carry from block
 * to block.
 */
public final class Adjoint {
  private final float[] q;
  private final float[][] deltas;
  private final float[][] carry;
  private final float[][] initial;
  // Only windows with resets need it.
  private final float[][] previous;
  // Only a reset gate before the product needs it.
  private final float[] between;

  /** Room for blocks of up to {@code capacity} steps of {@code lanes} lanes. */
  public Adjoint(Cell cell, int capacity, int lanes) {
    int block = Sizes.of(capacity, lanes, cell.hidden());
    this.q = new float[block];
    this.deltas = Sizes.planes(cell.deltaPlanes(), capacity, lanes, cell.hidden());
    this.carry = new float[cell.planes()][lanes * cell.hidden()];
    this.initial = new float[cell.learnsState() ? cell.planes() : 0][lanes * cell.hidden()];
    this.previous = new float[cell.planes()][0];
    this.between = new float[lanes * cell.hidden()];
  }

  /** Bytes that one occupies; where windows have resets, the states in front of them are kept. */
  public static long bytes(Cell cell, int capacity, int lanes, boolean resets) {
    long step = (long) lanes * cell.hidden();
    long initial = cell.learnsState() ? cell.planes() : 0;
    long floats =
        capacity * step
            + cell.deltaPlanes() * Sizes.plane(capacity, lanes, cell.hidden())
            + (resets ? (long) cell.planes() * capacity * step : 0)
            + (1 + cell.planes() + initial) * step;
    return floats * Float.BYTES;
  }

  /**
   * dL/dh_t of the span's steps through the output alone, {@code [S, B, H]}, row 0 at the tape's
   * first step.
   */
  public float[] q() {
    return q;
  }

  /** The gradients of what goes into each gate, {@code [S, B, H]} each. */
  public float[][] deltas() {
    return deltas;
  }

  /**
   * The states of plane p that enter the steps of a span, {@code [S, B, H]}; see {@link Linear}.
   */
  float[] previous(int p) {
    if (previous[p].length == 0) {
      previous[p] = new float[q.length];
    }
    return previous[p];
  }

  /** Scratch of one step, {@code [B, H]}. */
  float[] between() {
    return between;
  }

  /** What is sent back over the link between two spans, {@code [B, H]} for each plane. */
  public float[][] carry() {
    return carry;
  }

  /** What came back to initial states that are learned, {@code [B, H]} for each plane. */
  public float[][] initial() {
    return initial;
  }

  /** Nothing comes back from beyond the end. */
  public void clearCarry() {
    for (float[] plane : carry) {
      Arrays.fill(plane, 0);
    }
    for (float[] plane : initial) {
      Arrays.fill(plane, 0);
    }
  }

  /** Bytes it occupies. */
  public long bytes() {
    long floats = (long) q.length + between.length;
    for (float[] delta : deltas) {
      floats += delta.length;
    }
    for (float[] plane : previous) {
      floats += plane.length;
    }
    return (floats + (long) (carry.length + initial.length) * carry[0].length) * Float.BYTES;
  }
}
