package dev.lookback.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root: shows its help. */
@Command(
    name = "lookback",
    description = {
      "Trains recurrent networks by backpropagation through time: full, truncated",
      "or randomised, and shows what each one cost.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0 done, 1 failed while running, 2 wrong usage, 3 bad input, 4 diverged,",
      "  69 no Java found, 70 a defect of lookback, 130 interrupted (Ctrl-C),",
      "  141 nobody reads the output, 143 ended by SIGTERM",
      "",
      "Start with: lookback compare. What its numbers mean: lookback numbers"
    },
    versionProvider = LookbackCommand.Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      CompareCommand.class,
      PlanCommand.class,
      TrainCommand.class,
      RunsCommand.class,
      ReplayCommand.class,
      GenerateCommand.class,
      EvaluateCommand.class,
      ScoreCommand.class,
      AuditCommand.class,
      ExplainCommand.class,
      GradientCommand.class,
      ExportCommand.class,
      BenchCommand.class,
      TasksCommand.class,
      NumbersCommand.class,
      CommandLine.HelpCommand.class,
      GenerateCompletion.class,
    })
final class LookbackCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  LookbackCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Where the commands read and write. */
  Terminal terminal() {
    return terminal;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(terminal.out());
    return ExitCode.DONE;
  }

  /** The version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"lookback " + version()};
    }
  }

  /** The version of the jar, or "development" where there is no jar. */
  static String version() {
    String version = LookbackCommand.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
