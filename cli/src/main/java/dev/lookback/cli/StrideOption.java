package dev.lookback.cli;

import dev.lookback.gradient.Coupling;
import dev.lookback.train.Stride;
import java.util.Optional;
import picocli.CommandLine.Option;

/** When the weights change. */
final class StrideOption {
  @Option(
      names = "--stride",
      paramLabel = "HOW",
      description = {
        "window: update every --steps; own: at the coupling's own cuts, as in",
        "the papers. Default: window"
      })
  private Optional<String> stride = Optional.empty();

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

  /** As said; a random coupling that is not told how long a window is updates at its cuts. */
  Stride of(Coupling coupling, boolean saysSteps) {
    boolean own = stride.isEmpty() && coupling instanceof Coupling.Randomised && !saysSteps;
    return own ? Stride.OWN : said();
  }
}
