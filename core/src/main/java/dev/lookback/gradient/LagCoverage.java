package dev.lookback.gradient;

import dev.lookback.window.Links;
import java.util.Locale;

/**
 * How many steps losses look back, that of the loss itself counted: what a truncation length comes
 * to. Under {@code fixed:K} a loss has from 1 to K, (K + 1) / 2 on average, because it looks back
 * to its segment's start and no further.
 *
 * @param fewest of any loss; of random couplings, by any chance
 * @param mean over the losses; of random couplings, the expectation
 * @param most of any loss; of random couplings, by any chance
 */
public record LagCoverage(int fewest, double mean, int most) {
  private static final int EXACT = 8192;

  /** Checks the order. */
  public LagCoverage {
    if (fewest < 1 || !(mean >= fewest && mean <= most)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "losses look back over %d to %d steps, %s on average: a loss has its own step at"
                  + " least, and the mean lies between the two",
              fewest,
              most,
              mean));
    }
  }

  static int check(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "the window has " + steps + " steps but a loss needs one at least");
    }
    return steps;
  }

  /** Of given xi and sweeps, counted loss by loss and lane by lane. */
  static LagCoverage of(Coupled coupled) {
    Links links = coupled.links();
    int fewest = Integer.MAX_VALUE;
    int most = 0;
    double sum = 0;
    for (int b = 0; b < links.lanes(); b++) {
      int begin = 0;
      for (Sweep sweep : coupled.sweeps()) {
        for (int t = sweep.injectFrom(); t < sweep.to(); t++) {
          if (t > 0 && links.at(t, b) == 0) {
            begin = t;
          }
          int lags = t - Math.max(begin, sweep.backTo()) + 1;
          fewest = Math.min(fewest, lags);
          most = Math.max(most, lags);
          sum += lags;
        }
      }
    }
    return new LagCoverage(fewest, sum / links.steps() / links.lanes(), most);
  }

  /**
   * Of a random schedule: the law of the steps since the last cut, from step to step. Takes a
   * number of operations that grows with the square of the window; beyond {@value #EXACT} steps the
   * chance of a cut is taken for what it has come to until then, where the schedule knows nothing
   * but the last cut.
   *
   * <p>For geometric lengths of mean m the loss at step t (t = 0, 1, ..) has {@code (1 - pi^(t+1))
   * / (1 - pi)} on average, which goes to m: twice what {@code fixed:m} gives.
   */
  static LagCoverage expected(KeepProbability keep, int steps) {
    return steps > EXACT && keep.knowsOnlyTheLastCut() ? renewed(keep, steps) : walked(keep, steps);
  }

  // A segment that begins at step s gives the losses of its steps 1, 2, .. lags, as long as it
  // lasts
  // and the window has steps.
  private static LagCoverage renewed(KeepProbability keep, int steps) {
    double[] survives = new double[EXACT + 1];
    double[] cut = new double[EXACT];
    survives[1] = 1;
    for (int d = 1; d < EXACT; d++) {
      survives[d + 1] = survives[d] * KeepProbability.check(keep.at(d, d), d);
    }
    cut[0] = 1;
    for (int t = 1; t < EXACT; t++) {
      for (int d = 1; d <= t; d++) {
        cut[t] += cut[t - d] * (survives[d] - survives[d + 1]);
      }
    }
    double lasts = survives[1];
    double lags = 0;
    double sum = 0;
    for (int left = 1; left <= steps; left++) {
      lags += left * lasts;
      sum += cut[Math.min(EXACT - 1, steps - left)] * lags;
      lasts *= KeepProbability.check(keep.at(left, left), left);
    }
    return new LagCoverage(1, Math.max(1, sum / steps), steps);
  }

  static LagCoverage walked(KeepProbability keep, int steps) {
    // p[d]: the loss looks back over d steps.
    double[] p = new double[check(steps) + 1];
    p[1] = 1;
    int most = 1;
    double sum = 1;
    for (int t = 1; t < steps; t++) {
      double cut = 0;
      double lags = 0;
      for (int d = t; d >= 1; d--) {
        double pi = p[d] > 0 ? KeepProbability.check(keep.at(t, d), t) : 1;
        p[d + 1] = p[d] * pi;
        cut += p[d] * (1 - pi);
        lags += (d + 1) * p[d + 1];
        if (p[d + 1] > 0) {
          most = Math.max(most, d + 1);
        }
      }
      p[1] = cut;
      sum += lags + cut;
    }
    // The window's first loss has its own step only.
    return new LagCoverage(1, Math.max(1, sum / steps), most);
  }
}
