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
    void backward(
        Worker worker,
        float[] h,
        int h0,
        float[] q,
        int at,
        float[] carry,
        int k,
        float[] da,
        int n) {
      worker.gates().tanhBackward(h, h0, q, at, carry, k, da, n);
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
    void backward(
        Worker worker,
        float[] h,
        int h0,
        float[] q,
        int at,
        float[] carry,
        int k,
        float[] da,
        int n) {
      for (int j = 0; j < n; j++) {
        da[at + j] = h[h0 + j] > 0 ? q[at + j] + carry[k + j] : 0;
      }
    }
  },
  /** phi(a) = a: the linear network of the chapter. */
  IDENTITY {
    @Override
    void apply(Worker worker, float[] a, int from, int to) {}

    @Override
    void backward(
        Worker worker,
        float[] h,
        int h0,
        float[] q,
        int at,
        float[] carry,
        int k,
        float[] da,
        int n) {
      for (int j = 0; j < n; j++) {
        da[at + j] = q[at + j] + carry[k + j];
      }
    }
  };

  /** {@code a = phi(a)} for the elements in [from, to). */
  abstract void apply(Worker worker, float[] a, int from, int to);

  /**
   * {@code da = (q + carry) phi'}, n numbers from the given places, where phi' is taken from the
   * value h.
   */
  abstract void backward(
      Worker worker, float[] h, int h0, float[] q, int at, float[] carry, int k, float[] da, int n);

  /** The name used in files and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
