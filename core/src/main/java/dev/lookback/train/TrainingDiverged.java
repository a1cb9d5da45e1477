package dev.lookback.train;

import java.util.Locale;

/** The loss or the gradient is no longer a number. The weights are those before the bad update. */
public final class TrainingDiverged extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long update;

  TrainingDiverged(long update, String what, double found, double lastFiniteNorm) {
    super(
        String.format(
            Locale.ROOT,
            "%s became %s at update %d; the last finite gradient norm was %.2g",
            what,
            found,
            update,
            lastFiniteNorm));
    this.update = update;
  }

  /** The update that could not be made. */
  public long update() {
    return update;
  }
}
