package dev.lookback.loss;

import dev.lookback.math.Team;
import dev.lookback.window.Targets;
import java.util.Optional;

/**
 * How wrong a block of outputs is, and its gradient.
 *
 * <p>A loss is a sum over rows, each row weighted; the caller decides what to divide by. An
 * instance keeps scratch and serves one pass.
 */
public interface Loss {

  /**
   * The weighted sum of the rows' losses, in double, rows in order; the outputs are overwritten by
   * {@code scale * weight * dl/do}.
   *
   * @param outputs o, {@code [rows, O]}
   * @param rows which rows of the window they are and how many
   * @param targets the window's targets
   * @param weight {@code [T, B]} of the window, or empty: 1 everywhere
   * @param scale 1 over what the loss is divided by
   */
  double lossAndGradient(
      float[] outputs,
      RowRange rows,
      Targets targets,
      Optional<float[]> weight,
      double scale,
      Team team);

  /**
   * "cross-entropy" or "squared-error", as in files. Losses that differ in a number need it in
   * their labels: by them a training that goes on tells whether it has the loss that it had.
   */
  String label();

  /** What the loss is counted in: "nats" for cross-entropy. */
  String unit();

  /**
   * Rows of the window.
   *
   * @param first the window's row that stands first in the outputs
   * @param count how many
   * @param width O
   */
  record RowRange(int first, int count, int width) {}
}
