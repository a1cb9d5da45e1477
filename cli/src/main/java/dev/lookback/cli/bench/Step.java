package dev.lookback.cli.bench;

import dev.lookback.math.Team;
import java.util.OptionalDouble;

/** What is done again and again while its time is taken. */
interface Step {

  /** Does it once. */
  void run();

  /** The loss of the last one, where there is such a thing. */
  OptionalDouble loss();

  /** What a kind of step does. */
  static Step of(Mode mode, Workload workload, Team team, long seed) {
    return switch (mode) {
      case TRAIN -> new TrainingStep(workload, team, seed);
      case STEP -> new PredictionStep(workload, team, seed);
    };
  }
}
