package dev.lookback.score;

import dev.lookback.math.Team;
import dev.lookback.math.Worker;

/**
 * Surprise and expected surprise of the targets of a block of outputs.
 *
 * <pre>
 *   s = log Z - (o_y - m)      e = log Z - (1/Z) sum_j exp(o_j - m) (o_j - m)
 *   Z = sum_j exp(o_j - m)     m = max_j o_j
 * </pre>
 *
 * <p>The exponentials are the engine's; sums are taken in double, j ascending.
 */
final class RowScores implements Team.Task {
  /** A row that has no target. */
  static final int NO_TARGET = -1;

  /** A row whose target is no output: it counts as the least likely one. */
  static final int UNKNOWN = -2;

  private final int width;
  private float[] outputs = new float[0];
  private int[] targets = new int[0];
  private int first;
  private double[] nats = new double[0];
  private double[] expected = new double[0];

  /** For so many outputs. */
  RowScores(int width) {
    this.width = width;
  }

  /** Makes room for a window's rows, with a target each. */
  void begin(int[] targets) {
    this.targets = targets;
    if (nats.length < targets.length) {
      nats = new double[targets.length];
      expected = new double[targets.length];
    }
  }

  /** Scores the window's rows from {@code first} on; their outputs are overwritten. */
  void score(float[] outputs, int first, int rows, Team team) {
    this.outputs = outputs;
    this.first = first;
    team.split(rows, 12L * width, this);
  }

  double nats(int row) {
    return nats[row];
  }

  double expected(int row) {
    return expected[row];
  }

  @Override
  public void run(Worker worker, int from, int to) {
    float[] shifted = worker.scratch(width);
    for (int r = from; r < to; r++) {
      if (targets[first + r] != NO_TARGET) {
        row(worker, shifted, r);
      }
    }
  }

  private void row(Worker worker, float[] shifted, int r) {
    int at = r * width;
    float max = outputs[at];
    int least = 0;
    for (int j = 1; j < width; j++) {
      max = Math.max(max, outputs[at + j]);
      least = outputs[at + j] < outputs[at + least] ? j : least;
    }
    for (int j = 0; j < width; j++) {
      shifted[j] = outputs[at + j] - max;
      outputs[at + j] = shifted[j];
    }
    worker.exp(outputs, at, at + width);
    double z = 0;
    double mean = 0;
    for (int j = 0; j < width; j++) {
      z += outputs[at + j];
      mean += (double) outputs[at + j] * shifted[j];
    }
    double log = Worker.log(z);
    int target = targets[first + r];
    nats[first + r] = log - shifted[target == UNKNOWN ? least : target];
    expected[first + r] = log - mean / z;
  }
}
