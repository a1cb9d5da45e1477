package dev.lookback.cell;

/**
 * Which bias vectors a cell trains. Where both stand they are summed; each is a parameter of its
 * own, so a gradient's norm counts both.
 */
public enum Biases {
  /** No bias. */
  NONE,
  /** {@code bias_ih} only; {@code bias_hh} is zero and not trained. */
  INPUT,
  /** {@code bias_ih} and {@code bias_hh}, as in models that come from PyTorch. */
  BOTH
}
