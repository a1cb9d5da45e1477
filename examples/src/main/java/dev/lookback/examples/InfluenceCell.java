package dev.lookback.examples;

import dev.lookback.cell.Adjoint;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Recurrence;
import dev.lookback.cell.Span;
import dev.lookback.cell.Tape;
import dev.lookback.math.Team;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.Optional;

/**
 * Influence balancing (Tallec and Ollivier 2017): a frozen linear recurrence whose one weight
 * pushes the first units up and the others down, and reaches the first unit at lags as long as the
 * chain.
 *
 * <pre>
 *   s_t = A s_{t-1} + theta sgn,   A = I/2 + (superdiagonal)/2,   sgn = (+1, .., +1, -1, .., -1)
 * </pre>
 *
 * <p>A cell that is no {@code GatedCell}: it has neither gates nor matrices that learn.
 *
 * @param hidden n
 * @param positive how many units theta pushes up
 */
record InfluenceCell(int hidden, int positive) implements Cell {

  /** The push on unit i. */
  float sign(int i) {
    return i < positive ? 1 : -1;
  }

  @Override
  public int inputs() {
    return 1;
  }

  @Override
  public int planes() {
    return 1;
  }

  @Override
  public int gates() {
    return 1;
  }

  @Override
  public int gatePlanes() {
    return 0;
  }

  @Override
  public int deltaPlanes() {
    return 0;
  }

  @Override
  public boolean learnsState() {
    return false;
  }

  @Override
  public String label() {
    return "influence";
  }

  @Override
  public void describe(Layout.Builder builder, int layer) {
    builder.vector("rnn.theta_l" + layer, 1);
  }

  @Override
  public Cell withLearnedState() {
    throw new IllegalArgumentException("the influence cell starts at zero");
  }

  @Override
  public Recurrence recurrence(Layout layout, int layer) {
    return new Layer(layout.get("rnn.theta_l" + layer));
  }

  private final class Layer implements Recurrence {
    private final Tensor tensor;
    private float theta;

    Layer(Tensor tensor) {
      this.tensor = tensor;
    }

    @Override
    public void pack(Weights weights, Team team) {
      theta = weights.values()[tensor.offset()];
    }

    @Override
    public void forward(Span span, Tape tape, Team team) {
      int lanes = tape.lanes();
      float[] s = tape.plane(0);
      for (int t = span.from(); t < span.to(); t++) {
        for (int b = 0; b < lanes; b++) {
          int before = (t * lanes + b) * hidden;
          int at = before + lanes * hidden;
          float keep = span.startsAfresh(t, b, lanes) ? 0 : 0.5f;
          for (int i = 0; i < hidden; i++) {
            float next = i + 1 < hidden ? s[before + i + 1] : 0;
            s[at + i] = keep * (s[before + i] + next) + theta * sign(i);
          }
        }
      }
    }

    @Override
    public void backward(
        Span span, Tape tape, Adjoint adjoint, Optional<float[]> dx, Weights gradient, Team team) {
      int lanes = tape.lanes();
      float[] q = adjoint.q();
      float[] carry = adjoint.carry()[0];
      for (int t = span.to() - 1; t >= span.from(); t--) {
        for (int b = 0; b < lanes; b++) {
          float xi = span.xi(t, b, lanes);
          float above = 0;
          for (int i = 0; i < hidden; i++) {
            float delta = q[(t * lanes + b) * hidden + i] + carry[b * hidden + i];
            gradient.values()[tensor.offset()] += sign(i) * delta;
            carry[b * hidden + i] = xi * 0.5f * (delta + above);
            above = delta;
          }
        }
      }
    }

    @Override
    public void finish(Adjoint adjoint, int lanes, Weights gradient) {}
  }
}
