package dev.lookback.cli;

import dev.lookback.cli.report.Numbers;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import java.util.Locale;
import java.util.Optional;

/**
 * What a measured decay of credit says of randomised truncation: for a scalar linear recurrence
 * with derivative c the estimate's variance is finite only where c^2 is below pi.
 */
final class VarianceWarning {
  private VarianceWarning() {}

  /**
   * The warning, where there is reason for one.
   *
   * @param decay the measured factor from one lag to the next
   */
  static Optional<String> of(CouplingPolicy coupling, double decay) {
    if (!(coupling instanceof Coupling.Randomised random)) {
      return Optional.empty();
    }
    double pi = random.lastingPi();
    if (decay * decay < pi) {
      return Optional.empty();
    }
    // Steps that are never cut come on top of the roulette's mean.
    double floor = random.mean() - 1 / (1 - pi);
    String remedy =
        decay < 1
            ? "A mean length above "
                + Numbers.significant(floor + 1 / (1 - decay * decay), 3)
                + " would keep it finite."
            : "No mean length keeps it finite.";
    return Optional.of(
        String.format(
            Locale.ROOT,
            "the network's credit decays by a factor of %.3f a step, and %.3f² is not below %s's"
                + " pi = %.3f: the variance of its gradient grows without bound with the window. %s",
            decay,
            decay,
            coupling.label(),
            pi,
            remedy));
  }
}
