package dev.lookback.examples;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Randomness;
import dev.lookback.window.Links;

/**
 * A random coupling of one's own: each window is cut once, in front of a step drawn from 1 to T,
 * where T means not at all. A link that may be cut, and is not, is scaled by the inverse of its
 * chance to stay, (T - t) / (T - t + 1), so that the gradient is unbiased.
 */
record OneCut() implements Coupling.Custom {

  @Override
  public Coupled couple(int steps, int lanes, Randomness randomness) {
    return cutAt(1 + randomness.below(steps, 0), steps);
  }

  /** The window of so many steps that is cut in front of this one. */
  static Coupled cutAt(int cut, int steps) {
    float[] xi = new float[steps];
    for (int t = 0; t < steps; t++) {
      float kept = t == 0 ? 1 : (steps - t + 1f) / (steps - t);
      xi[t] = t < cut ? kept : t == cut ? 0 : 1;
    }
    return Coupled.tiled(Links.shared(xi));
  }

  @Override
  public Promise promise() {
    return Promise.UNBIASED;
  }

  @Override
  public String label() {
    return "one-cut";
  }
}
