package dev.lookback.testkit;

import dev.lookback.cell.Adjoint;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Recurrence;
import dev.lookback.cell.Span;
import dev.lookback.cell.Tape;
import dev.lookback.math.Team;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import java.util.Optional;

/**
 * An independently recurrent layer (Li et al. 2018) with tanh, {@code h = tanh(x W + u h')}, all of
 * it by hand and one of its lines wrong if so asked.
 */
record IndRnn(int inputs, int hidden, Fault fault) implements Cell {

  /** What may be wrong with it. */
  enum Fault {
    NONE,
    NO_DERIVATIVE_OF_TANH,
    WRONG_STATE_FOR_U,
    NOTHING_DOWN,
    IGNORES_XI,
    CUTS_BUT_DOES_NOT_SCALE,
    XI_OF_LANE_0,
    FORGETS_RESETS,
    WHOLE_TAPE,
    MIXES_LANES,
    REMEMBERS_ELSEWHERE,
    DEPENDS_ON_THREADS
  }

  @Override
  public String label() {
    return "indrnn";
  }

  @Override
  public int deltaPlanes() {
    return 1;
  }

  @Override
  public void describe(Layout.Builder builder, int layer) {
    builder.matrix("rnn.weight_ih_l" + layer, inputs, hidden);
    builder.vector("rnn.u_l" + layer, hidden);
  }

  @Override
  public Recurrence recurrence(Layout layout, int layer) {
    return new Layer(layout.get("rnn.weight_ih_l" + layer), layout.get("rnn.u_l" + layer));
  }

  private final class Layer implements Recurrence {
    private final Tensor in;
    private final Tensor u;
    private float[] w = new float[0];
    private float elsewhere;

    Layer(Tensor in, Tensor u) {
      this.in = in;
      this.u = u;
    }

    @Override
    public void pack(Weights weights, Team team) {
      w = weights.values();
      elsewhere = 0;
    }

    private float x(Span span, int row, int i) {
      Inputs.Dense dense = (Inputs.Dense) span.inputs();
      return dense.values()[(span.inputRow() + row) * inputs + i];
    }

    private boolean afresh(Span span, int t, int b, int lanes) {
      return fault != Fault.FORGETS_RESETS && span.startsAfresh(t, b, lanes);
    }

    @Override
    public void forward(Span span, Tape tape, Team team) {
      int lanes = tape.lanes();
      float[] h = tape.plane(0);
      for (int t = span.from(); t < span.to(); t++) {
        for (int b = 0; b < lanes; b++) {
          for (int j = 0; j < hidden; j++) {
            int before = (t * lanes + (fault == Fault.MIXES_LANES ? 0 : b)) * hidden + j;
            double a = afresh(span, t, b, lanes) ? 0 : w[u.offset() + j] * h[before];
            for (int i = 0; i < inputs; i++) {
              a += x(span, t * lanes + b, i) * w[in.offset() + i * hidden + j];
            }
            if (fault == Fault.REMEMBERS_ELSEWHERE) {
              a += elsewhere += 0.01f;
            }
            if (fault == Fault.DEPENDS_ON_THREADS && team.size() > 1) {
              a += 1e-7;
            }
            h[((t + 1) * lanes + b) * hidden + j] = (float) StrictMath.tanh(a);
          }
        }
      }
    }

    @Override
    public void backward(
        Span span, Tape tape, Adjoint adjoint, Optional<float[]> dx, Weights gradient, Team team) {
      int lanes = tape.lanes();
      float[] h = tape.plane(0);
      float[] carry = adjoint.carry()[0];
      float[] g = gradient.values();
      int first = fault == Fault.WHOLE_TAPE ? 0 : span.from();
      for (int t = span.to() - 1; t >= first; t--) {
        for (int b = 0; b < lanes; b++) {
          int row = t * lanes + b;
          boolean afresh = afresh(span, t, b, lanes);
          dx.ifPresent(down -> java.util.Arrays.fill(down, row * inputs, (row + 1) * inputs, 0));
          for (int j = 0; j < hidden; j++) {
            float y = h[(row + lanes) * hidden + j];
            float da = adjoint.q()[row * hidden + j] + carry[b * hidden + j];
            da *= fault == Fault.NO_DERIVATIVE_OF_TANH ? 1 : 1 - y * y;
            int state = fault == Fault.WRONG_STATE_FOR_U ? row + lanes : row;
            g[u.offset() + j] += afresh ? 0 : da * h[state * hidden + j];
            for (int i = 0; i < inputs; i++) {
              g[in.offset() + i * hidden + j] += da * x(span, row, i);
              if (dx.isPresent() && fault != Fault.NOTHING_DOWN) {
                dx.get()[row * inputs + i] += da * w[in.offset() + i * hidden + j];
              }
            }
            carry[b * hidden + j] = xi(span, t, b, lanes) * da * w[u.offset() + j];
          }
        }
      }
    }

    private float xi(Span span, int t, int b, int lanes) {
      float xi = span.xi(t, fault == Fault.XI_OF_LANE_0 ? 0 : b, lanes);
      return switch (fault) {
        case IGNORES_XI -> span.startsAfresh(t, b, lanes) ? 0 : 1;
        case CUTS_BUT_DOES_NOT_SCALE -> xi == 0 ? 0 : 1;
        default -> xi;
      };
    }
  }
}
