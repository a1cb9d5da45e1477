package dev.lookback.cell;

import dev.lookback.math.Part;
import dev.lookback.math.Worker;

/**
 * Some numbers of one step of a {@link GatedCell}: units of one lane, or all units of some lanes.
 * Number j of everything it gives belongs to the same unit of the same lane.
 *
 * <p>A view that is moved on: worth nothing after the call that it was given to.
 */
public final class Step {
  private final Worker worker;
  private final Tape tape;
  private final float[][] gates;
  private final int gated;
  private final int hidden;
  // Where plane p of the state before the step stands, and from which number on.
  private final float[][] before;
  private final int[] beforeAt;
  private float[] q = new float[0];
  private float[] ds = new float[0];
  private float[][] deltas = new float[0][];
  private float[][] carry = new float[0][];
  private int at;
  private int after;
  private int inStep;
  private int numbers;

  Step(GatedCell cell, Worker worker, Tape tape) {
    this.worker = worker;
    this.tape = tape;
    this.gates = tape.gates();
    this.gated = cell.gates();
    this.hidden = cell.hidden();
    this.before = new float[cell.planes()][];
    this.beforeAt = new int[cell.planes()];
  }

  /** On the way back, too. */
  void backward(Adjoint adjoint) {
    q = adjoint.q();
    deltas = adjoint.deltas();
    carry = adjoint.carry();
    ds = adjoint.between();
  }

  /** Plane p of the state before the step; lane 0 is row {@code row}. */
  void before(int p, float[] states, int row) {
    before[p] = states;
    beforeAt[p] = row * hidden;
  }

  /** On to the numbers of a part from lane b, at step t of the tape. */
  void moveTo(Part part, int t, int b) {
    inStep = b * hidden + part.u0();
    at = t * tape.lanes() * hidden + inStep;
    after = at + tape.lanes() * hidden;
    numbers = part.numbers(hidden);
  }

  /** How many numbers there are. */
  public int numbers() {
    return numbers;
  }

  /** What goes into gate g, or what {@link #sigmoid}, {@link #tanh} or you have made of it. */
  public float gate(int g, int j) {
    return gates[g][at + j];
  }

  /** Keeps another value of gate g for the way back. */
  public void gate(int g, int j, float value) {
    gates[g][at + j] = value;
  }

  /** Takes the sigmoid of gate g. */
  public void sigmoid(int g) {
    worker.sigmoid(gates[g], at, at + numbers);
  }

  /** Takes the tanh of gate g. */
  public void tanh(int g) {
    worker.tanh(gates[g], at, at + numbers);
  }

  /** Plane p of the state before the step. */
  public float before(int p, int j) {
    return before[p][beforeAt[p] + inStep + j];
  }

  /** Plane p of the state after the step. */
  public float after(int p, int j) {
    return tape.plane(p)[after + j];
  }

  /** Sets plane p of the state after the step. */
  public void after(int p, int j, float value) {
    tape.plane(p)[after + j] = value;
  }

  /** The gated state s. */
  public float gated(int j) {
    return gates[gated][at + j];
  }

  /** Sets the gated state s. */
  public void gated(int j, float value) {
    gates[gated][at + j] = value;
  }

  /** dL / d plane p after the step: q and the carry for h, the carry for the other planes. */
  public float delta(int p, int j) {
    float carried = carry[p][inStep + j];
    return p == 0 ? q[at + j] + carried : carried;
  }

  /** dL / d what goes into gate g, as set before. */
  public float gateDelta(int g, int j) {
    return deltas[g][at + j];
  }

  /** Sets dL / d what goes into gate g. */
  public void gateDelta(int g, int j, float value) {
    deltas[g][at + j] = value;
  }

  /** dL/ds. */
  public float gatedDelta(int j) {
    return ds[inStep + j];
  }

  /**
   * Sets what reaches plane p of the state before the step but through the products; {@link #delta}
   * of the same number is gone with it.
   */
  public void sendBack(int p, int j, float value) {
    carry[p][inStep + j] = value;
  }

  /** Adds to what reaches plane p of the state before the step but through the products. */
  public void addBack(int p, int j, float value) {
    carry[p][inStep + j] += value;
  }
}
