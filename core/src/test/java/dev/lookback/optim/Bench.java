package dev.lookback.optim;

import dev.lookback.math.Randomness;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;

/** Weights of an odd size and gradients that are a function of the update. */
final class Bench {
  static final Layout LAYOUT =
      Layout.builder().matrix("w", 7, 9).vector("b", 9).matrix("u", 3, 5).build();

  private Bench() {}

  static Weights weights() {
    return numbers(LAYOUT, "weights", 0, 1);
  }

  /** Tensors of different scales; norms on both sides of 1. */
  static Weights gradient(long update) {
    Weights gradient = numbers(LAYOUT, "gradient", update, 0.05 + 0.05 * (update % 5));
    for (int i = 0; i < 9; i++) {
      gradient.values()[i] *= 1e-3f;
    }
    return gradient;
  }

  static Weights numbers(Layout layout, String purpose, long index, double scale) {
    Randomness randomness = Randomness.of(7).with(purpose).with(index);
    Weights weights = Weights.zeros(layout);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] = (float) (scale * randomness.gaussian(i));
    }
    return weights;
  }

  /** One number in one vector. */
  static Weights one(float value) {
    return new Weights(Layout.builder().vector("w", 1).build(), new float[] {value});
  }
}
