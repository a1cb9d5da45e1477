package dev.lookback.cell;

import java.util.Arrays;

/**
 * The gradient on its way back through one layer: scratch for one block, and the carry from block
 * to block.
 */
public final class Adjoint {
  private final float[] q;
  private final float[] scratch;
  // Only windows with resets need it.
  private float[] previous = new float[0];
  private final float[][] carry;

  /** Room for blocks of up to {@code capacity} steps of {@code lanes} lanes. */
  public Adjoint(Cell cell, int capacity, int lanes) {
    this.q = new float[Sizes.of(capacity, lanes, cell.hidden())];
    this.scratch = new float[Sizes.of(capacity, lanes, cell.scratchWidth())];
    this.carry = new float[cell.planes()][lanes * cell.hidden()];
  }

  /**
   * dL/dh_t of the span's steps through the output alone, {@code [S, B, H]}, row 0 at the tape's
   * first step; overwritten on the way.
   */
  public float[] q() {
    return q;
  }

  /** Scratch of the cell, {@code [S, B, scratchWidth]}. */
  float[] scratch() {
    return scratch;
  }

  /** Scratch for the states before each step where some are reset, {@code [S, B, H]}. */
  float[] previous() {
    if (previous.length == 0) {
      previous = new float[q.length];
    }
    return previous;
  }

  /** What is sent back over the link between two spans, {@code [B, H]} for each plane. */
  public float[][] carry() {
    return carry;
  }

  /** Nothing comes back from beyond the end. */
  public void clearCarry() {
    for (float[] plane : carry) {
      Arrays.fill(plane, 0);
    }
  }

  /** Bytes it occupies. */
  public long bytes() {
    long floats = (long) q.length + scratch.length + previous.length;
    return (floats + (long) carry.length * carry[0].length) * Float.BYTES;
  }
}
