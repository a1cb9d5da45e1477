package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.cli.words.Brief;
import dev.lookback.cli.words.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Lists the runs in a folder. */
@Command(
    name = "runs",
    sortOptions = false,
    description = "Lists the trainings in a folder; runs compare A B holds two side by side.",
    subcommands = RunsCompareCommand.class)
final class RunsCommand implements Callable<Integer> {
  @ParentCommand private LookbackCommand parent;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "The folder of their folders [${DEFAULT-VALUE}]")
  private Path folder = Path.of("runs");

  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  RunsCommand() {}

  /** Where the commands read and write. */
  Terminal terminal() {
    return parent.terminal();
  }

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    List<RunSummary> runs = runs(terminal);
    if (common.json()) {
      JsonArray all = new JsonArray();
      runs.forEach(run -> all.add(Finite.of(run.json())));
      JsonObject json = new JsonObject();
      json.add("runs", all);
      terminal.out().println(json);
      return ExitCode.DONE;
    }
    Table table =
        Table.of(
            Column.text("run"),
            Column.text("data"),
            Column.text("cell"),
            Column.text("coupling"),
            Column.number("updates"),
            Column.number("loss"),
            Column.text("state"));
    for (RunSummary run : runs) {
      table =
          table.row(
              String.valueOf(run.folder().getFileName()),
              Brief.of(place(run.data())),
              Brief.of(run.option("cell")),
              Brief.of(run.option("coupling")),
              Numbers.count(run.updates()),
              Double.isFinite(run.loss()) ? Numbers.fixed(run.loss(), 4) : "-",
              Brief.of(run.state()));
    }
    terminal.out().print(TerminalTable.render(table));
    for (RunSummary run : runs) {
      if (run.state().equals(RunSummary.TRAINED)) {
        String message =
            run.folder().getFileName()
                + " has made all its updates, but was killed before its end. To end it: lookback"
                + " train --resume "
                + ShellWord.of(run.folder());
        terminal.tell("trained", message, new JsonObject());
      }
    }
    return ExitCode.DONE;
  }

  // Of a path its end, which tells most.
  private static String place(String data) {
    return data.startsWith(TaskNames.PREFIX) ? data : data.replaceFirst(".*[/\\\\](?=.)", "");
  }

  private List<RunSummary> runs(Terminal terminal) {
    List<RunSummary> runs = new ArrayList<>();
    for (Path candidate : candidates()) {
      try {
        runs.add(RunSummary.read(candidate));
      } catch (Failure e) {
        terminal.warn("left out " + candidate + ": " + e.getMessage());
      }
    }
    if (runs.isEmpty()) {
      throw Failure.input(
          "there is no run in "
              + folder
              + ": no folder in it has a run.json. Train first, or name another folder");
    }
    return runs;
  }

  private List<Path> candidates() {
    List<Path> candidates = new ArrayList<>(List.of(folder));
    try (Stream<Path> inside = Files.list(folder)) {
      inside.sorted().forEach(candidates::add);
    } catch (IOException e) {
      throw Failure.input(folder + " is no folder that can be read. Name another", e);
    }
    return candidates.stream().filter(path -> SmallFile.isThere(path.resolve("run.json"))).toList();
  }
}
