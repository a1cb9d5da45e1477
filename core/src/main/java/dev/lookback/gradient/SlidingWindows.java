package dev.lookback.gradient;

import dev.lookback.math.Randomness;

/**
 * Windows, one behind the other, that a sliding coupling goes over.
 *
 * @param coupling how far it looks back
 * @param steps of a window
 * @param carries whether the state, and so the sweeps, go on through the windows' starts
 */
public record SlidingWindows(Coupling.Sliding coupling, int steps, boolean carries) {

  /** How many steps are gone back over for each step. */
  public double backwardSteps() {
    return carries
        ? coupling.backwardSteps(steps)
        : alone().sweeps().stream().mapToDouble(Sweep::length).sum() / steps;
  }

  /** Over how many steps losses look back. */
  public LagCoverage lagCoverage() {
    return carries ? coupling.lagCoverageThroughWindows(steps) : coupling.lagCoverage(steps);
  }

  /** A window whose sweeps end at its start; nothing of it is drawn. */
  Coupled alone() {
    return coupling.couple(steps, 1, Randomness.of(0));
  }
}
