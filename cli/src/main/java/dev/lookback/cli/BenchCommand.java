package dev.lookback.cli;

import dev.lookback.cli.bench.Measurement;
import dev.lookback.cli.bench.Mode;
import dev.lookback.cli.bench.Timing;
import dev.lookback.cli.bench.Workload;
import dev.lookback.math.Team;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Times steps of training or prediction. */
@Command(
    name = "bench",
    sortOptions = false,
    description = "Times training steps, or steps of prediction, on a made-up window.",
    footer = {
      "",
      "A training step is the whole of it: gradient to zero, forward, loss, backward,",
      "weights changed. Of the floating-point operations the products' are counted, two",
      "for a multiply-add; the peak is the machine's, measured after the steps."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int MOST_STEPS = 10_000_000;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  @ParentCommand private LookbackCommand parent;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "train",
      description = "train, or step: predict one step, state carried [${DEFAULT-VALUE}]")
  private Mode mode = Mode.TRAIN;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "Steps that are measured [200; 50000 with --mode step]")
  private Optional<Integer> iterations = Optional.empty();

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Steps before them [100; 20000 with --mode step]")
  private Optional<Integer> warmUp = Optional.empty();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "Most that the measured steps may take, and those before [${DEFAULT-VALUE}]")
  private double seconds;

  @Option(
      names = "--cell",
      paramLabel = "CELL",
      defaultValue = "lstm",
      description = "elman, gru or lstm [${DEFAULT-VALUE}]")
  private CellKind cell = CellKind.LSTM;

  @Option(
      names = "--vocabulary",
      paramLabel = "V",
      defaultValue = "64",
      description = "Inputs, and classes to predict [${DEFAULT-VALUE}]")
  private int vocabulary;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "128",
      description = "Hidden units of a layer [${DEFAULT-VALUE}]")
  private int hidden;

  @Option(
      names = "--layers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Layers on each other [${DEFAULT-VALUE}]")
  private int layers;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "32",
      description = "Lanes, that is, parallel streams [${DEFAULT-VALUE}]")
  private int batch;

  @Option(
      names = "--steps",
      paramLabel = "T",
      defaultValue = "64",
      description = "Steps of a training window [${DEFAULT-VALUE}]")
  private int steps;

  @Option(
      names = "--dense",
      fallbackValue = "true", // else typing what a config says as well would turn it off
      description = "Feed rows of V numbers, one of them 1, instead of tokens")
  private boolean dense;

  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  BenchCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    Timing.Plan plan = plan();
    Workload workload = workload();
    try (Team team = common.team(terminal)) {
      Measurement found = Measurement.of(workload, mode, plan, team, common.seed());
      if (common.json()) {
        terminal.out().println(Finite.of(found.json()));
      } else {
        terminal.out().print(found.text());
      }
    }
    return ExitCode.DONE;
  }

  private Timing.Plan plan() {
    boolean training = mode == Mode.TRAIN;
    if (!(seconds > 0)) {
      throw Failure.usage("--seconds is " + seconds + " but has to be more than 0");
    }
    return new Timing.Plan(
        between("--warmup", warmUp.orElse(training ? 100 : 20_000), 0, MOST_STEPS),
        between("--iterations", iterations.orElse(training ? 200 : 50_000), 1, MOST_STEPS),
        seconds);
  }

  private static int between(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw Failure.usage(option + " is " + value + " but has to be from " + least + " to " + most);
    }
    return value;
  }

  private Workload workload() {
    atLeastOne("--vocabulary", vocabulary);
    atLeastOne("--hidden", hidden);
    atLeastOne("--layers", layers);
    atLeastOne("--batch", batch);
    atLeastOne("--steps", steps);
    int window = mode == Mode.TRAIN ? steps : 1;
    double numbers = (double) window * batch * (dense ? vocabulary : 1);
    if (numbers > LARGEST_ARRAY) {
      throw Failure.usage(
          "a window of "
              + (mode == Mode.TRAIN ? "--steps " + steps + " x " : "")
              + "--batch "
              + batch
              + (dense ? " x --vocabulary " + vocabulary : "")
              + " is more than one array holds (2^31). Lower one of them"
              + (dense ? ", or leave --dense out" : ""));
    }
    return new Workload(cell, vocabulary, hidden, layers, dense, batch, steps);
  }

  private static void atLeastOne(String option, int value) {
    if (value < 1) {
      throw Failure.usage(option + " is " + value + " but has to be 1 or more");
    }
  }
}
