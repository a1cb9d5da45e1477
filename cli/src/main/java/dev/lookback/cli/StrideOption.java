package dev.lookback.cli;

import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Stride;
import java.util.Optional;
import picocli.CommandLine.Option;

/** When the weights change. */
final class StrideOption {
  @Option(
      names = "--stride",
      paramLabel = "HOW",
      description = "window: update every --steps; own: at the cuts [window]")
  private Optional<String> stride = Optional.empty();

  /** Makes what was decided the option's value, so that a run's record has it. */
  void settle(Stride decided) {
    stride = Optional.of(decided == Stride.OWN ? "own" : "window");
  }

  /** As said, or {@code window}. */
  Stride said() {
    return switch (stride.orElse("window")) {
      case "window" -> Stride.WINDOW;
      case "own" -> Stride.OWN;
      default ->
          throw Failure.usage(
              "--stride is \"" + stride.orElse("") + "\" but has to be window or own");
    };
  }

  /** Refuses couplings that cannot be trained with, before anything is read. */
  void requireGoesWith(CouplingPolicy coupling) {
    boolean perLane = coupling instanceof Coupling.Randomised random && random.perLane();
    if (perLane && said() == Stride.OWN) {
      throw Failure.usage(
          coupling.label()
              + " cuts each lane at its own steps, so there is no common cut for --stride own to"
              + " update at. Leave --stride out and say --steps");
    }
  }

  /**
   * As said; a coupling that is random or sliding and is not told how long a window is updates at
   * its own cuts. So does what measures, unless the state is reset.
   */
  Stride of(CouplingPolicy coupling, boolean saysSteps, StatePolicy state) {
    boolean owns =
        coupling instanceof Coupling.Randomised
            || coupling instanceof Coupling.Sliding
            || (coupling instanceof CouplingPolicy.Measured && state == StatePolicy.CARRY);
    return stride.isEmpty() && owns && !saysSteps ? Stride.OWN : said();
  }
}
