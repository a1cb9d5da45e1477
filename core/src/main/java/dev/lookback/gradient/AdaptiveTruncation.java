package dev.lookback.gradient;

/**
 * How far back truncation has to go to keep the relative bias of its gradient small, estimated from
 * the gradient by lag (Aicher, Foti, Fox 2019, "Adaptively truncating backpropagation through time
 * to control gradient bias", theorem 1 and the estimator of their code).
 *
 * <p>Truncation to K steps keeps the lags 0 to K - 1. Under the assumptions that phi decays by beta
 * from one lag to the next after lag tau, and that the states' derivatives with respect to the
 * weights are no larger at the lags that are dropped than at those that are kept, and as much
 * aligned,
 *
 * <pre>
 *   log beta  = least-squares slope of log phi_k over k, without what lies below exp(-50)
 *   AbsErr(K) = sum of k = K..tau-1 of phi_k + phi_tau / (1 - beta)     K &lt; tau
 *             = phi_tau beta^(K - tau) / (1 - beta)                     K &gt;= tau
 *             = infinity                                                beta &gt;= 1
 *   |g| / M  &gt;~ max over K of G_{K-1} - AbsErr(K)
 *   RelErr(K) = AbsErr(K) / that bound, infinite where the bound is not above 0
 *   K*        = the smallest K in [least, most] with RelErr(K) &lt; delta, else most
 * </pre>
 *
 * <p>Here G_k counts the lags 0 to k. The authors' code takes the slope over all lags and averages
 * phi and G over draws, and so do we.
 *
 * <p>Without the second assumption this bounds nothing: a bound M on |dh/dw| bounds what is dropped
 * by M AbsErr(K) from above, but not |g| by M G from below, so M does not really cancel. A network
 * whose inputs are silent in the last steps has its whole gradient where this sees little of it.
 * What a truncation really loses on given data is measured by the audits of {@code analysis}.
 */
public final class AdaptiveTruncation {
  private final double[] absolute;
  private final double decay;
  private final double bound;
  private final double[] phi;
  private final int tau;

  /**
   * What was chosen.
   *
   * @param steps K*
   * @param relativeError RelErr(K*), the estimated bound on the relative bias
   * @param met whether it is below the tolerance; if not, K* is the most that was allowed
   */
  public record Choice(int steps, double relativeError, boolean met) {}

  private AdaptiveTruncation(double[] phi, double[] cumulative, int tau) {
    this.phi = phi;
    this.tau = tau;
    this.decay = new LagNorms(phi).decay();
    // absolute[K], K = 0..tau: backwards, so that each is one addition more than the next.
    this.absolute = new double[tau + 1];
    absolute[tau] = decay < 1 ? phi[tau] / (1 - decay) : Double.POSITIVE_INFINITY;
    for (int k = tau - 1; k >= 0; k--) {
      absolute[k] = absolute[k + 1] + phi[k];
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 1; k <= cumulative.length; k++) {
      double below = cumulative[k - 1] - absoluteError(k);
      largest = below > largest ? below : largest;
    }
    this.bound = largest;
  }

  /**
   * The estimator for measured gradients by lag.
   *
   * @param lags phi and G, of one window or averaged
   * @param tau the lag after which phi is taken to decay by beta: 0 to the last lag
   */
  public static AdaptiveTruncation of(LagGradients lags, int tau) {
    return of(lags.phi(), lags.cumulative(), tau);
  }

  /**
   * The same from arrays, which are copied.
   *
   * @param phi norm of the last loss's gradient with respect to the state k steps before, k = 0..
   * @param cumulative G, as many: the norm of the sum of the mean gradients of the lags 0 to k
   * @param tau the lag after which phi is taken to decay by beta: 0 to the last lag
   */
  public static AdaptiveTruncation of(double[] phi, double[] cumulative, int tau) {
    LagGradients checked = new LagGradients(phi.clone(), cumulative.clone());
    if (tau < 0 || tau >= phi.length) {
      throw new IllegalArgumentException(
          "tau is " + tau + " but has to be one of the lags 0 to " + (phi.length - 1));
    }
    return new AdaptiveTruncation(checked.phi(), checked.cumulative(), tau);
  }

  /**
   * A tau for so many lags: nine tenths of them, as in the paper's experiments, whose tau is 60 to
   * 90 of 100.
   */
  public static int tauFor(int lags) {
    return Math.max(0, Math.min(lags - 1, lags * 9 / 10));
  }

  /** beta. */
  public double decay() {
    return decay;
  }

  /** AbsErr(K), in units of the states' derivatives by the weights; K is 1 or more. */
  public double absoluteError(int steps) {
    requireSteps(steps);
    if (steps <= tau) {
      return absolute[steps];
    }
    return decay < 1
        ? phi[tau] * StrictMath.pow(decay, (double) steps - tau) / (1 - decay)
        : Double.POSITIVE_INFINITY;
  }

  /** The estimated lower bound on |g| in the same units; not above 0 where it says nothing. */
  public double gradientBound() {
    return bound;
  }

  /** RelErr(K), the estimated bound on the relative bias of truncation to K; K is 1 or more. */
  public double relativeError(int steps) {
    double error = absoluteError(steps);
    return bound > 0 ? error / bound : Double.POSITIVE_INFINITY;
  }

  /**
   * K*: the fewest steps whose bound is below a tolerance.
   *
   * @param delta the tolerance, above 0
   * @param least Kmin, 1 or more
   * @param most Kmax, taken where none is good enough
   */
  public Choice choose(double delta, int least, int most) {
    if (!(delta > 0)) {
      throw new IllegalArgumentException(
          "the tolerance is " + delta + " but a bias can only be below a number above 0");
    }
    requireSteps(least);
    if (most < least) {
      throw new IllegalArgumentException(
          "K is to be from " + least + " to " + most + ", which leaves none");
    }
    for (int k = least; k <= most; k++) {
      double error = relativeError(k);
      if (error < delta) {
        return new Choice(k, error, true);
      }
    }
    return new Choice(most, relativeError(most), false);
  }

  private static void requireSteps(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "truncation to " + steps + " steps keeps no loss: it needs 1 or more");
    }
  }
}
