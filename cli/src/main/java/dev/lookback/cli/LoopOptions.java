package dev.lookback.cli;

import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.data.task.Task;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.math.Randomness;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Stride;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How windows are drawn, and when training ends. */
final class LoopOptions {
  /** Steps of a window where nobody says. */
  static final int DEFAULT_STEPS = 140;

  private static final String END = "End after so many; the first does";

  /** What a training can end by, as run.json names it. */
  static final List<String> LIMITS = List.of("updates", "epochs", "seconds");

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "32",
      description = "Lanes, that is, parallel streams [${DEFAULT-VALUE}]")
  private int batch;

  @Option(
      names = "--steps",
      paramLabel = "T",
      description = "Steps of a window, that is, of an update [" + DEFAULT_STEPS + "]")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--sampling",
      paramLabel = "HOW",
      defaultValue = "lanes",
      description = "lanes; windows: shuffled, --window-stride=N apart [${DEFAULT-VALUE}]")
  private String sampling = "lanes";

  @Option(
      names = "--window-stride",
      hidden = true, // the help of --sampling has it
      paramLabel = "N",
      description = "Characters between the starts of shuffled windows [T]")
  private Optional<Long> windowStride = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "POLICY",
      description = "carry or reset [carry for lanes, reset for windows]")
  private Optional<String> state = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = END)
  private Optional<Long> epochs = Optional.empty();

  @Option(names = "--updates", paramLabel = "N", description = END)
  private Optional<Long> updates = Optional.empty();

  @Option(names = "--seconds", paramLabel = "N", description = END)
  private Optional<Double> seconds = Optional.empty();

  private int standardSteps = DEFAULT_STEPS;

  /**
   * Takes a task's length for windows where nobody says one: a sequence, if it is one of sequences
   * that know nothing of each other.
   */
  void fit(Task task) {
    if (task.independent()) {
      standardSteps = (int) task.meanLength();
    }
    if (task.onlyLastCounts()) {
      steps = steps.or(() -> Optional.of(standardSteps));
    }
  }

  /** What ends a training; the first limit reached does. */
  record Limits(
      Optional<Long> epochs,
      Optional<Long> updates,
      Optional<Double> seconds,
      Optional<Long> tokens) {
    boolean isEmpty() {
      return epochs.isEmpty() && updates.isEmpty() && seconds.isEmpty();
    }

    Limits orUpdates(long count) {
      return isEmpty() ? new Limits(epochs, Optional.of(count), seconds, tokens) : this;
    }

    Limits orSeconds(double count) {
      return isEmpty() ? new Limits(epochs, updates, Optional.of(count), tokens) : this;
    }

    /** The fraction of the nearest one that so much is; 1 or more where it is reached. */
    double done(long updatesMade, long tokensRead, double secondsGone, double epochsGone) {
      double done = 0;
      if (updates.isPresent()) {
        done = Math.max(done, (double) updatesMade / updates.get());
      }
      if (tokens.isPresent()) {
        done = Math.max(done, (double) tokensRead / tokens.get());
      }
      if (seconds.isPresent()) {
        done = Math.max(done, secondsGone / seconds.get());
      }
      if (epochs.isPresent()) {
        done = Math.max(done, epochsGone / epochs.get());
      }
      return done;
    }

    /** Which one is reached, and what would not be, as a sentence's end. */
    String reached(long updatesMade, double secondsGone, long epochsEnded) {
      String had =
          updates.isPresent() && updatesMade >= updates.get()
              ? "--updates " + updates.get()
              : seconds.isPresent() && secondsGone >= seconds.get()
                  ? "--seconds " + written(seconds.get())
                  : "--epochs " + epochs.orElseThrow();
      return had
          + ". Raise that to go on, such as "
          + raised(updatesMade, secondsGone, epochsEnded);
    }

    /** The one that is reached as an option, so that it takes twice as long. */
    String raised(long updatesMade, double secondsGone, long epochsEnded) {
      if (updates.isPresent() && updatesMade >= updates.get()) {
        return "--updates " + 2 * updatesMade;
      } else if (seconds.isPresent() && secondsGone >= seconds.get()) {
        return "--seconds " + written(Math.ceil(2 * secondsGone));
      }
      return "--epochs " + 2 * epochsEnded;
    }

    private static String written(Number value) {
      return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
    }

    /** The updates counted as what they learn from, so that every stride gets the same. */
    Limits inTokens(long perUpdate) {
      Optional<Long> most = updates.map(count -> count * perUpdate);
      return new Limits(epochs, Optional.empty(), seconds, most);
    }
  }

  /** Makes the defaults the options' values, so that a run's record has them. */
  void settle(Limits limits) {
    steps = Optional.of(steps());
    state = Optional.of(state() == StatePolicy.CARRY ? "carry" : "reset");
    updates = limits.updates();
    seconds = limits.seconds();
  }

  Limits limits() {
    positive("--epochs", epochs);
    positive("--updates", updates);
    positive("--seconds", seconds);
    return new Limits(epochs, updates, seconds, Optional.empty());
  }

  private static void positive(String option, Optional<? extends Number> value) {
    if (value.isPresent() && !(value.get().doubleValue() > 0)) {
      throw Failure.usage(option + " is " + value.get() + " but has to be more than 0");
    }
  }

  int batch() {
    if (batch < 1) {
      throw Failure.usage("--batch is " + batch + " but has to be 1 or more");
    }
    return batch;
  }

  boolean saysSteps() {
    return steps.isPresent();
  }

  int steps() {
    int count = steps.orElse(standardSteps);
    if (count < 1) {
      throw Failure.usage("--steps is " + count + " but has to be 1 or more");
    }
    return count;
  }

  private boolean byLanes() {
    if (windowStride.isPresent() && (windowStride.get() < 1 || sampling.equals("lanes"))) {
      throw Failure.usage(
          "--window-stride "
              + windowStride.get()
              + " has to be 1 or more, and needs --sampling windows");
    }
    return switch (sampling) {
      case "lanes" -> true;
      case "windows" -> false;
      default ->
          throw Failure.usage("--sampling is \"" + sampling + "\" but has to be lanes or windows");
    };
  }

  StatePolicy state() {
    return switch (state.orElse(byLanes() ? "carry" : "reset")) {
      case "carry" -> {
        if (!byLanes()) {
          throw Failure.usage(
              "--state carry does not go with --sampling windows: windows in random order do not"
                  + " go on where the one before stopped. Use --sampling lanes or --state reset");
        }
        yield StatePolicy.CARRY;
      }
      case "reset" -> StatePolicy.RESET;
      default ->
          throw Failure.usage(
              "--state is \"" + state.orElse("") + "\" but has to be carry or reset");
    };
  }

  /** The windows to learn from. */
  Sampling training(Tokens tokens, long seed) {
    Randomness randomness = Randomness.of(seed).with("sampling");
    return byLanes()
        ? Lanes.of(tokens, batch(), steps()).withOffsets(randomness)
        : windows(tokens).shuffled(randomness);
  }

  /** The windows to judge by: the same text for every model, in order, nothing drawn. */
  Sampling evaluation(Tokens tokens) {
    return new Judging(batch(), steps(), byLanes(), windowStride, state()).of(tokens);
  }

  /** Refuses a text that is too short for a single segment of each lane. */
  void requireRoom(CouplingPolicy coupling, Stride stride, Tokens tokens) {
    if (stride == Stride.OWN && coupling instanceof Coupling.Fixed fixed) {
      long needed = (long) fixed.tau() * batch() + steps();
      if (tokens.length() < needed) {
        throw Failure.input(
            String.format(
                Locale.ROOT,
                "the training text has %d characters but with --stride own %s updates every %d"
                    + " steps of --batch %d lanes, which needs %d. Lower TAU or --batch, or pass"
                    + " more text",
                tokens.length(),
                coupling.label(),
                fixed.tau(),
                batch(),
                needed));
      }
    }
  }

  private Windows windows(Tokens tokens) {
    Windows windows = Windows.of(tokens, steps(), batch());
    return windowStride.isPresent() ? windows.stride(windowStride.get()) : windows;
  }
}
