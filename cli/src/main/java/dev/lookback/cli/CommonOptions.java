package dev.lookback.cli;

import dev.lookback.math.Team;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command takes. */
public final class CommonOptions {
  private static final int MOST_THREADS = 256;

  @Option(
      names = "--json",
      fallbackValue = "true", // else typing what a config says as well would turn it off
      description = "One JSON object only; its names: lookback numbers")
  private boolean json;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of everything drawn [${DEFAULT-VALUE}]")
  private long seed = 1;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "The result has the same bits for any number [all cores]")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Options from a JSON file, such as a run's run.json")
  @SuppressWarnings("UnusedVariable") // picocli and the config reader look at it
  private Optional<Path> config = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help")
  @SuppressWarnings("UnusedVariable") // picocli and the config reader look at it
  private boolean help;

  /** Whether the result is to be machine-readable. */
  public boolean json() {
    return json;
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** The threads to compute with; where they have no SIMD, the user is told how to get it. */
  public Team team(Terminal terminal) {
    Team team = Team.of(threads());
    SimdNotice.tell(team, terminal);
    return team;
  }

  private int threads() {
    int count = threads.orElse(threadsFor(Runtime.getRuntime().availableProcessors()));
    if (count < 1 || count > MOST_THREADS) {
      throw Failure.usage("--threads is " + count + " but has to be from 1 to " + MOST_THREADS);
    }
    return count;
  }

  // A machine may have more than anybody may ask for.
  static int threadsFor(int cores) {
    return Math.min(cores, MOST_THREADS);
  }
}
