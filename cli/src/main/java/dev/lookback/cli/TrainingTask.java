package dev.lookback.cli;

import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.optim.Optimizer;
import dev.lookback.train.Trainer;
import dev.lookback.weights.Weights;
import java.util.Optional;

/**
 * What is trained, on what, and until when.
 *
 * @param trainer how
 * @param weights changed in place
 * @param sampling the windows to learn from
 * @param validation the windows to judge by, if there are any
 * @param limits the first one reached ends it
 * @param backOffs how often it goes back, at half the rate, where it diverges
 */
record TrainingTask(
    Trainer trainer,
    Weights weights,
    Sampling sampling,
    Optional<Sampling> validation,
    LoopOptions.Limits limits,
    int backOffs) {

  /** One that stops where it diverges. */
  TrainingTask(
      Trainer trainer,
      Weights weights,
      Sampling sampling,
      Optional<Sampling> validation,
      LoopOptions.Limits limits) {
    this(trainer, weights, sampling, validation, limits, 0);
  }

  /** The trainer after so many times back. */
  Trainer trainer(int halvings) {
    if (halvings == 0) {
      return trainer;
    }
    Optimizer optimizer = trainer.optimizer();
    return new Trainer(
        trainer.network(),
        trainer.method(),
        optimizer.withRate(optimizer.rate().times(Math.pow(0.5, halvings))),
        trainer.state(),
        trainer.stride(),
        trainer.seed());
  }

  // Sliding sweeps remember what an update that failed needs to fail again.
  boolean keepsPlaces() {
    boolean slides =
        trainer.policy() instanceof Coupling.Sliding
            || trainer.policy() instanceof CouplingPolicy.Measured;
    return backOffs > 0 || (slides && trainer.carries(sampling));
  }
}
