package dev.lookback.cli;

import dev.lookback.train.TrainingDiverged;
import java.util.Optional;

/** A training whose loss or gradient is no longer a number. */
final class Diverged extends RuntimeException {
  /** What to do about it, behind what happened. */
  static final String REMEDY =
      ". Lower --lr, such as to a tenth, or --clip, or go back with --on-divergence back-off";

  private static final long serialVersionUID = 1;

  private final boolean restored;
  private final transient Optional<TrainingDiverged> update;

  /**
   * Says what was found.
   *
   * @param restored whether the weights are again the last ones with a finite loss
   */
  Diverged(String message, boolean restored) {
    super(message + REMEDY);
    this.restored = restored;
    this.update = Optional.empty();
  }

  /** The same of an update that failed. */
  Diverged(TrainingDiverged update, boolean restored) {
    super(update.getMessage() + REMEDY, update);
    this.restored = restored;
    this.update = Optional.of(update);
  }

  /** What was found, without what to do. */
  String found() {
    String message = String.valueOf(getMessage());
    return message.substring(0, message.length() - REMEDY.length());
  }

  /** Whether the weights are again the last ones with a finite loss. */
  boolean restored() {
    return restored;
  }

  /** The update that failed; none where it was the validation. */
  Optional<TrainingDiverged> update() {
    return update;
  }
}
