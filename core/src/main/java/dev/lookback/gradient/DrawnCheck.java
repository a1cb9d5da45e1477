package dev.lookback.gradient;

import dev.lookback.math.Randomness;

/** Finds out whether a coupling is drawn, by drawing. */
final class DrawnCheck {
  private static final int[] STEPS = {2, 8, 32, 128};
  private static final int[] LANES = {1, 3};
  private static final int DRAWS = 16;

  private DrawnCheck() {}

  static boolean isDrawn(Coupling coupling) {
    for (int steps : STEPS) {
      for (int lanes : LANES) {
        if (differs(coupling, steps, lanes)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean differs(Coupling coupling, int steps, int lanes) {
    try {
      Coupled first = coupling.couple(steps, lanes, Randomness.of(0));
      for (int draw = 1; draw < DRAWS; draw++) {
        if (!first.isSame(coupling.couple(steps, lanes, Randomness.of(draw)))) {
          return true;
        }
      }
      return false;
    } catch (IllegalArgumentException e) {
      // It does not couple windows of that size.
      return false;
    }
  }
}
