package dev.lookback.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Randomised truncation without chance: every outcome of xi with its probability, so that an
 * expectation is a finite sum.
 *
 * <pre>
 *   P(xi_t = 1 / pi_t) = pi_t,   P(xi_t = 0) = 1 - pi_t,   so that E xi_t = 1
 * </pre>
 *
 * <p>pi_t may depend on what came before it in time, here on the steps since the last cut; the
 * gradient stays unbiased. xi of the first step stands on the link to h0, which is not drawn: 1.
 *
 * <p><b>Source.</b> Tallec and Ollivier 2017, "Unbiasing Truncated Backpropagation Through Time".
 */
public final class RandomTruncation {
  // 2^20 outcomes; one more link doubles them.
  private static final int MOST_LINKS = 20;

  private RandomTruncation() {}

  /** The probability that a link is not cut. */
  @FunctionalInterface
  public interface Survival {
    /**
     * pi of the link into step {@code t} (t = 1, 2, .. counted from 0), above 0 and at most 1.
     *
     * @param t the step the link leads into
     * @param sinceCut links since the last cut, this one included: 1 right after a cut or at the
     *     first link of all
     */
    double pi(int t, int sinceCut);

    /** {@code pi = 1 - 1/mean}: segments of geometric length. */
    static Survival geometric(double mean) {
      return (t, sinceCut) -> 1 - 1 / mean;
    }

    /**
     * {@code 1 - pi = (alpha - 1) / ((alpha - 2) mean + sinceCut)}: segments of the given mean
     * length whose tail falls as a power, P(longer than l) like l^-(alpha-1). alpha above 2.
     */
    static Survival powerLaw(double alpha, double mean) {
      return (t, sinceCut) -> 1 - (alpha - 1) / ((alpha - 2) * mean + sinceCut);
    }
  }

  /**
   * One outcome of all draws.
   *
   * @param xi {@code [T][B]}
   * @param probability of this outcome
   */
  public record Outcome(double[][] xi, double probability) {}

  /**
   * Expectation and variance of each number of an estimate.
   *
   * @param mean E g
   * @param variance E (g - E g)^2
   */
  public record Moments(double[] mean, double[] variance) {}

  /** All outcomes when the lanes share xi: 2^(T-1), less those that pi = 1 rules out. */
  public static List<Outcome> shared(int steps, int lanes, Survival survival) {
    requireFew(steps - 1);
    List<Outcome> outcomes = new ArrayList<>();
    double[] xi = new double[steps];
    if (steps > 0) {
      xi[0] = 1;
    }
    extend(outcomes, xi, 1, new Path(1, 1), survival);
    return outcomes.stream()
        .map(o -> new Outcome(Xi.shared(firstLane(o.xi), lanes), o.probability))
        .toList();
  }

  /** All outcomes when each lane draws for itself: 2^((T-1) B), less those ruled out. */
  public static List<Outcome> perLane(int steps, int lanes, Survival survival) {
    requireFew((steps - 1) * lanes);
    List<Outcome> one = shared(steps, 1, survival);
    List<Outcome> joint = List.of(new Outcome(new double[steps][0], 1));
    for (int b = 0; b < lanes; b++) {
      List<Outcome> wider = new ArrayList<>();
      for (Outcome left : joint) {
        for (Outcome right : one) {
          wider.add(new Outcome(beside(left.xi, right.xi), left.probability * right.probability));
        }
      }
      joint = wider;
    }
    return List.copyOf(joint);
  }

  /** {@code E g = sum over outcomes of P g(xi)}, and the variance, of each number of g. */
  public static Moments moments(List<Outcome> outcomes, Function<double[][], double[]> estimate) {
    List<double[]> estimates = outcomes.stream().map(o -> estimate.apply(o.xi)).toList();
    double[] mean = new double[estimates.get(0).length];
    double[] variance = new double[mean.length];
    for (int k = 0; k < outcomes.size(); k++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += outcomes.get(k).probability * estimates.get(k)[i];
      }
    }
    for (int k = 0; k < outcomes.size(); k++) {
      for (int i = 0; i < mean.length; i++) {
        double deviation = estimates.get(k)[i] - mean[i];
        variance[i] += outcomes.get(k).probability * deviation * deviation;
      }
    }
    return new Moments(mean, variance);
  }

  private record Path(int sinceCut, double probability) {}

  private static void extend(
      List<Outcome> outcomes, double[] xi, int t, Path path, Survival survival) {
    if (t >= xi.length) {
      outcomes.add(new Outcome(Xi.shared(xi, 1), path.probability));
      return;
    }
    double pi = survival.pi(t, path.sinceCut);
    if (!(pi > 0 && pi <= 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "pi is %s at step %d but has to be above 0 and at most 1: 1/pi has to have a value",
              pi,
              t));
    }
    xi[t] = 1 / pi;
    extend(outcomes, xi, t + 1, new Path(path.sinceCut + 1, path.probability * pi), survival);
    if (pi < 1) {
      xi[t] = 0;
      extend(outcomes, xi, t + 1, new Path(1, path.probability * (1 - pi)), survival);
    }
  }

  private static double[] firstLane(double[][] xi) {
    double[] lane = new double[xi.length];
    for (int t = 0; t < xi.length; t++) {
      lane[t] = xi[t][0];
    }
    return lane;
  }

  private static double[][] beside(double[][] left, double[][] right) {
    double[][] both = new double[left.length][];
    for (int t = 0; t < left.length; t++) {
      both[t] = Matrices.flatten(new double[][] {left[t], right[t]});
    }
    return both;
  }

  private static void requireFew(int links) {
    if (links < 0 || links > MOST_LINKS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there are %d links to draw but only 0 to %d can be enumerated",
              links,
              MOST_LINKS));
    }
  }
}
