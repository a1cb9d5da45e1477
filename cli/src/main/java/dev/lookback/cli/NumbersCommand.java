package dev.lookback.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Says what the numbers mean. */
@Command(
    name = "numbers",
    sortOptions = false,
    description = "Says what loss, bias and the other numbers mean.")
final class NumbersCommand implements Callable<Integer> {
  @ParentCommand private LookbackCommand parent;
  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  NumbersCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    if (common.json()) {
      terminal.out().println(Meanings.json());
    } else {
      Meanings.print(terminal.out());
    }
    return ExitCode.DONE;
  }
}
