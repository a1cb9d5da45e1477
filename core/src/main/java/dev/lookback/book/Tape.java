package dev.lookback.book;

import java.util.ArrayList;
import java.util.List;

/**
 * Reverse-mode differentiation of numbers, one at a time: records what is computed, then goes back
 * over it. It knows the derivative of six operations and nothing of networks.
 *
 * <pre>{@code
 * Tape tape = new Tape();
 * Tape.Scalar w = tape.scalar(0.2);
 * Tape.Scalar x = w.times(w).tanh();
 * double dxdw = tape.gradient(x)[w.index()];
 * }</pre>
 */
public final class Tape {
  private final List<Entry> entries = new ArrayList<>();

  /** An empty tape. */
  public Tape() {}

  /** One operation: which two numbers went in (the same one twice for one) and how each counts. */
  private record Entry(int left, double byLeft, int right, double byRight) {}

  /** A number that enters: a weight, an input, a constant. */
  public Scalar scalar(double value) {
    // It derives from itself with factor 0, so that nothing goes further back.
    return record(value, entries.size(), 0, entries.size(), 0);
  }

  /** Numbers that enter. */
  public Scalar[] scalars(double... values) {
    Scalar[] scalars = new Scalar[values.length];
    for (int i = 0; i < values.length; i++) {
      scalars[i] = scalar(values[i]);
    }
    return scalars;
  }

  /** {@code d result / d v} for every number v on the tape, at the place {@link Scalar#index}. */
  public double[] gradient(Scalar result) {
    double[] by = new double[entries.size()];
    by[result.index] = 1;
    for (int i = result.index; i >= 0; i--) {
      Entry entry = entries.get(i);
      if (entry.left != i) {
        by[entry.left] += by[i] * entry.byLeft;
        by[entry.right] += by[i] * entry.byRight;
      }
    }
    return by;
  }

  private Scalar record(double value, int left, double byLeft, int right, double byRight) {
    entries.add(new Entry(left, byLeft, right, byRight));
    return new Scalar(this, entries.size() - 1, value);
  }

  /** A number on a tape. */
  public static final class Scalar {
    private final Tape tape;
    private final int index;
    private final double value;

    private Scalar(Tape tape, int index, double value) {
      this.tape = tape;
      this.index = index;
      this.value = value;
    }

    /** The number. */
    public double value() {
      return value;
    }

    /** Its place on the tape. */
    public int index() {
      return index;
    }

    /** {@code this + other}. */
    public Scalar plus(Scalar other) {
      requireSameTape(other);
      return tape.record(value + other.value, index, 1, other.index, 1);
    }

    /** {@code this * other}. */
    public Scalar times(Scalar other) {
      requireSameTape(other);
      return tape.record(value * other.value, index, other.value, other.index, value);
    }

    /** {@code factor * this}. */
    public Scalar times(double factor) {
      return unary(factor * value, factor);
    }

    /** {@code tanh(this)}. */
    public Scalar tanh() {
      double h = Math.tanh(value);
      return unary(h, 1 - h * h);
    }

    /** {@code max(this, 0)}. */
    public Scalar relu() {
      return unary(Math.max(value, 0), value > 0 ? 1 : 0);
    }

    /** {@code exp(this)}. */
    public Scalar exp() {
      return unary(Math.exp(value), Math.exp(value));
    }

    /** {@code log(this)}, natural. */
    public Scalar log() {
      return unary(Math.log(value), 1 / value);
    }

    private void requireSameTape(Scalar other) {
      if (other.tape != tape) {
        throw new IllegalArgumentException(
            "the numbers are on two tapes, but an operation is recorded on one");
      }
    }

    private Scalar unary(double result, double derivative) {
      return tape.record(result, index, derivative, index, 0);
    }
  }
}
