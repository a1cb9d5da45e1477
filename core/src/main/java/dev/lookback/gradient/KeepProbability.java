package dev.lookback.gradient;

import java.util.Arrays;
import java.util.List;

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
    return new Geometric(1 - 1 / mean);
  }

  /**
   * One pi for each link: {@code pi[t]} on the link in front of step t; {@code pi[0]} is unused.
   */
  static KeepProbability perStep(double... pi) {
    List<Double> each = Arrays.stream(pi).boxed().toList();
    for (int t = 1; t < pi.length; t++) {
      check(pi[t], t);
    }
    return new PerStep(each);
  }

  /**
   * The same on every link.
   *
   * @param pi the probability
   */
  record Geometric(double pi) implements KeepProbability {
    @Override
    public double at(int step, int sinceCut) {
      return pi;
    }
  }

  /**
   * One for each link.
   *
   * @param pi entry t for the link in front of step t
   */
  record PerStep(List<Double> pi) implements KeepProbability {
    @Override
    public double at(int step, int sinceCut) {
      if (step >= pi.size()) {
        throw new IllegalArgumentException(
            "the schedule has " + pi.size() + " probabilities but step " + step + " needs one");
      }
      return pi.get(step);
    }
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
