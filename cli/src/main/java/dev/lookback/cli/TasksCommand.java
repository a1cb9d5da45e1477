package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.cli.words.Wrapped;
import dev.lookback.data.task.Parameter;
import dev.lookback.data.task.Task;
import dev.lookback.data.task.TaskKind;
import dev.lookback.data.task.Tasks;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Lists the tasks. */
@Command(
    name = "tasks",
    sortOptions = false,
    description = "Lists the made-up tasks with known optima, for --data task:NAME.")
final class TasksCommand implements Callable<Integer> {
  private static final int WIDTH = 79;
  private static final String INDENT = " ".repeat(16);

  @ParentCommand private LookbackCommand parent;
  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  TasksCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    if (common.json()) {
      JsonArray all = new JsonArray();
      Tasks.kinds().forEach(kind -> all.add(json(kind)));
      JsonObject object = new JsonObject();
      object.add("tasks", all);
      terminal.out().println(object);
      return ExitCode.DONE;
    }
    terminal.out().println("Use --data task:NAME or --data \"task:NAME?key=number,key=number\".");
    terminal.out().println("Losses are nats, or for adding half the squared error.");
    for (TaskKind kind : Tasks.kinds()) {
      terminal.out().println();
      tell(kind, terminal);
    }
    return ExitCode.DONE;
  }

  private static void tell(TaskKind kind, Terminal terminal) {
    terminal.out().println(String.format(Locale.ROOT, "%-16s", kind.name()) + kind.summary());
    for (Parameter p : kind.parameters()) {
      terminal.out().println(INDENT + p.name() + ": " + p.meaning() + " [" + p.standard() + "]");
    }
    Task task = kind.standard();
    String optimum = TaskNames.number(task.optimum());
    String losses = "optimum " + optimum + "; " + TaskNames.lesser(task);
    terminal.out().println(Wrapped.of(losses, WIDTH, INDENT));
  }

  private static JsonObject json(TaskKind kind) {
    JsonObject object = new JsonObject();
    object.addProperty("name", kind.name());
    object.addProperty("summary", kind.summary());
    JsonArray parameters = new JsonArray();
    for (Parameter p : kind.parameters()) {
      JsonObject parameter = new JsonObject();
      parameter.addProperty("name", p.name());
      parameter.addProperty("default", p.standard());
      parameter.addProperty("meaning", p.meaning());
      parameters.add(parameter);
    }
    object.add("parameters", parameters);
    object.addProperty("label", TaskNames.PREFIX + kind.standard().label());
    TaskNames.describe(kind.standard(), object);
    return object;
  }
}
