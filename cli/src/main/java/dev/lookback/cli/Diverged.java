package dev.lookback.cli;

/** A training whose loss or gradient is no longer a number. */
final class Diverged extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean restored;

  /**
   * Says what was found.
   *
   * @param restored whether the weights are again the last ones with a finite loss
   */
  Diverged(String message, boolean restored) {
    super(message + ". Lower --lr or set --clip 1");
    this.restored = restored;
  }

  /** Whether the weights are again the last ones with a finite loss. */
  boolean restored() {
    return restored;
  }
}
