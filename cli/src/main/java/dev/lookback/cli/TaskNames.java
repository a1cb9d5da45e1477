package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.LineChart;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.words.Closest;
import dev.lookback.data.task.Baseline;
import dev.lookback.data.task.Parameter;
import dev.lookback.data.task.Task;
import dev.lookback.data.task.TaskKind;
import dev.lookback.data.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tasks as they are typed and told of. */
final class TaskNames {
  /** What stands before a task's label. */
  static final String PREFIX = "task:";

  private TaskNames() {}

  /** The task that an argument means, if it means one. */
  static Optional<Task> of(String data) {
    if (!data.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String label = data.substring(PREFIX.length());
    try {
      return Optional.of(Tasks.parse(label));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(
          e.getMessage() + ". " + near(label) + "lookback tasks lists them with their parameters",
          e);
    }
  }

  private static String near(String label) {
    String[] halves = label.split("\\?", 2);
    Optional<TaskKind> kind =
        Tasks.kinds().stream().filter(k -> k.name().equals(halves[0])).findFirst();
    if (kind.isEmpty()) {
      return ask(Closest.to(halves[0], Tasks.names()));
    }
    List<String> known = kind.get().parameters().stream().map(Parameter::name).toList();
    for (String pair : halves.length == 1 ? new String[0] : halves[1].split(",")) {
      String key = pair.split("=", 2)[0].strip();
      if (!known.contains(key)) {
        return ask(Closest.to(key, known));
      }
    }
    return "";
  }

  private static String ask(Optional<String> near) {
    return near.map(name -> "Did you mean " + name + "? ").orElse("");
  }

  /** Adds what the task's losses are to be held against. */
  static void describe(Task task, JsonObject json) {
    json.addProperty("unit", task.form().unit());
    json.addProperty("optimum", task.optimum());
    JsonObject baselines = new JsonObject();
    task.baselines().forEach(b -> baselines.addProperty(b.name(), b.loss()));
    json.add("baselines", baselines);
  }

  /** The chart with the lines that its losses are to be held against. */
  static LineChart levels(Optional<Task> task, LineChart chart) {
    LineChart all = chart;
    if (task.isPresent()) {
      all = all.with(new LineChart.Level("optimum", task.get().optimum()));
      for (Baseline baseline : task.get().baselines()) {
        all = all.with(new LineChart.Level(baseline.name(), baseline.loss()));
      }
    }
    return all;
  }

  /** A loss beside the optimum and what lesser predictors reach. */
  static String against(Task task, double loss) {
    return "optimum " + number(task.optimum()) + ", now " + number(loss) + "; " + lesser(task);
  }

  /** What lesser predictors reach, the best first. */
  static String lesser(Task task) {
    List<String> all = new ArrayList<>();
    for (Baseline baseline : task.baselines()) {
      all.add(0, baseline.name() + ": " + number(baseline.loss()));
    }
    return String.join(", ", all);
  }

  static String number(double loss) {
    return loss == 0 ? "0" : Numbers.fixed(loss, 4);
  }
}
