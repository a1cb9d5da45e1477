package dev.lookback.cell;

import dev.lookback.cell.Quantity.Range;
import dev.lookback.math.Barrier;
import dev.lookback.math.Gates;
import dev.lookback.math.Part;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The gated recurrent unit (Cho et al. 2014), in both of its forms.
 *
 * <pre>
 *   r_t = sigmoid(x_t W_xr + h_{t-1} W_hr + b_r)        reset gate
 *   z_t = sigmoid(x_t W_xz + h_{t-1} W_hz + b_z)        update gate
 *   n_t = tanh(x_t W_xn + b_in + r_t * u_t)             candidate
 *         u_t = h_{t-1} W_hn + b_hn                     reset after the product: PyTorch, cuDNN
 *   n_t = tanh(x_t W_xn + b_n + (r_t * h_{t-1}) W_hn)   reset before the product: the original
 *   h_t = (1 - z_t) * n_t + z_t * h_{t-1}
 * </pre>
 *
 * <p>As in PyTorch z keeps the past; the original paper and some textbooks call that 1 - z.
 *
 * <p>Shapes: x {@code [T, B, D]} or token ids {@code [T, B]}, h {@code [T, B, H]}, W_xh {@code [D,
 * 3 H]}, W_hh {@code [H, 3 H]}, b {@code [3 H]}, gates side by side in the order r, z, n. With the
 * reset after the product b_hn, the last third of {@code bias_hh}, stands inside it and cannot be
 * summed with b_in. Keeps 5 H floats for each step of each lane: h, the gates, and u or r * h.
 *
 * @param inputs D, or the size of the vocabulary
 * @param hidden H
 * @param biases which bias vectors are trained
 * @param learnsState whether the state in which a lane starts afresh is a parameter
 * @param reset on which side of the product the reset gate stands
 */
public record Gru(int inputs, int hidden, Biases biases, boolean learnsState, Reset reset)
    implements Cell {
  private static final int R = 0;
  private static final int Z = 1;
  private static final int N = 2;
  // u, or r * h.
  private static final int FOURTH = 3;

  /** On which side of the product with W_hn the reset gate stands. */
  public enum Reset {
    /** r * (h W_hn + b_hn), as PyTorch and cuDNN compute it. */
    AFTER,
    /** (r * h) W_hn, as in the original paper. */
    BEFORE;

    /** The name in files and on the command line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks the sizes. */
  public Gru {
    Sizes.check("Gru", inputs, hidden);
  }

  /** PyTorch's: the reset after the product, both bias vectors, zero as the initial state. */
  public static Gru of(int inputs, int hidden) {
    return new Gru(inputs, hidden, Biases.BOTH, false, Reset.AFTER);
  }

  /** The original: the reset before the product, one bias vector, zero as the initial state. */
  public static Gru original(int inputs, int hidden) {
    return new Gru(inputs, hidden, Biases.INPUT, false, Reset.BEFORE);
  }

  /** The same with other biases. */
  public Gru with(Biases biases) {
    return new Gru(inputs, hidden, biases, learnsState, reset);
  }

  @Override
  public Gru withLearnedState() {
    return new Gru(inputs, hidden, biases, true, reset);
  }

  @Override
  public int gates() {
    return 3;
  }

  @Override
  public int planes() {
    return 1;
  }

  @Override
  public int gatePlanes() {
    return 4;
  }

  @Override
  public int deltaPlanes() {
    return reset == Reset.AFTER ? 4 : 3;
  }

  @Override
  public List<Quantity> quantities() {
    Quantity r = Quantity.gate("reset gate r", R).in(Range.SIGMOID);
    Quantity z = Quantity.gate("update gate z", Z).in(Range.SIGMOID);
    Quantity n = Quantity.gate("candidate n", N).in(Range.TANH);
    Quantity h = Quantity.state("hidden state h", 0);
    return reset == Reset.AFTER
        ? List.of(r, z, Quantity.gate("recurrent sum u", FOURTH), n, h)
        : List.of(r, z, Quantity.gate("reset state r h", FOURTH), n, h);
  }

  @Override
  public List<String> deltas() {
    List<String> all = List.of("reset gate r", "update gate z", "candidate n", "recurrent sum u");
    return all.subList(0, deltaPlanes());
  }

  @Override
  public String label() {
    return "gru";
  }

  @Override
  public void describe(Layout.Builder builder, int layer) {
    Tensors.describe(this, biases, builder, layer);
  }

  @Override
  public Recurrence recurrence(Layout layout, int layer) {
    return new Layer(this, Tensors.of(this, layout, layer));
  }

  private Wiring wiring() {
    int[] gates = {R, Z, N};
    int state = Wiring.STATE;
    return reset == Reset.AFTER
        ? new Wiring(gates, new int[] {R, Z, FOURTH}, new int[] {state, state, state})
        : new Wiring(gates, gates, new int[] {state, state, FOURTH});
  }

  private static final class Layer implements Recurrence {
    private final int hidden;
    private final boolean after;
    private final Linear linear;
    private final Loop loop;
    // h_{t-1} of the span at hand.
    private float[] states = new float[0];

    Layer(Gru cell, Tensors tensors) {
      this.hidden = cell.hidden;
      this.after = cell.reset == Reset.AFTER;
      this.linear = new Linear(cell, tensors, cell.wiring());
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
      float[][] gates = tape.gates();
      for (int t = span.from(); t < span.to(); t++) {
        float[] h = tape.plane(0);
        int hRow = t * lanes;
        int row = t * lanes;
        if (span.hasReset(t, part.b0(), part.b1(), lanes)) {
          h = worker.scratch(lanes * hidden);
          tape.entering(span, t, part, linear.initial(), h);
          hRow = 0;
        }
        linear.addRecurrence(worker, part, R, h, hRow, gates, row);
        linear.addRecurrence(worker, part, Z, h, hRow, gates, row);
        if (after) {
          linear.addRecurrence(worker, part, N, h, hRow, gates, row);
        }
        for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
          int at = (row + b) * hidden + part.u0();
          int before = (hRow + b) * hidden + part.u0();
          reset(worker, gates, at, h, before, part.numbers(hidden));
        }
        if (!after) {
          // Every unit's r * h goes into every unit's candidate.
          barrier.await();
          linear.addRecurrence(worker, part, N, gates[FOURTH], row, gates, row);
        }
        for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
          int at = (row + b) * hidden + part.u0();
          int before = (hRow + b) * hidden + part.u0();
          update(worker, tape, at, h, before, part.numbers(hidden));
        }
        barrier.await();
      }
    }

    // r, z = sigmoid, and r * u or r * h for n numbers of a step.
    private void reset(Worker worker, float[][] gates, int at, float[] h, int before, int n) {
      worker.sigmoid(gates[R], at, at + n);
      worker.sigmoid(gates[Z], at, at + n);
      if (after) {
        worker.gates().gruCandidate(gates, at, n);
      } else {
        worker.gates().multiply(gates[R], at, h, before, gates[FOURTH], at, n);
      }
    }

    // n = tanh;  h = (1 - z) n + z h'  for so many numbers of a step.
    private void update(Worker worker, Tape tape, int at, float[] h, int before, int n) {
      worker.tanh(tape.gates()[N], at, at + n);
      int next = at + tape.lanes() * hidden;
      worker.gates().gruState(tape.gates(), at, h, before, tape.plane(0), next, n);
    }

    // delta_t = q_t + carry;  the gates' d_t and carry = z delta_t (Gates.gruBackward), to which
    // comes d_t W_hh^T;  all by xi_t; then the weights' gradient over all rows.
    @Override
    public void backward(
        Span span, Tape tape, Adjoint adjoint, Optional<float[]> dx, Weights gradient, Team team) {
      states = linear.previous(span, tape, adjoint, 0);
      loop.backward(span, tape, adjoint, team);
      linear.addGradients(span, tape, states, adjoint.deltas(), gradient, team);
      if (dx.isPresent()) {
        linear.sendDown(span, adjoint.deltas(), tape.lanes(), dx.get(), team);
      }
    }

    private void stepsBack(
        Span span, Tape tape, Adjoint adjoint, Worker worker, Part part, Barrier barrier) {
      int lanes = tape.lanes();
      float[][] d = adjoint.deltas();
      float[] carry = adjoint.carry()[0];
      for (int t = span.to() - 1; t >= span.from(); t--) {
        int row = t * lanes;
        for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
          int at = (row + b) * hidden + part.u0();
          int k = b * hidden + part.u0();
          gatesBack(worker, tape, adjoint, at, k, part.numbers(hidden));
        }
        if (!after) {
          barrier.await();
          resetBack(tape, adjoint, worker, part, t);
        }
        barrier.await();
        if (linear.isCut(span, t, part, lanes)) {
          part.clear(carry, hidden);
        } else {
          linear.sendBack(worker, part, R, d, row, carry);
          linear.sendBack(worker, part, Z, d, row, carry);
          if (after) {
            linear.sendBack(worker, part, N, d, row, carry);
          }
          linear.couple(span, t, part, lanes, adjoint);
        }
      }
    }

    private void gatesBack(Worker worker, Tape tape, Adjoint adjoint, int at, int k, int n) {
      Gates arithmetic = worker.gates();
      float[][] d = adjoint.deltas();
      float[] carry = adjoint.carry()[0];
      arithmetic.gruBackward(tape.gates(), at, states, at, adjoint.q(), carry, k, d, n);
      if (after) {
        arithmetic.gruResetAfter(tape.gates(), at, d, n);
      }
    }

    // d(r h) = dn W_hn^T, and from there to r and to h.
    private void resetBack(Tape tape, Adjoint adjoint, Worker worker, Part part, int t) {
      int row = t * tape.lanes();
      float[][] d = adjoint.deltas();
      float[] ds = adjoint.between();
      part.clear(ds, hidden);
      linear.sendBack(worker, part, N, d, row, ds);
      for (int b = part.b0(); b < part.b1(); b += part.run(hidden)) {
        int at = (row + b) * hidden + part.u0();
        int k = b * hidden + part.u0();
        worker
            .gates()
            .gruResetBefore(
                tape.gates(), at, states, at, ds, adjoint.carry()[0], k, d, part.numbers(hidden));
      }
    }

    @Override
    public void finish(Adjoint adjoint, int lanes, Weights gradient) {
      linear.addInitialGradient(adjoint, lanes, gradient);
    }
  }
}
