package dev.lookback.cli;

import dev.lookback.cli.config.ConfigFile;
import dev.lookback.cli.config.ResolvedOptions;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.words.Brief;
import dev.lookback.data.DataException;
import dev.lookback.format.FormatException;
import dev.lookback.train.TrainingDiverged;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program. */
public final class Main {
  /** Says which file has to do with a complaint. */
  private interface Blame {
    Blame NOTHING = (complaint, code) -> complaint;

    String of(String complaint, int code);
  }

  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    // What the launcher found out; and UTF-8 whatever the platform's default.
    boolean interactive = Boolean.getBoolean("lookback.interactive");
    Output out = Output.standard();
    Output err = Output.to(new FileOutputStream(FileDescriptor.err));
    Terminal terminal = new Terminal(System.in, out, err, interactive);
    System.exit(run(terminal.showing(Boolean.getBoolean("lookback.screen")), args));
  }

  /** Runs a command and returns its exit code. */
  public static int run(Terminal given, String... args) {
    // Known before anything else, so that whatever goes wrong is told in it.
    boolean logs = value(args, LogOption.NAME).filter(LogOption.JSON::equals).isPresent();
    Terminal terminal = logs ? given.logging() : given;
    int code = execute(terminal, args);
    terminal.err().flush();
    return written(code, terminal);
  }

  private static int execute(Terminal terminal, String[] args) {
    CommandLine line = commandLine(terminal);
    try {
      configure(line, terminal, args);
      return line.execute(AttachedValues.marked(args));
    } catch (Failure failure) {
      terminal.fail("error", String.valueOf(failure.getMessage()));
      return failure.exitCode();
    } catch (OutOfMemoryError e) {
      terminal.fail("error", outOfMemory());
      return ExitCode.FAILED;
    } catch (RuntimeException | Error e) {
      return Defect.tell(e, terminal);
    } finally {
      line.getOut().flush();
      line.getErr().flush();
    }
  }

  // A result that reached nobody is no success.
  private static int written(int code, Terminal terminal) {
    Optional<IOException> lost = terminal.out().failure();
    if (lost.isEmpty()) {
      return code;
    }
    boolean abandoned = terminal.out().isAbandoned();
    if (!abandoned) {
      terminal.fail(
          "error",
          "standard output could not be written, and what stood there is lost: "
              + lost.get().getMessage()
              + ". Mend that, or send it elsewhere");
    }
    return code != ExitCode.DONE ? code : abandoned ? ExitCode.ABANDONED : ExitCode.FAILED;
  }

  private static String outOfMemory() {
    long most = Runtime.getRuntime().maxMemory();
    return "Java may use "
        + Numbers.bytes(most)
        + " of memory, which is not enough for these sizes. Lower --hidden, --batch or --steps, or"
        + " allow more: LOOKBACK_JAVA_OPTS=-Xmx"
        + Math.max(2, 2 * (most >> 30))
        + "g";
  }

  static CommandLine commandLine(Terminal terminal) {
    CommandLine line = new CommandLine(new LookbackCommand(terminal));
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // Arguments and values mean what they say: @text is not a file of options.
    line.setExpandAtFiles(false);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    line.setUsageHelpWidth(80);
    line.setUsageHelpLongOptionsMaxWidth(26);
    AttachedValues.accept(line);
    HelpLayout.apply(line);
    line.setParameterExceptionHandler((e, args) -> misused(e, terminal, Blame.NOTHING));
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, terminal, Blame.NOTHING));
    return line;
  }

  // Values of a config file stand between what is typed and the defaults.
  private static void configure(CommandLine line, Terminal terminal, String[] args) {
    Optional<Path> resumed = value(args, "--resume").map(Main::path);
    Optional<Path> config = value(args, "--config").map(Main::path);
    if (resumed.isPresent() && config.isPresent()) {
      throw Failure.usage(
          "--resume takes all options from the run's own record. Leave --config out");
    }
    // A run's record is read as any config file is.
    Optional<Path> path = resumed.map(ResumedRun::recordOf).or(() -> config);
    if (path.isEmpty() || args.length == 0) {
      return;
    }
    CommandLine command = line.getSubcommands().get(args[0]);
    if (command == null) {
      return;
    }
    ConfigFile file = ConfigFile.read(path.get());
    Blame blame = (complaint, code) -> file.blame(complaint, code == ExitCode.USAGE, args);
    line.setParameterExceptionHandler(
        (e, all) -> misused(e, terminal, isTyped(e) ? Blame.NOTHING : blame));
    line.setExecutionExceptionHandler((e, failing, parsed) -> failed(e, terminal, blame));
    Set<String> known =
        command.getCommandSpec().options().stream()
            .map(ResolvedOptions::name)
            .collect(Collectors.toSet());
    file.requireKnown(known, args[0]);
    command.setDefaultValueProvider(spec -> fromFile(file, spec));
  }

  // No file can say what is no option; that was refused already.
  private static boolean isTyped(ParameterException e) {
    return e instanceof UnmatchedArgumentException;
  }

  private static @Nullable String fromFile(ConfigFile file, ArgSpec spec) {
    // picocli's own convention: null stands for "no value here, use the default".
    return spec instanceof OptionSpec option
        ? file.values().get(ResolvedOptions.name(option))
        : null;
  }

  /** A path that was typed. */
  static Path path(String typed) {
    try {
      return Path.of(typed);
    } catch (InvalidPathException e) {
      throw Failure.usage("\"" + Brief.of(typed) + "\" is no name that a file can have here", e);
    }
  }

  private static Optional<String> value(String[] args, String option) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(option + "=")) {
        return Optional.of(args[i].substring(option.length() + 1));
      } else if (args[i].equals(option) && i + 1 < args.length) {
        return Optional.of(args[i + 1]);
      }
    }
    return Optional.empty();
  }

  private static int misused(ParameterException e, Terminal terminal, Blame blame) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    String next = "Try '" + name + " --help'.";
    if (terminal.logs()) {
      terminal.fail("error", blame.of(Misuse.describe(e), ExitCode.USAGE) + ". " + next);
    } else {
      terminal.fail("error", blame.of(Misuse.describe(e), ExitCode.USAGE));
      terminal.err().println(next);
    }
    return ExitCode.USAGE;
  }

  // Wrong usage is what was typed or what a file said in its place.
  private static int failed(Exception e, Terminal terminal, Blame blame) {
    if (Defect.is(e)) {
      return Defect.tell(e, terminal);
    }
    int code = code(e);
    boolean bad = code == ExitCode.USAGE || code == ExitCode.INPUT;
    String message = bad ? blame.of(message(e), code) : message(e);
    terminal.fail(code == ExitCode.DIVERGED ? "divergence" : "error", message);
    return code;
  }

  private static int code(Exception e) {
    if (e instanceof Failure failure) {
      return failure.exitCode();
    } else if (e instanceof DataException || e instanceof FormatException) {
      return ExitCode.INPUT;
    } else if (e instanceof TrainingDiverged) {
      return ExitCode.DIVERGED;
    }
    return Defect.isRefusal(e) ? ExitCode.USAGE : ExitCode.FAILED;
  }

  private static String message(Exception e) {
    if (e instanceof TrainingDiverged) {
      return e.getMessage() + Diverged.REMEDY;
    }
    // What is unchecked only says the class of what it wraps.
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    return String.valueOf((cause == null ? e : cause).getMessage());
  }
}
