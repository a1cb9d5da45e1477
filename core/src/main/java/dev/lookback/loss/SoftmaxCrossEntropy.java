package dev.lookback.loss;

import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import dev.lookback.window.Targets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cross-entropy of the softmax, in nats, fused with its gradient.
 *
 * <pre>
 *   l(o, y) = -log softmax(o)_y = log sum_j exp(o_j - m) - (o_y - m),   m = max_j o_j
 *   dl/do_j = softmax(o)_j - [j = y]
 * </pre>
 *
 * <p>The sum of a row is taken in eight chains, j mod 8, over 256 outputs at a time, and the chains
 * are added in double in ascending order.
 */
public final class SoftmaxCrossEntropy implements Loss {
  private static final int CHUNK = 256;

  // Losses of the rows, so that threads split rows and the sum keeps their order.
  private double[] losses = new double[0];
  private final Rows rows = new Rows();

  /** A loss for one pass. */
  public SoftmaxCrossEntropy() {}

  @Override
  public double lossAndGradient(
      float[] outputs,
      RowRange range,
      Targets targets,
      Optional<float[]> weight,
      double scale,
      Team team) {
    if (!(targets instanceof Targets.Classes classes)) {
      throw new IllegalArgumentException(
          "cross-entropy needs targets that are class ids [T, B], not rows of values");
    }
    if (losses.length < range.count()) {
      losses = new double[range.count()];
    }
    rows.o = outputs;
    rows.first = range.first();
    rows.width = range.width();
    rows.ids = classes.ids();
    rows.weight = weight;
    rows.scale = scale;
    team.split(range.count(), 10L * range.width(), rows);
    double sum = 0;
    for (int r = 0; r < range.count(); r++) {
      sum += losses[r];
    }
    return sum;
  }

  private final class Rows implements Team.Task {
    private float[] o = new float[0];
    private int first;
    private int width;
    private int[] ids = new int[0];
    private Optional<float[]> weight = Optional.empty();
    private double scale;

    // The exponentials of all rows in one run: a row alone may be shorter than a vector or two.
    @Override
    public void run(Worker worker, int from, int to) {
      for (int r = from; r < to; r++) {
        shift(r);
      }
      worker.exp(o, from * width, to * width);
      for (int r = from; r < to; r++) {
        normalise(r);
      }
    }

    private float weight(int r) {
      return weight.isPresent() ? weight.get()[first + r] : 1;
    }

    // o - max o; the target's is kept as the row's loss for the moment.
    private void shift(int r) {
      int at = r * width;
      if (weight(r) == 0) {
        // Masked: whatever stands there, padding ids included, neither counts nor teaches.
        Arrays.fill(o, at, at + width, 0);
        losses[r] = 0;
        return;
      }
      int y = ids[first + r];
      if (y < 0 || y >= width) {
        throw new IllegalArgumentException(
            "a target is class " + y + " but the network has the outputs 0 to " + (width - 1));
      }
      float max = o[at];
      for (int j = at + 1; j < at + width; j++) {
        if (o[j] > max) {
          max = o[j];
        }
      }
      losses[r] = (double) o[at + y] - max;
      for (int j = at; j < at + width; j++) {
        o[j] -= max;
      }
    }

    private void normalise(int r) {
      int at = r * width;
      float w = weight(r);
      if (w == 0) {
        Arrays.fill(o, at, at + width, 0);
        return;
      }
      double sum = 0;
      for (int from = at; from < at + width; from += CHUNK) {
        sum += sum(o, from, Math.min(at + width, from + CHUNK));
      }
      // One factor for the row: softmax and the mean in one multiplication.
      float factor = (float) (w * scale / sum);
      for (int j = at; j < at + width; j++) {
        o[j] *= factor;
      }
      o[at + ids[first + r]] -= (float) (w * scale);
      losses[r] = w * (Worker.log(sum) - losses[r]);
    }
  }

  private static double sum(float[] x, int from, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int j = from;
    for (; j + 8 <= to; j += 8) {
      s0 += x[j];
      s1 += x[j + 1];
      s2 += x[j + 2];
      s3 += x[j + 3];
      s4 += x[j + 4];
      s5 += x[j + 5];
      s6 += x[j + 6];
      s7 += x[j + 7];
    }
    double sum = ((double) s0 + s1) + ((double) s2 + s3) + ((double) s4 + s5) + ((double) s6 + s7);
    for (; j < to; j++) {
      sum += x[j];
    }
    return sum;
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
