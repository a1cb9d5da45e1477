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

  /** Whether pi is a function of the links since the last cut alone. */
  default boolean knowsOnlyTheLastCut() {
    return false;
  }

  /** What follows the mean length in a coupling's label, such as {@code ,alpha=4}. */
  default String notation() {
    return "";
  }

  /**
   * The same pi = 1 - 1/mean on every link: segments with geometric lengths of the given mean.
   *
   * <p>For a scalar recurrence with derivative c the variance is finite only where c^2 &lt; pi.
   */
  static KeepProbability geometric(double mean) {
    if (!(mean > 1) || Double.isInfinite(mean)) {
      throw new IllegalArgumentException(
          "the mean length is "
              + CouplingNotation.number(mean)
              + " but has to be more than 1 step: a link is kept with probability pi = 1 - 1/mean,"
              + " and pi = 0 has no 1/pi. Use fixed:1 to keep no link at all");
    }
    return new Geometric(1 - 1 / mean);
  }

  /**
   * The longer a segment, the surer its next link: segments of the given mean length whose tail
   * falls as a power, P(longer than l) like l^-(alpha-1).
   *
   * <pre>  1 - pi = (alpha - 1) / ((alpha - 2) mean + sinceCut)</pre>
   *
   * <p>pi goes to 1, so the variance is finite wherever credit decays at all. The median length is
   * well below the mean (26 for alpha = 4 and mean 50); the longest segment of a long stream, and
   * with it memory, is bounded by the window alone (Tallec and Ollivier 2017).
   *
   * @param alpha above 2
   * @param mean steps in a segment, above 1
   */
  static KeepProbability powerLaw(double alpha, double mean) {
    return new PowerLaw(alpha, mean);
  }

  /**
   * No cut in the first {@code links} links after one or after the window's start, then as {@code
   * after} says, which counts from there: its segments, each longer by {@code links} steps. What
   * comes from these lags has no variance.
   */
  static KeepProbability floor(int links, KeepProbability after) {
    return new Floor(links, after);
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
    public boolean knowsOnlyTheLastCut() {
      return true;
    }

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

  /**
   * A power law.
   *
   * @param alpha one more than the power with which the tail falls
   * @param mean steps in a segment
   */
  record PowerLaw(double alpha, double mean) implements KeepProbability {
    /** Checks that the mean is one. */
    public PowerLaw {
      if (!(alpha > 2) || Double.isInfinite(alpha)) {
        throw new IllegalArgumentException(
            "alpha is "
                + CouplingNotation.number(alpha)
                + " but has to be more than 2 and finite: at 2 and below segments have no finite"
                + " mean length. 4 and 6 are usual, such as random:50,alpha=4");
      }
      if (!(mean > 1) || Double.isInfinite(mean)) {
        throw new IllegalArgumentException(
            "the mean length is "
                + CouplingNotation.number(mean)
                + " but has to be more than 1 step and finite: at 1 the first link after a cut is"
                + " never kept, and pi = 0 has no 1/pi. Use fixed:1 to keep no link at all");
      }
    }

    @Override
    public boolean knowsOnlyTheLastCut() {
      return true;
    }

    @Override
    public double at(int step, int sinceCut) {
      return 1 - (alpha - 1) / ((alpha - 2) * mean + sinceCut);
    }

    @Override
    public String notation() {
      return ",alpha=" + CouplingNotation.number(alpha);
    }
  }

  /**
   * Sure links first.
   *
   * @param links how many
   * @param after the schedule of the others
   */
  record Floor(int links, KeepProbability after) implements KeepProbability {
    /** Checks the number. */
    public Floor {
      if (links < 1) {
        throw new IllegalArgumentException(
            "the floor is "
                + links
                + " but has to be 1 link or more, such as random:50,floor=20; leave it out for"
                + " none");
      }
    }

    @Override
    public boolean knowsOnlyTheLastCut() {
      return after.knowsOnlyTheLastCut();
    }

    @Override
    public double at(int step, int sinceCut) {
      return sinceCut <= links ? 1 : after.at(step, sinceCut - links);
    }

    @Override
    public String notation() {
      return after.notation() + ",floor=" + links;
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
        "pi at step "
            + step
            + " is "
            + CouplingNotation.number(pi)
            + " but has to be in (0, 1]"
            + why);
  }
}
