package dev.lookback.analysis;

import dev.lookback.gradient.AdaptiveTruncation;
import dev.lookback.gradient.LagGradients;
import dev.lookback.gradient.LagNorms;
import dev.lookback.gradient.Memory;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How far back the last loss of a window reaches, over several windows: the norms by lag of {@link
 * LagNorms} averaged over the windows, what is fitted to them with its confidence interval over the
 * windows, and the estimated bound on a truncation's bias that follows.
 *
 * @param windows what each window gave
 * @param peakActivationBytes arrays that grew with time while it was measured, at their most
 */
public record LagProfile(List<LagGradients> windows, long peakActivationBytes) {

  /** Checks that there is a window. */
  public LagProfile {
    windows = List.copyOf(windows);
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("a profile by lag needs at least one held-out window");
    }
  }

  /** One way back for each window, with all its steps remembered. */
  public static LagProfile of(Network network, Weights weights, List<Sample> samples, Team team) {
    return of(network, weights, samples, team, Memory.unlimited());
  }

  /** The same within a budget of activations: what does not fit is computed again. */
  public static LagProfile of(
      Network network, Weights weights, List<Sample> samples, Team team, Memory memory) {
    return new WindowGradients(network, weights, samples, team, memory).lags();
  }

  /** The mean over the windows. */
  public LagGradients mean() {
    return LagGradients.average(windows);
  }

  /** phi at lag k with the interval of its mean over the windows, on a logarithmic scale. */
  public Estimate norm(int lag) {
    return Jackknife.ratio(
        windows.size(),
        weights -> {
          double sum = 0;
          double total = 0;
          for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * windows.get(i).phi()[lag];
            total += weights[i];
          }
          return sum / total;
        });
  }

  /** beta, the factor from one lag to the next. */
  public Estimate decay() {
    return estimate(LagNorms::decay);
  }

  /** Lags after which the norm has halved. */
  public Estimate halfLife() {
    return estimate(LagNorms::halfLife);
  }

  /** The sum of the norms from lag 1 on, in units of the first. */
  public Estimate effectiveMemory() {
    return estimate(LagNorms::effectiveMemory);
  }

  /** The paper's bound from the averaged gradients, with tau at nine tenths of the lags. */
  public AdaptiveTruncation bound() {
    LagGradients mean = mean();
    return AdaptiveTruncation.of(mean, AdaptiveTruncation.tauFor(mean.phi().length));
  }

  private Estimate estimate(ToDoubleFunction<LagNorms> statistic) {
    return Jackknife.ratio(windows.size(), weights -> statistic.applyAsDouble(weighted(weights)));
  }

  private LagNorms weighted(double[] weights) {
    double[] phi = new double[windows.get(0).phi().length - 1];
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    for (int i = 0; i < weights.length; i++) {
      for (int k = 0; k < phi.length; k++) {
        phi[k] += weights[i] / total * windows.get(i).phi()[k + 1];
      }
    }
    return new LagNorms(phi);
  }
}
