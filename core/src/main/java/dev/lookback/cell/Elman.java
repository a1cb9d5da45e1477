package dev.lookback.cell;

import dev.lookback.math.Panels;
import dev.lookback.math.Rows;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import java.util.Arrays;
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
 */
public record Elman(int inputs, int hidden, Activation activation, Biases biases) implements Cell {

  /** Checks the sizes. */
  public Elman {
    if (inputs < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "Elman[inputs=" + inputs + ", hidden=" + hidden + "] needs at least one of each");
    }
  }

  /** With tanh and one bias vector. */
  public static Elman of(int inputs, int hidden) {
    return new Elman(inputs, hidden, Activation.TANH, Biases.INPUT);
  }

  /** The same with another phi. */
  public Elman with(Activation activation) {
    return new Elman(inputs, hidden, activation, biases);
  }

  /** The same with other biases. */
  public Elman with(Biases biases) {
    return new Elman(inputs, hidden, activation, biases);
  }

  @Override
  public int planes() {
    return 1;
  }

  @Override
  public int scratchWidth() {
    return hidden;
  }

  @Override
  public String label() {
    return "elman";
  }

  @Override
  public void describe(Layout.Builder builder, int layer) {
    builder.matrix("rnn.weight_ih_l" + layer, inputs, hidden);
    builder.matrix("rnn.weight_hh_l" + layer, hidden, hidden);
    if (biases != Biases.NONE) {
      builder.vector("rnn.bias_ih_l" + layer, hidden);
    }
    if (biases == Biases.BOTH) {
      builder.vector("rnn.bias_hh_l" + layer, hidden);
    }
  }

  @Override
  public Recurrence recurrence(Layout layout, int layer) {
    return new Layer(this, layout, layer);
  }

  private static final class Layer implements Recurrence {
    private final int inputs;
    private final int hidden;
    private final Activation phi;
    private final Tensor wXh;
    private final Tensor wHh;
    private final Optional<Tensor> biasIh;
    private final Optional<Tensor> biasHh;
    private final Panels hhForward;
    private final Panels hhBackward;
    // Only dense inputs need W_xh packed, and only a layer above another sends back dL/dx.
    private Optional<Panels> xhForward = Optional.empty();
    private Optional<Panels> xhBackward = Optional.empty();
    private final float[] bias;
    private final float[] biasSum;
    private float[] w = new float[0];

    Layer(Elman cell, Layout layout, int layer) {
      this.inputs = cell.inputs;
      this.hidden = cell.hidden;
      this.phi = cell.activation;
      this.wXh = layout.get("rnn.weight_ih_l" + layer);
      this.wHh = layout.get("rnn.weight_hh_l" + layer);
      this.biasIh = layout.find("rnn.bias_ih_l" + layer);
      this.biasHh = layout.find("rnn.bias_hh_l" + layer);
      this.hhForward = new Panels(hidden, hidden);
      this.hhBackward = new Panels(hidden, hidden);
      this.bias = new float[hidden];
      this.biasSum = new float[hidden];
    }

    @Override
    public void pack(Weights weights) {
      w = weights.values();
      hhForward.pack(w, wHh.offset());
      hhBackward.packTransposed(w, wHh.offset());
      xhForward.ifPresent(panels -> panels.pack(w, wXh.offset()));
      xhBackward.ifPresent(panels -> panels.packTransposed(w, wXh.offset()));
      for (int j = 0; j < hidden; j++) {
        float ih = biasIh.isPresent() ? w[biasIh.get().offset() + j] : 0;
        float hh = biasHh.isPresent() ? w[biasHh.get().offset() + j] : 0;
        bias[j] = ih + hh;
      }
    }

    // a = x W_xh + b for all rows of the span at once; then h_t = phi(a_t + h_{t-1} W_hh) step by
    // step. Lanes never touch each other, so each thread takes some of them through all steps.
    @Override
    public void forward(Span span, Tape tape, Team team) {
      int lanes = tape.lanes();
      float[] h = tape.plane(0);
      project(span, h, lanes, team);
      team.split(
          lanes,
          (long) span.steps() * hidden * hidden,
          (worker, b0, b1) -> {
            for (int t = span.from(); t < span.to(); t++) {
              addRecurrence(span, worker, h, t, lanes, b0, b1);
              int row = (t + 1) * lanes;
              phi.apply(worker, h, (row + b0) * hidden, (row + b1) * hidden);
            }
          });
    }

    private void project(Span span, float[] h, int lanes, Team team) {
      int first = span.from() * lanes;
      int rows = span.steps() * lanes;
      if (span.inputs() instanceof Inputs.Tokens tokens) {
        for (int i = first; i < first + rows; i++) {
          int to = (lanes + i) * hidden;
          int from = wXh.offset() + tokens.ids()[span.inputRow() + i] * hidden;
          for (int j = 0; j < hidden; j++) {
            h[to + j] = bias[j] + w[from + j];
          }
        }
      } else if (span.inputs() instanceof Inputs.Dense dense) {
        Panels panels = xhForward();
        team.split(
            rows,
            (long) inputs * hidden,
            (worker, r0, r1) -> {
              int row = lanes + first + r0;
              for (int i = row; i < row + r1 - r0; i++) {
                System.arraycopy(bias, 0, h, i * hidden, hidden);
              }
              worker.multiplyAdd(
                  dense.values(), span.inputRow() + first + r0, r1 - r0, panels, h, row);
            });
      }
    }

    // h_t += h_{t-1} W_hh for the lanes [b0, b1), save those that start afresh at t.
    private void addRecurrence(
        Span span, Worker worker, float[] h, int t, int lanes, int b0, int b1) {
      int from = b0;
      while (from < b1) {
        int to = from;
        while (to < b1 && !span.startsAfresh(t, to, lanes)) {
          to++;
        }
        if (to > from) {
          worker.multiplyAdd(h, t * lanes + from, to - from, hhForward, h, (t + 1) * lanes + from);
        }
        from = to + 1;
      }
    }

    // delta_t = q_t + carry;  da_t = delta_t phi'(a_t);  carry = xi_t da_t W_hh^T, step by step;
    // then over all rows of the span at once
    // dW_xh += x^T da;  dW_hh += h_{t-1}^T da;  db += sum da;  dL/dx = da W_xh^T.
    @Override
    public void backward(
        Span span,
        Tape tape,
        Adjoint adjoint,
        Optional<Adjoint> below,
        Weights gradient,
        Team team) {
      int lanes = tape.lanes();
      float[] da = adjoint.scratch();
      team.split(
          lanes,
          (long) span.steps() * hidden * hidden,
          (worker, b0, b1) -> {
            for (int t = span.to() - 1; t >= span.from(); t--) {
              stepBack(span, worker, tape, adjoint, t, b0, b1);
            }
          });
      Rows rows = new Rows(da, hidden, span.from() * lanes, span.steps() * lanes);
      Rows previous = previous(span, tape, adjoint);
      team.addOuter(previous, rows, gradient.values(), wHh.offset());
      addInputGradient(span, rows, gradient, team);
      addBiasGradient(rows, gradient);
      below.ifPresent(lower -> sendDown(rows, lower.q(), team));
    }

    private void stepBack(
        Span span, Worker worker, Tape tape, Adjoint adjoint, int t, int b0, int b1) {
      int lanes = tape.lanes();
      float[] q = adjoint.q();
      float[] da = adjoint.scratch();
      float[] carry = adjoint.carry()[0];
      int row = t * lanes;
      int from = (row + b0) * hidden;
      int to = (row + b1) * hidden;
      int shift = row * hidden;
      for (int i = from; i < to; i++) {
        q[i] += carry[i - shift];
      }
      phi.scaleByDerivative(tape.plane(0), lanes * hidden, q, da, from, to);
      Arrays.fill(carry, b0 * hidden, b1 * hidden, 0);
      if (span.isCut(t, b0, b1, lanes)) {
        return;
      }
      worker.multiplyAdd(da, row + b0, b1 - b0, hhBackward, carry, b0);
      for (int b = b0; b < b1; b++) {
        float xi = span.xi(t, b, lanes);
        for (int i = b * hidden; i < (b + 1) * hidden; i++) {
          // Not xi * carry where xi is 0: what is cut is gone, were it infinite.
          carry[i] = xi == 0 ? 0 : xi * carry[i];
        }
      }
    }

    // The rows of h_{t-1}, with zeros where a lane started afresh.
    private Rows previous(Span span, Tape tape, Adjoint adjoint) {
      int lanes = tape.lanes();
      float[] h = tape.plane(0);
      int first = span.from() * lanes;
      int count = span.steps() * lanes;
      if (!span.hasReset(lanes)) {
        return new Rows(h, hidden, first, count);
      }
      float[] masked = adjoint.previous();
      System.arraycopy(h, first * hidden, masked, first * hidden, count * hidden);
      for (int t = span.from(); t < span.to(); t++) {
        for (int b = 0; b < lanes; b++) {
          if (span.startsAfresh(t, b, lanes)) {
            int row = t * lanes + b;
            Arrays.fill(masked, row * hidden, (row + 1) * hidden, 0);
          }
        }
      }
      return new Rows(masked, hidden, first, count);
    }

    private void addInputGradient(Span span, Rows da, Weights gradient, Team team) {
      if (span.inputs() instanceof Inputs.Tokens tokens) {
        float[] g = gradient.values();
        for (int r = da.first(); r < da.first() + da.count(); r++) {
          int to = wXh.offset() + tokens.ids()[span.inputRow() + r] * hidden;
          int from = r * hidden;
          for (int j = 0; j < hidden; j++) {
            g[to + j] += da.values()[from + j];
          }
        }
      } else if (span.inputs() instanceof Inputs.Dense dense) {
        Rows x = new Rows(dense.values(), inputs, span.inputRow() + da.first(), da.count());
        team.addOuter(x, da, gradient.values(), wXh.offset());
      }
    }

    private void addBiasGradient(Rows da, Weights gradient) {
      if (biasIh.isEmpty() && biasHh.isEmpty()) {
        return;
      }
      da.columnSums(biasSum);
      biasIh.ifPresent(tensor -> add(biasSum, gradient.values(), tensor.offset()));
      biasHh.ifPresent(tensor -> add(biasSum, gradient.values(), tensor.offset()));
    }

    private static void add(float[] part, float[] whole, int offset) {
      for (int j = 0; j < part.length; j++) {
        whole[offset + j] += part[j];
      }
    }

    private void sendDown(Rows da, float[] dx, Team team) {
      Panels panels = xhBackward();
      team.split(
          da.count(),
          (long) inputs * hidden,
          (worker, r0, r1) -> {
            int row = da.first() + r0;
            Arrays.fill(dx, row * inputs, (row + r1 - r0) * inputs, 0);
            worker.multiplyAdd(da.values(), row, r1 - r0, panels, dx, row);
          });
    }

    private Panels xhForward() {
      if (xhForward.isEmpty()) {
        Panels panels = new Panels(inputs, hidden);
        panels.pack(w, wXh.offset());
        xhForward = Optional.of(panels);
      }
      return xhForward.get();
    }

    private Panels xhBackward() {
      if (xhBackward.isEmpty()) {
        Panels panels = new Panels(hidden, inputs);
        panels.packTransposed(w, wXh.offset());
        xhBackward = Optional.of(panels);
      }
      return xhBackward.get();
    }
  }
}
