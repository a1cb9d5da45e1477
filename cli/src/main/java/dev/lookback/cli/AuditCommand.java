package dev.lookback.cli;

import dev.lookback.data.task.Task;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.gradient.Memory;
import dev.lookback.math.Team;
import dev.lookback.train.StatePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Says how far back a model's gradient has to go on a text or a task. */
@Command(
    name = "audit",
    sortOptions = false,
    description = {
      "Measures for a model and its data how far back to backpropagate, what it",
      "costs and what is lost, against the exact gradient over a horizon."
    })
final class AuditCommand implements Callable<Integer> {
  @ParentCommand private LookbackCommand parent;

  @Mixin private ModelOption model;
  @Mixin private TextOptions text;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = "validation",
      description = "all; training, validation, test: as the run split [${DEFAULT-VALUE}]")
  private String part = "validation";

  @Option(
      names = "--steps",
      paramLabel = "T",
      description = "Horizon of the exact gradient [512, or what the data allows]")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--windows",
      paramLabel = "N",
      defaultValue = "16",
      description = "Windows to average and to take intervals over [${DEFAULT-VALUE}]")
  private int windows;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "4",
      description = "Parallel streams of a window, if the text allows [${DEFAULT-VALUE}]")
  private int lanes;

  @Option(
      names = "--state",
      paramLabel = "HOW",
      description = "carry or reset: what enters a window [as the run did; carry]")
  private Optional<StatePolicy> state = Optional.empty();

  @Option(
      names = "--bias",
      paramLabel = "DELTA",
      defaultValue = "0.1",
      description = "The relative bias to stay below [${DEFAULT-VALUE}]")
  private double bias;

  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      description = "Most activations at once, such as 64MiB; the rest is recomputed")
  private Optional<String> memory = Optional.empty();

  @Option(
      names = "--couplings",
      paramLabel = "C,...",
      description = "More couplings to measure, such as random:35,per-lane")
  private Optional<String> couplings = Optional.empty();

  @Option(
      names = "--draws",
      paramLabel = "R",
      defaultValue = "8",
      description = "Draws of each random coupling [${DEFAULT-VALUE}]")
  private int draws;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write all numbers, by tensor too")
  private Optional<Path> csv = Optional.empty();

  @Option(names = "--report", paramLabel = "FILE", description = "Write a page with pictures")
  private Optional<Path> report = Optional.empty();

  @Mixin private ForeignOptions foreign;
  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  AuditCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    check();
    AuditRun.Wanted wanted =
        new AuditRun.Wanted(
            couplings.map(CouplingNotation::parseList).orElse(List.of()),
            draws,
            bias,
            common.seed(),
            memory
                .map(bytes -> Memory.within(ByteSize.parse("--memory", bytes)))
                .orElse(Memory.unlimited()));
    Path file = model.before(text);
    Optional<Task> task = text.task();
    AuditWindows asked = new AuditWindows(steps, windows, lanes, state, foreign);
    try (Team team = common.team(terminal)) {
      Audited audited =
          task.isPresent()
              ? asked.of(task.get(), file, common.seed(), terminal, team)
              : asked.of(new AuditWindows.Text(text, part), file, terminal, team);
      AuditRun run =
          new AuditRun(audited.network(), audited.weights(), audited.samples(), team, wanted);
      AuditResult result = run.measure(audited.setting(), terminal);
      conclude(result, Recommendation.of(result, bias), terminal);
      return ExitCode.DONE;
    }
  }

  private void check() {
    if (windows < 2) {
      throw Failure.usage("--windows is " + windows + " but an interval needs 2 or more");
    }
    if (lanes < 1) {
      throw Failure.usage("--batch is " + lanes + " but has to be 1 or more");
    }
    if (draws < 2) {
      throw Failure.usage("--draws is " + draws + " but a variance needs 2 or more");
    }
    if (!(bias > 0 && bias < 1)) {
      throw Failure.usage("--bias is " + bias + " but has to be above 0 and below 1, such as 0.1");
    }
    if (steps.isPresent() && steps.get() < 2) {
      throw Failure.usage(
          "--steps is " + steps.get() + " but a horizon that truncation can cut has 2 or more");
    }
  }

  private void conclude(AuditResult result, Recommendation recommendation, Terminal terminal) {
    csv.ifPresent(file -> OutputFile.of("--csv", file).write(AuditNumbers.csv(result)));
    report.ifPresent(
        file -> OutputFile.of("--report", file).write(new AuditPage(result).html(recommendation)));
    if (common.json()) {
      terminal.out().println(Finite.of(AuditNumbers.json(result, recommendation)));
      return;
    }
    new AuditScreen(result, bias, terminal).show(recommendation);
    csv.ifPresent(file -> terminal.out().println("Numbers: " + file));
    report.ifPresent(file -> terminal.out().println("Report: " + file));
  }
}
