package dev.lookback.cli.bench;

import java.util.Locale;

/** What a timed step does. */
public enum Mode {
  /** A full training step on one window. */
  TRAIN,
  /** One step of every stream, forward only, from the state that the step before left. */
  STEP;

  /** The name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The steps of the network that it goes over. */
  int steps(Workload workload) {
    return this == TRAIN ? workload.steps() : 1;
  }

  /** The floating-point operations that it takes. */
  double operations(Workload workload) {
    return this == TRAIN ? workload.trainingOperations() : workload.forwardOperations(1);
  }
}
