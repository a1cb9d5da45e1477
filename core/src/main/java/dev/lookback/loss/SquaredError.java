package dev.lookback.loss;

import dev.lookback.math.Team;
import dev.lookback.window.Targets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Half the squared error, summed over the outputs.
 *
 * <pre>
 *   l(o, y) = 1/2 sum_j (o_j - y_j)^2
 *   dl/do_j = o_j - y_j
 * </pre>
 */
public final class SquaredError implements Loss {

  /** A loss for one pass. */
  public SquaredError() {}

  @Override
  public double lossAndGradient(
      float[] outputs,
      RowRange rows,
      Targets targets,
      Optional<float[]> weight,
      double scale,
      Team team) {
    if (!(targets instanceof Targets.Values values) || values.width() != rows.width()) {
      throw new IllegalArgumentException(
          "squared error needs targets [T, B, "
              + rows.width()
              + "], as many as the network has outputs, not "
              + (targets instanceof Targets.Values v ? "[T, B, " + v.width() + "]" : "class ids"));
    }
    double sum = 0;
    for (int r = 0; r < rows.count(); r++) {
      float w = weight.isPresent() ? weight.get()[rows.first() + r] : 1;
      float factor = (float) (w * scale);
      int o = r * rows.width();
      if (w == 0) {
        // Masked: whatever stands there, NaN included, neither counts nor teaches.
        Arrays.fill(outputs, o, o + rows.width(), 0);
        continue;
      }
      int y = (rows.first() + r) * rows.width();
      double row = 0;
      for (int j = 0; j < rows.width(); j++) {
        float error = outputs[o + j] - values.values()[y + j];
        row += 0.5 * error * error;
        outputs[o + j] = factor * error;
      }
      sum += w * row;
    }
    return sum;
  }

  @Override
  public String label() {
    return "squared-error";
  }

  @Override
  public String unit() {
    return "half squared error";
  }
}
