package dev.lookback.examples;

import dev.lookback.loss.Loss;
import dev.lookback.math.Team;
import dev.lookback.window.Targets;
import java.util.Optional;

/**
 * A loss of one's own: log cosh(o - y), half the squared error of small errors and the absolute one
 * of large, with the derivative tanh(o - y).
 */
final class LogCosh implements Loss {

  @Override
  public double lossAndGradient(
      float[] outputs,
      RowRange rows,
      Targets targets,
      Optional<float[]> weight,
      double scale,
      Team team) {
    if (!(targets instanceof Targets.Values values)) {
      throw new IllegalArgumentException("log-cosh needs targets that are numbers, not classes");
    }
    double sum = 0;
    for (int r = 0; r < rows.count(); r++) {
      float w = weight.isPresent() ? weight.get()[rows.first() + r] : 1;
      for (int j = r * rows.width(); j < (r + 1) * rows.width(); j++) {
        double error = outputs[j] - values.values()[rows.first() * rows.width() + j];
        // A masked row counts nothing, whatever stands in it.
        outputs[j] = w == 0 ? 0 : (float) (w * scale * StrictMath.tanh(error));
        sum += w == 0 ? 0 : w * logCosh(Math.abs(error));
      }
    }
    return sum;
  }

  // Not log(cosh(e)), which overflows.
  private static double logCosh(double e) {
    return e + StrictMath.log1p(StrictMath.exp(-2 * e)) - StrictMath.log(2);
  }

  @Override
  public String label() {
    return "log-cosh";
  }

  @Override
  public String unit() {
    return "log cosh";
  }
}
