package dev.lookback.loss;

import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import dev.lookback.window.Targets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cross-entropy of the softmax, in nats.
 *
 * <pre>
 *   l(o, y) = -log softmax(o)_y = log sum_j exp(o_j - m) - (o_y - m),   m = max_j o_j
 *   dl/do_j = softmax(o)_j - [j = y]
 * </pre>
 *
 * <p>The sum is taken in double over ascending j.
 */
public final class SoftmaxCrossEntropy implements Loss {

  // Losses of the rows, so that threads split rows and the sum keeps their order.
  private double[] losses = new double[0];

  /** A loss for one pass. */
  public SoftmaxCrossEntropy() {}

  @Override
  public double lossAndGradient(
      float[] outputs,
      RowRange rows,
      Targets targets,
      Optional<float[]> weight,
      double scale,
      Team team) {
    if (!(targets instanceof Targets.Classes classes)) {
      throw new IllegalArgumentException(
          "cross-entropy needs targets that are class ids [T, B], not rows of values");
    }
    if (losses.length < rows.count()) {
      losses = new double[rows.count()];
    }
    double[] each = losses;
    team.split(
        rows.count(),
        10L * rows.width(),
        (worker, from, to) -> {
          for (int r = from; r < to; r++) {
            float w = weight.isPresent() ? weight.get()[rows.first() + r] : 1;
            int y = classes.ids()[rows.first() + r];
            int at = r * rows.width();
            if (w == 0) {
              // Masked: whatever stands there, padding ids included, neither counts nor teaches.
              Arrays.fill(outputs, at, at + rows.width(), 0);
              each[r] = 0;
            } else {
              each[r] = w * row(worker, outputs, at, rows.width(), y, w * scale);
            }
          }
        });
    double sum = 0;
    for (int r = 0; r < rows.count(); r++) {
      sum += each[r];
    }
    return sum;
  }

  private static double row(Worker worker, float[] o, int from, int width, int y, double scale) {
    if (y < 0 || y >= width) {
      throw new IllegalArgumentException(
          "a target is class " + y + " but the network has the outputs 0 to " + (width - 1));
    }
    float max = o[from];
    for (int j = 1; j < width; j++) {
      max = Math.max(max, o[from + j]);
    }
    double target = (double) o[from + y] - max;
    worker.exp(o, from, from + width, max);
    double sum = 0;
    for (int j = 0; j < width; j++) {
      sum += o[from + j];
    }
    // One factor for the row: softmax and the mean in one multiplication.
    float factor = (float) (scale / sum);
    for (int j = 0; j < width; j++) {
      o[from + j] *= factor;
    }
    o[from + y] -= (float) scale;
    return StrictMath.log(sum) - target;
  }

  @Override
  public String label() {
    return "cross-entropy";
  }

  @Override
  public String unit() {
    return "nats";
  }
}
