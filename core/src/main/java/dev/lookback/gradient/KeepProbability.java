package dev.lookback.gradient;

/**
 * The schedule pi_t of randomised truncation: with which probability a link is kept.
 *
 * <p>It may depend on the step and on how long ago the last cut was; the estimate stays unbiased
 * because neither knows the future (Tallec and Ollivier 2017).
 */
@FunctionalInterface
public interface KeepProbability {

  /**
   * pi on the link between step {@code step - 1} and step {@code step}, in (0, 1].
   *
   * @param step the window's step, 1 or more
   * @param sinceCut links since the last cut or the window's start, this one counted: 1, 2, ...
   */
  double at(int step, int sinceCut);

  /**
   * The same pi = 1 - 1/mean on every link: segments with geometric lengths of the given mean.
   *
   * <p>For a scalar recurrence with derivative c the variance is finite only where c^2 &lt; pi.
   */
  static KeepProbability geometric(double mean) {
    if (!(mean > 1) || Double.isInfinite(mean)) {
      throw new IllegalArgumentException(
          "the mean length is "
              + plain(mean)
              + " but has to be more than 1 step: a link is kept with probability pi = 1 - 1/mean,"
              + " and pi = 0 has no 1/pi. Use fixed:1 to keep no link at all");
    }
    double pi = 1 - 1 / mean;
    return (step, sinceCut) -> pi;
  }

  /**
   * One pi for each link: {@code pi[t]} on the link in front of step t; {@code pi[0]} is unused.
   */
  static KeepProbability perStep(double... pi) {
    double[] each = pi.clone();
    for (int t = 1; t < each.length; t++) {
      check(each[t], t);
    }
    return (step, sinceCut) -> {
      if (step >= each.length) {
        throw new IllegalArgumentException(
            "the schedule has " + each.length + " probabilities but step " + step + " needs one");
      }
      return each[step];
    };
  }

  /** Returns pi if it is in (0, 1] and 1/pi a float, else says why it cannot be used. */
  static double check(double pi, int step) {
    if (pi > 0 && pi <= 1 && 1 / pi <= Float.MAX_VALUE) {
      return pi;
    }
    String why =
        pi == 0
            ? ": a link that is never kept has no 1/pi, and the expectation is lost"
            : pi > 0 && pi < 1 ? " and so large that 1/pi is a float" : "";
    throw new IllegalArgumentException(
        "pi at step " + step + " is " + plain(pi) + " but has to be in (0, 1]" + why);
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
