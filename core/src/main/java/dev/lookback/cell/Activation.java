package dev.lookback.cell;

import dev.lookback.math.Worker;
import java.util.Locale;

/** phi, element by element, with its derivative written in terms of its value. */
public enum Activation {
  /** phi(a) = tanh a, phi' = 1 - h^2. */
  TANH {
    @Override
    void apply(Worker worker, float[] a, int from, int to) {
      worker.tanh(a, from, to);
    }

    @Override
    void scaleByDerivative(float[] h, int h0, float[] delta, float[] out, int from, int to) {
      for (int i = from; i < to; i++) {
        float y = h[h0 + i];
        out[i] = delta[i] * (1 - y * y);
      }
    }
  },
  /** phi(a) = max(a, 0), phi' = 1 where a > 0, else 0. */
  RELU {
    @Override
    void apply(Worker worker, float[] a, int from, int to) {
      for (int i = from; i < to; i++) {
        a[i] = Math.max(a[i], 0);
      }
    }

    @Override
    void scaleByDerivative(float[] h, int h0, float[] delta, float[] out, int from, int to) {
      for (int i = from; i < to; i++) {
        out[i] = h[h0 + i] > 0 ? delta[i] : 0;
      }
    }
  },
  /** phi(a) = a: the linear network of the chapter. */
  IDENTITY {
    @Override
    void apply(Worker worker, float[] a, int from, int to) {}

    @Override
    void scaleByDerivative(float[] h, int h0, float[] delta, float[] out, int from, int to) {
      System.arraycopy(delta, from, out, from, to - from);
    }
  };

  /** {@code a = phi(a)} for the elements in [from, to). */
  abstract void apply(Worker worker, float[] a, int from, int to);

  /** {@code out[i] = delta[i] phi'}, where phi' is taken from the value {@code h[h0 + i]}. */
  abstract void scaleByDerivative(float[] h, int h0, float[] delta, float[] out, int from, int to);

  /** The name used in files and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
