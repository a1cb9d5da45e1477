package dev.lookback.gradient;

import dev.lookback.cell.Adjoint;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;

/** Looks at what a pass computes, block by block, where it is at hand; changes nothing. */
interface Witness {
  /** Looks at nothing. */
  Witness NOBODY = new Witness() {};

  /** Some steps of a block are about to be computed. */
  default void computing() {}

  /** The steps [from, to) of a block are on its tapes. */
  default void computed(Window window, Block block, int from, int to) {}

  /**
   * The outputs of so many rows.
   *
   * @param first the window's row that stands first in the outputs
   */
  default void read(Window window, int first, int rows, float[] outputs) {}

  /** The gradients of the outputs of so many rows. */
  default void judged(int first, int rows, float[] gradients) {}

  /**
   * A sweep has gone back through the steps [from, to) of a block.
   *
   * @param adjoints what is at hand of it, and what has arrived in front of it
   * @param gradient the weights', so far
   */
  default void crossed(Block block, int from, int to, Adjoint[] adjoints, Weights gradient) {}

  /** A sweep has ended. */
  default void swept(Weights gradient) {}
}
