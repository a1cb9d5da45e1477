package dev.lookback.cell;

import dev.lookback.cell.Quantity.Range;
import dev.lookback.math.Barrier;
import dev.lookback.math.Gates;
import dev.lookback.math.Part;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers,
 * Schmidhuber and Cummins 2000), as PyTorch and cuDNN compute it.
 *
 * <pre>
 *   i_t = sigmoid(x_t W_xi + h_{t-1} W_hi + b_i)        input gate
 *   f_t = sigmoid(x_t W_xf + h_{t-1} W_hf + b_f)        forget gate
 *   g_t = tanh   (x_t W_xg + h_{t-1} W_hg + b_g)        candidate
 *   o_t = sigmoid(x_t W_xo + h_{t-1} W_ho + b_o)        output gate
 *   c_t = f_t * c_{t-1} + i_t * g_t
 *   h_t = o_t * tanh(c_t)
 * </pre>
 *
 * <p>The state is the pair (h, c), and xi acts on both: what a step sends back over its link is xi
 * (dh, dc).
 *
 * <p>Shapes: x {@code [T, B, D]} or token ids {@code [T, B]}, h and c {@code [T, B, H]}, W_xh
 * {@code [D, 4 H]}, W_hh {@code [H, 4 H]}, b {@code [4 H]}, gates side by side in the order i, f,
 * g, o. Keeps 7 H floats for each step of each lane: h, c, the four gates and tanh c.
 *
 * @param inputs D, or the size of the vocabulary
 * @param hidden H
 * @param biases which bias vectors are trained
 * @param learnsState whether the state in which a lane starts afresh is a parameter
 * @param forgetBias what is added to b_f of fresh weights: at 1 a fresh cell remembers (Jozefowicz,
 *     Zaremba and Sutskever 2015); PyTorch has 0
 */
public record Lstm(int inputs, int hidden, Biases biases, boolean learnsState, double forgetBias)
    implements Cell {

  /** Checks the sizes. */
  public Lstm {
    Sizes.check("Lstm", inputs, hidden);
    if (!Float.isFinite((float) forgetBias)) {
      throw new IllegalArgumentException(
          "the forget bias is "
              + forgetBias
              + " but has to be a number within the range of float, such as 1");
    }
  }

  /** With one bias vector, a forget bias of 1, and zero as the initial state. */
  public static Lstm of(int inputs, int hidden) {
    return new Lstm(inputs, hidden, Biases.INPUT, false, 1);
  }

  /** The same with other biases. */
  public Lstm with(Biases biases) {
    return new Lstm(inputs, hidden, biases, learnsState, forgetBias);
  }

  /** The same with another forget bias. */
  public Lstm withForgetBias(double forgetBias) {
    return new Lstm(inputs, hidden, biases, learnsState, forgetBias);
  }

  @Override
  public Lstm withLearnedState() {
    return new Lstm(inputs, hidden, biases, true, forgetBias);
  }

  @Override
  public int gates() {
    return 4;
  }

  @Override
  public int planes() {
    return 2;
  }

  @Override
  public int gatePlanes() {
    return 5;
  }

  @Override
  public int deltaPlanes() {
    return 4;
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(
        Quantity.gate("input gate i", 0).in(Range.SIGMOID),
        Quantity.gate("forget gate f", 1).in(Range.SIGMOID),
        Quantity.gate("candidate g", 2).in(Range.TANH),
        Quantity.gate("output gate o", 3).in(Range.SIGMOID),
        Quantity.state("cell state c", 1),
        Quantity.gate("tanh of c", 4).in(Range.TANH),
        Quantity.state("hidden state h", 0));
  }

  @Override
  public List<String> deltas() {
    return List.of("input gate i", "forget gate f", "candidate g", "output gate o");
  }

  @Override
  public String label() {
    return "lstm";
  }

  @Override
  public void describe(Layout.Builder builder, int layer) {
    Tensors.describe(this, biases, builder, layer);
  }

  @Override
  public void prepare(Weights weights, int layer) {
    Optional<Tensor> bias = weights.layout().find("rnn.bias_ih_l" + layer);
    for (int j = hidden; bias.isPresent() && j < 2 * hidden; j++) {
      weights.values()[bias.get().offset() + j] += (float) forgetBias;
    }
  }

  @Override
  public Recurrence recurrence(Layout layout, int layer) {
    return new Layer(this, Tensors.of(this, layout, layer));
  }

  private static final class Layer implements Recurrence {
    private final int hidden;
    private final Linear linear;
    private final Loop loop;
    // c_{t-1} of the span at hand.
    private float[] cells = new float[0];

    Layer(Lstm cell, Tensors tensors) {
      this.hidden = cell.hidden;
      this.linear = new Linear(cell, tensors, Wiring.straight(4));
      this.loop = new Loop(linear, this::stepsForward, this::stepsBack);
    }

    @Override
    public void pack(Weights weights, Team team) {
      linear.pack(weights, team);
    }

    // x W_xh + b for all rows of the span at once, into the gates; then the steps.
    @Override
    public void forward(Span span, Tape tape, Team team) {
      linear.project(span, tape.gates(), 0, tape.lanes(), team);
      loop.forward(span, tape, team);
    }

    private void stepsForward(Span span, Tape tape, Worker worker, Part part, Barrier barrier) {
      int lanes = tape.lanes();
      for (int t = span.from(); t < span.to(); t++) {
        float[] h = tape.plane(0);
        float[] c = tape.plane(1);
        int hRow = t * lanes;
        int cRow = hRow;
        if (span.hasReset(t, part.b0(), part.b1(), lanes)) {
          h = worker.scratch(2 * lanes * hidden);
          c = h;
          tape.entering(span, t, part, linear.initial(), h);
          hRow = 0;
          cRow = lanes;
        }
        for (int gate = 0; gate < 4; gate++) {
          linear.addRecurrence(worker, part, gate, h, hRow, tape.gates(), t * lanes);
        }
        for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
          int at = (t * lanes + b) * hidden + part.u0();
          int before = (cRow + b) * hidden + part.u0();
          gates(worker, tape, at, c, before, part.numbers(hidden));
        }
        barrier.await();
      }
    }

    // i, f, o = sigmoid, g = tanh;  c = f c' + i g;  h = o tanh(c)  for n numbers of a step.
    private void gates(Worker worker, Tape tape, int at, float[] c, int before, int n) {
      float[][] gates = tape.gates();
      Gates arithmetic = worker.gates();
      int after = at + tape.lanes() * hidden;
      worker.sigmoid(gates[0], at, at + n);
      worker.sigmoid(gates[1], at, at + n);
      worker.tanh(gates[2], at, at + n);
      worker.sigmoid(gates[3], at, at + n);
      arithmetic.lstmState(gates, at, c, before, tape.plane(1), after, n);
      worker.tanh(gates[4], at, at + n);
      arithmetic.multiply(gates[3], at, gates[4], at, tape.plane(0), after, n);
    }

    // delta_t = q_t + carry_h;  the gates' d_t and carry_c = f dc (Gates.lstmBackward);
    // carry_h = d_t W_hh^T;  both carries by xi_t; then the weights' gradient over all rows.
    @Override
    public void backward(
        Span span, Tape tape, Adjoint adjoint, Optional<float[]> dx, Weights gradient, Team team) {
      cells = linear.previous(span, tape, adjoint, 1);
      float[] h = linear.previous(span, tape, adjoint, 0);
      loop.backward(span, tape, adjoint, team);
      linear.addGradients(span, tape, h, adjoint.deltas(), gradient, team);
      if (dx.isPresent()) {
        linear.sendDown(span, adjoint.deltas(), tape.lanes(), dx.get(), team);
      }
    }

    private void stepsBack(
        Span span, Tape tape, Adjoint adjoint, Worker worker, Part part, Barrier barrier) {
      int lanes = tape.lanes();
      float[][] carry = adjoint.carry();
      float[][] d = adjoint.deltas();
      for (int t = span.to() - 1; t >= span.from(); t--) {
        int row = t * lanes;
        for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
          int at = (row + b) * hidden + part.u0();
          int k = b * hidden + part.u0();
          int n = part.numbers(hidden);
          worker.gates().lstmBackward(tape.gates(), at, cells, at, adjoint.q(), carry, k, d, n);
        }
        barrier.await();
        if (linear.isCut(span, t, part, lanes)) {
          part.clear(carry[1], hidden);
        } else {
          for (int gate = 0; gate < 4; gate++) {
            linear.sendBack(worker, part, gate, d, row, carry[0]);
          }
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
