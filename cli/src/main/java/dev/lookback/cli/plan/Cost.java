package dev.lookback.cli.plan;

import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagCoverage;

/**
 * What one strategy needs, counted; nothing of it is measured.
 *
 * @param label the coupling
 * @param promise what can be said of its gradient
 * @param drawn whether chance decides it
 * @param updateSteps the steps of a window, that is, of an update
 * @param bytes the most activations at once
 * @param computed how often each step is computed forward on average
 * @param goneBack how many steps are gone back through for each step of a window
 * @param blockSteps S
 * @param coverage how far losses look back
 */
public record Cost(
    String label,
    Coupling.Promise promise,
    boolean drawn,
    long updateSteps,
    long bytes,
    double computed,
    double goneBack,
    int blockSteps,
    LagCoverage coverage) {

  /** Whether chance decides the bytes, and almost all windows need no more. */
  public boolean bytesAreTypical() {
    return drawn;
  }

  /** The same with the time it takes. */
  Strategy taking(Calibration c) {
    double blocks = (double) updateSteps / blockSteps;
    return new Strategy(this, blocks * c.block(computed, goneBack) + c.update());
  }
}
