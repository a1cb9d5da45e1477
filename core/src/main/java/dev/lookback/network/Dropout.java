package dev.lookback.network;

import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;

/**
 * Inverted dropout: a number is kept with probability 1 - p and then multiplied by 1 / (1 - p), so
 * that nothing has to change when nothing is dropped.
 *
 * <p>What is dropped is a function of the randomness given for the update and of layer, step, lane
 * and unit; so nothing is stored for the way back, and neither blocks nor threads change it.
 */
public final class Dropout {
  private final double p;
  private final float scale;
  private final Mask mask = new Mask();

  /** Drops with probability p. */
  public Dropout(double p) {
    this.p = p;
    this.scale = (float) (1 / (1 - p));
  }

  /**
   * The mask of rows of {@code width} numbers, the first of which is row {@code row} of what the
   * randomness is for.
   */
  public Dropout mask(Randomness layer, long row, int width) {
    mask.key = layer;
    mask.first = row * width;
    mask.width = width;
    return this;
  }

  /** {@code to = mask from} for so many rows; from and to may be the same. */
  public void apply(int rows, float[] from, int fromRow, float[] to, int toRow, Team team) {
    mask.from = from;
    mask.fromAt = fromRow * mask.width;
    mask.to = to;
    mask.toAt = toRow * mask.width;
    team.split(rows, 8L * mask.width, mask);
  }

  private final class Mask implements Team.Task {
    private Randomness key = Randomness.of(0);
    private long first;
    private float[] from = new float[0];
    private int fromAt;
    private float[] to = new float[0];
    private int toAt;
    private int width;

    @Override
    public void run(Worker worker, int r0, int r1) {
      for (int i = r0 * width; i < r1 * width; i++) {
        boolean kept = key.uniform(first + i) >= p;
        to[toAt + i] = kept ? scale * from[fromAt + i] : 0;
      }
    }
  }
}
