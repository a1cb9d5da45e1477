package dev.lookback.cli;

import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.KeepProbability;
import dev.lookback.gradient.LagCoverage;
import dev.lookback.train.Stride;
import dev.lookback.train.Trainer;
import java.util.OptionalLong;

/**
 * How many steps losses look back in a training, their own one counted.
 *
 * @param fewest of any loss
 * @param mean over the losses; of random couplings, the expectation
 * @param most of any loss; empty where there is no limit
 */
record Reach(int fewest, double mean, OptionalLong most) {
  // Segments that are rarer than this add nothing to a mean that is printed.
  private static final double RARE = 1e-12;
  private static final int LONGEST = 1_000_000;

  /** Of a coupling that a trainer uses on its windows. */
  static Reach of(Coupling coupling, Trainer trainer, Sampling sampling) {
    boolean own = trainer.stride() == Stride.OWN;
    if (coupling instanceof Coupling.Sliding sliding) {
      boolean through = trainer.carries(sampling);
      int steps = own ? sliding.k1() : sampling.steps();
      return of(through ? sliding.lagCoverageThroughWindows(steps) : sliding.lagCoverage(steps));
    } else if (coupling instanceof Coupling.Fixed fixed && own) {
      return of(fixed.lagCoverage(fixed.tau()));
    } else if (coupling instanceof Coupling.Randomised random && own) {
      return ofSegments(random.keep());
    }
    return of(coupling.lagCoverage(sampling.steps()));
  }

  /** As counted in a window. */
  static Reach of(LagCoverage coverage) {
    return new Reach(coverage.fewest(), coverage.mean(), OptionalLong.of(coverage.most()));
  }

  // A window is one segment (those of more than a million steps are left out, which power laws with
  // alpha up to 3 may have, the mean of whose lags has no limit): a share P(L >= d) / E[L] of all
  // losses looks back over d steps.
  private static Reach ofSegments(KeepProbability keep) {
    double survives = 1;
    double all = 0;
    double lags = 0;
    for (int d = 1; d < LONGEST && survives > RARE; d++) {
      all += survives;
      lags += d * survives;
      survives *= keep.at(d, d);
    }
    return new Reach(1, lags / all, OptionalLong.empty());
  }
}
