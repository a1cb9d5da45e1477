package dev.lookback.cell;

import dev.lookback.math.Barrier;
import dev.lookback.math.Part;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import dev.lookback.weights.Weights;
import java.util.Arrays;
import java.util.Optional;

/** The loops over time of a {@link GatedCell}. */
final class GatedRecurrence implements Recurrence {
  private final GatedCell cell;
  private final int hidden;
  private final int direct;
  private final int gates;
  private final Linear linear;
  private final Loop loop;
  // The states before the span's steps, for each plane.
  private final float[][] previous;

  GatedRecurrence(GatedCell cell, Tensors tensors) {
    this.cell = cell;
    this.hidden = cell.hidden();
    this.direct = cell.direct();
    this.gates = cell.gates();
    this.linear = new Linear(cell, tensors, wiring(gates, direct));
    this.loop = new Loop(linear, this::stepsForward, this::stepsBack);
    this.previous = new float[cell.planes()][];
  }

  private static Wiring wiring(int gates, int direct) {
    if (direct < 0 || direct > gates) {
      throw new IllegalArgumentException(
          direct + " of " + gates + " gates read the state itself: that has to be 0 to " + gates);
    }
    Wiring straight = Wiring.straight(gates);
    Arrays.fill(straight.gated(), direct, gates, gates);
    return straight;
  }

  @Override
  public void pack(Weights weights, Team team) {
    linear.pack(weights, team);
  }

  @Override
  public void forward(Span span, Tape tape, Team team) {
    linear.project(span, tape.gates(), 0, tape.lanes(), team);
    loop.forward(span, tape, team);
  }

  private void stepsForward(Span span, Tape tape, Worker worker, Part part, Barrier barrier) {
    int lanes = tape.lanes();
    Step step = new Step(cell, worker, tape);
    for (int t = span.from(); t < span.to(); t++) {
      int row = t * lanes;
      float[] h = tape.plane(0);
      int hRow = row;
      if (span.hasReset(t, part.b0(), part.b1(), lanes)) {
        h = worker.scratch(cell.planes() * lanes * hidden);
        hRow = 0;
        tape.entering(span, t, part, linear.initial(), h);
        for (int p = 0; p < cell.planes(); p++) {
          step.before(p, h, p * lanes);
        }
      } else {
        for (int p = 0; p < cell.planes(); p++) {
          step.before(p, tape.plane(p), row);
        }
      }
      for (int g = 0; g < direct; g++) {
        linear.addRecurrence(worker, part, g, h, hRow, tape.gates(), row);
      }
      if (direct < gates) {
        for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
          step.moveTo(part, t, b);
          cell.gateState(step);
        }
        // Every unit's s goes into every unit's gates.
        barrier.await();
        for (int g = direct; g < gates; g++) {
          linear.addRecurrence(worker, part, g, tape.gates()[gates], row, tape.gates(), row);
        }
      }
      for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
        step.moveTo(part, t, b);
        cell.forward(step);
      }
      barrier.await();
    }
  }

  // delta_t = q_t + carry;  da and what goes straight back are the cell's;  carry += da W_hh^T, and
  // all of it by xi_t; then the weights' gradient over all rows.
  @Override
  public void backward(
      Span span, Tape tape, Adjoint adjoint, Optional<float[]> dx, Weights gradient, Team team) {
    for (int p = 0; p < previous.length; p++) {
      previous[p] = linear.previous(span, tape, adjoint, p);
    }
    loop.backward(span, tape, adjoint, team);
    linear.addGradients(span, tape, previous[0], adjoint.deltas(), gradient, team);
    if (dx.isPresent()) {
      linear.sendDown(span, adjoint.deltas(), tape.lanes(), dx.get(), team);
    }
  }

  private void stepsBack(
      Span span, Tape tape, Adjoint adjoint, Worker worker, Part part, Barrier barrier) {
    int lanes = tape.lanes();
    float[][] d = adjoint.deltas();
    Step step = new Step(cell, worker, tape);
    step.backward(adjoint);
    for (int t = span.to() - 1; t >= span.from(); t--) {
      int row = t * lanes;
      for (int p = 0; p < previous.length; p++) {
        step.before(p, previous[p], row);
      }
      for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
        step.moveTo(part, t, b);
        cell.backward(step);
      }
      if (direct < gates) {
        barrier.await();
        gatedStateBack(adjoint, step, worker, part, t);
      }
      barrier.await();
      if (linear.isCut(span, t, part, lanes)) {
        for (float[] carry : adjoint.carry()) {
          part.clear(carry, hidden);
        }
      } else {
        for (int g = 0; g < direct; g++) {
          linear.sendBack(worker, part, g, d, row, adjoint.carry()[0]);
        }
        linear.couple(span, t, part, lanes, adjoint);
      }
    }
  }

  private void gatedStateBack(Adjoint adjoint, Step step, Worker worker, Part part, int t) {
    float[] ds = adjoint.between();
    part.clear(ds, hidden);
    int row = t * (adjoint.carry()[0].length / hidden);
    for (int g = direct; g < gates; g++) {
      linear.sendBack(worker, part, g, adjoint.deltas(), row, ds);
    }
    for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
      step.moveTo(part, t, b);
      cell.gateStateBackward(step);
    }
  }

  @Override
  public void finish(Adjoint adjoint, int lanes, Weights gradient) {
    linear.addInitialGradient(adjoint, lanes, gradient);
  }
}
