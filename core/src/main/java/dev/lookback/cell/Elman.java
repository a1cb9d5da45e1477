package dev.lookback.cell;

import dev.lookback.cell.Quantity.Range;
import dev.lookback.math.Barrier;
import dev.lookback.math.Part;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The simple recurrent layer (Elman 1990).
 *
 * <pre>
 *   a_t = x_t W_xh + h_{t-1} W_hh + b
 *   h_t = phi(a_t)
 * </pre>
 *
 * <p>Shapes: x {@code [T, B, D]} or token ids {@code [T, B]}, h {@code [T, B, H]}, W_xh {@code [D,
 * H]}, W_hh {@code [H, H]}, b {@code [H]}. Keeps H floats for each step of each lane.
 *
 * @param inputs D, or the size of the vocabulary
 * @param hidden H
 * @param activation phi
 * @param biases which bias vectors are trained
 * @param learnsState whether the state in which a lane starts afresh is a parameter
 */
public record Elman(
    int inputs, int hidden, Activation activation, Biases biases, boolean learnsState)
    implements Cell {

  /** Checks the sizes. */
  public Elman {
    Sizes.check("Elman", inputs, hidden);
  }

  /** With zero as the initial state. */
  public Elman(int inputs, int hidden, Activation activation, Biases biases) {
    this(inputs, hidden, activation, biases, false);
  }

  /** With tanh, one bias vector, and zero as the initial state. */
  public static Elman of(int inputs, int hidden) {
    return new Elman(inputs, hidden, Activation.TANH, Biases.INPUT, false);
  }

  /** The same with another phi. */
  public Elman with(Activation activation) {
    return new Elman(inputs, hidden, activation, biases, learnsState);
  }

  /** The same with other biases. */
  public Elman with(Biases biases) {
    return new Elman(inputs, hidden, activation, biases, learnsState);
  }

  @Override
  public Elman withLearnedState() {
    return new Elman(inputs, hidden, activation, biases, true);
  }

  @Override
  public int gates() {
    return 1;
  }

  @Override
  public int planes() {
    return 1;
  }

  @Override
  public int gatePlanes() {
    return 0;
  }

  @Override
  public int deltaPlanes() {
    return 1;
  }

  @Override
  public List<Quantity> quantities() {
    Quantity h = Quantity.state("hidden state h", 0);
    return List.of(
        switch (activation) {
          case TANH -> h.in(Range.TANH);
          case RELU -> h.in(Range.RELU);
          case IDENTITY -> h;
        });
  }

  @Override
  public List<String> deltas() {
    return List.of("sum a");
  }

  @Override
  public String label() {
    return "elman";
  }

  @Override
  public void describe(Layout.Builder builder, int layer) {
    Tensors.describe(this, biases, builder, layer);
  }

  @Override
  public Recurrence recurrence(Layout layout, int layer) {
    return new Layer(this, Tensors.of(this, layout, layer));
  }

  private static final class Layer implements Recurrence {
    private final int hidden;
    private final Activation phi;
    private final Linear linear;
    private final Loop loop;

    Layer(Elman cell, Tensors tensors) {
      this.hidden = cell.hidden;
      this.phi = cell.activation;
      this.linear = new Linear(cell, tensors, Wiring.straight(1));
      this.loop = new Loop(linear, this::stepsForward, this::stepsBack);
    }

    @Override
    public void pack(Weights weights, Team team) {
      linear.pack(weights, team);
    }

    // a = x W_xh + b for all rows of the span at once; then step by step h_t = phi(a_t + h_{t-1}
    // W_hh), in place.
    @Override
    public void forward(Span span, Tape tape, Team team) {
      linear.project(span, tape.planes(), tape.lanes(), tape.lanes(), team);
      loop.forward(span, tape, team);
    }

    private void stepsForward(Span span, Tape tape, Worker worker, Part part, Barrier barrier) {
      int lanes = tape.lanes();
      float[] h = tape.plane(0);
      for (int t = span.from(); t < span.to(); t++) {
        int row = (t + 1) * lanes;
        if (span.hasReset(t, part.b0(), part.b1(), lanes)) {
          float[] entering = worker.scratch(lanes * hidden);
          tape.entering(span, t, part, linear.initial(), entering);
          linear.addRecurrence(worker, part, 0, entering, 0, tape.planes(), row);
        } else {
          linear.addRecurrence(worker, part, 0, h, t * lanes, tape.planes(), row);
        }
        for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
          int at = (row + b) * hidden + part.u0();
          phi.apply(worker, h, at, at + part.numbers(hidden));
        }
        barrier.await();
      }
    }

    // delta_t = q_t + carry;  da_t = delta_t phi'(a_t);  carry = xi_t da_t W_hh^T, step by step;
    // then over all rows of the span at once
    // dW_xh += x^T da;  dW_hh += h_{t-1}^T da;  db += sum da;  dL/dx = da W_xh^T.
    @Override
    public void backward(
        Span span, Tape tape, Adjoint adjoint, Optional<float[]> dx, Weights gradient, Team team) {
      loop.backward(span, tape, adjoint, team);
      float[] previous = linear.previous(span, tape, adjoint, 0);
      linear.addGradients(span, tape, previous, adjoint.deltas(), gradient, team);
      if (dx.isPresent()) {
        linear.sendDown(span, adjoint.deltas(), tape.lanes(), dx.get(), team);
      }
    }

    private void stepsBack(
        Span span, Tape tape, Adjoint adjoint, Worker worker, Part part, Barrier barrier) {
      int lanes = tape.lanes();
      float[] h = tape.plane(0);
      float[] da = adjoint.deltas()[0];
      float[] carry = adjoint.carry()[0];
      for (int t = span.to() - 1; t >= span.from(); t--) {
        int row = t * lanes;
        for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
          int at = (row + b) * hidden + part.u0();
          int k = b * hidden + part.u0();
          int n = part.numbers(hidden);
          phi.backward(worker, h, at + lanes * hidden, adjoint.q(), at, carry, k, da, n);
          Arrays.fill(carry, k, k + n, 0);
        }
        barrier.await();
        if (!linear.isCut(span, t, part, lanes)) {
          linear.sendBack(worker, part, 0, adjoint.deltas(), row, carry);
          linear.couple(span, t, part, lanes, adjoint);
        }
      }
    }

    @Override
    public void finish(Adjoint adjoint, int lanes, Weights gradient) {
      linear.addInitialGradient(adjoint, lanes, gradient);
    }
  }
}
