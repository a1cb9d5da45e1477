package dev.lookback.train;

import dev.lookback.loss.Loss;
import dev.lookback.math.Team;
import dev.lookback.window.Targets;
import java.util.Optional;

/** A loss of one's own: three times another. */
record Thrice(Loss loss) implements Loss {
  @Override
  public double lossAndGradient(
      float[] outputs,
      RowRange rows,
      Targets targets,
      Optional<float[]> weight,
      double scale,
      Team team) {
    return 3 * loss.lossAndGradient(outputs, rows, targets, weight, 3 * scale, team);
  }

  @Override
  public String label() {
    return "thrice";
  }

  @Override
  public String unit() {
    return "nats";
  }
}
