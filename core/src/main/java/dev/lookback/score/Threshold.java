package dev.lookback.score;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * What the excess of a line has to be above to count as unusual, taken from usual lines that the
 * model has not learned from.
 *
 * <pre>
 *   threshold = the k-th smallest excess of n usual lines,   k = ceil((1 - share) (n + 1))
 * </pre>
 *
 * <p>A further line of the same kind is above it with a probability of at most {@code share},
 * whatever the distribution (split conformal prediction: Vovk, Gammerman and Shafer 2005; Lei et
 * al. 2018), as far as lines can be exchanged for one another.
 *
 * @param excess in nats
 * @param share of usual lines that are above
 * @param lines n
 */
public record Threshold(double excess, double share, int lines) {
  // A share that is advised is one that suffices.
  private static final MathContext UP = new MathContext(3, RoundingMode.UP);

  /**
   * The threshold that lets through at most this share of usual lines.
   *
   * @param usual the excess of each usual line
   * @param share in (0, 1), such as 0.001
   * @throws IllegalArgumentException if the lines are too few for so small a share
   */
  public static Threshold of(double[] usual, double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "the share of usual lines above the threshold is "
              + share
              + " but has to be above 0 and below 1, such as 0.001");
    }
    int n = usual.length;
    if (n == 0) {
      throw new IllegalArgumentException("a threshold needs usual lines, but there are none");
    }
    // A share that was meant as 1 / (n + 1) is not refused for its last bit.
    long k = (long) Math.ceil((1 - share) * (n + 1.0) - 1e-9);
    if (k > n) {
      throw new IllegalArgumentException(
          n
              + " usual lines cannot tell a share of "
              + share
              + ": use more of them, or a share of "
              + BigDecimal.valueOf(1 / (n + 1.0)).round(UP).toPlainString()
              + " or more");
    }
    double[] sorted = usual.clone();
    Arrays.sort(sorted);
    return new Threshold(sorted[(int) Math.max(0, k - 1)], share, n);
  }

  /** Whether the line's excess is above the threshold, so that the line is unusual. */
  public boolean exceededBy(LineScore line) {
    return line.excess() > excess;
  }
}
