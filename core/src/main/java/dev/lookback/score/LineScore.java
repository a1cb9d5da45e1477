package dev.lookback.score;

/**
 * How surprising one line was, character by character, and how surprising the model expected it to
 * be.
 *
 * <pre>
 *   s_i = -log p(c_i | before)                      the surprise of character i
 *   e_i = -sum_c p(c | before) log p(c | before)    its expectation, the entropy of the prediction
 *   nats = sum_i s_i        excess = sum_i (s_i - e_i)
 * </pre>
 *
 * <p>Where the model is right about what it does not know, the excess has mean 0 for lines of every
 * kind and length: a line with a random number in it is as usual as one without. That is why the
 * excess, not the surprise, tells unusual lines. (A {@link Scorer.Stream} takes the better of two
 * readings, which lowers it a little.)
 *
 * <p>Equal to itself only, since it holds arrays.
 *
 * @param nats s, one for each character of the line and one for its end; shared, do not change it
 * @param expected e, as many; shared, do not change it
 */
public record LineScore(double[] nats, double[] expected) {

  /** Checks that both have the same length. */
  public LineScore {
    if (nats.length != expected.length) {
      throw new IllegalArgumentException(
          nats.length + " surprises have " + expected.length + " expectations but each needs one");
    }
  }

  /** The surprise of the whole line: {@code -log p(line)}, in nats. */
  public double total() {
    return sum(nats);
  }

  /** The surprise beyond what was expected, in nats; about 0 for a usual line. */
  public double excess() {
    return total() - sum(expected);
  }

  /** The mean surprise of a character, in nats; 0 for a line of which nothing is predicted. */
  public double mean() {
    return nats.length == 0 ? 0 : total() / nats.length;
  }

  private static double sum(double[] x) {
    double sum = 0;
    for (double each : x) {
      sum += each;
    }
    return sum;
  }
}
