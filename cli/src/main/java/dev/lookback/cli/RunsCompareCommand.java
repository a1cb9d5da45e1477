package dev.lookback.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Holds two runs side by side. */
@Command(
    name = "compare",
    sortOptions = false,
    description = "Shows what differed between two runs, and both curves.")
final class RunsCompareCommand implements Callable<Integer> {
  @ParentCommand private RunsCommand parent;

  @Parameters(index = "0", paramLabel = "A", description = "The folder of a run")
  private Path a;

  @Parameters(index = "1", paramLabel = "B", description = "The folder of another")
  private Path b;

  @Option(names = "--report", paramLabel = "FILE", description = "Write a page with both curves")
  private Optional<Path> report = Optional.empty();

  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  RunsCompareCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    RunsComparison comparison = new RunsComparison(RunSummary.read(a), RunSummary.read(b));
    if (common.json()) {
      terminal.out().println(Finite.of(comparison.json()));
    } else {
      terminal.out().print(comparison.text());
    }
    report.ifPresent(file -> OutputFile.of("--report", file).write(comparison.page()));
    return ExitCode.DONE;
  }
}
