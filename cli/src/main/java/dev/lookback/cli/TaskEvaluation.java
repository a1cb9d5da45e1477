package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.words.Wrapped;
import dev.lookback.data.TaskStream;
import dev.lookback.data.task.Form;
import dev.lookback.data.task.Task;
import dev.lookback.format.Model;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.train.Evaluation;
import dev.lookback.train.StatePolicy;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures a model on a task.
 *
 * @param task what it has to do
 * @param steps after how many its state is reset, if it is
 * @param common the seed of what is drawn, and how the result is told
 */
record TaskEvaluation(Task task, Optional<Integer> steps, CommonOptions common) {
  private static final long LANE_STEPS = 16_000;
  private static final int WINDOW = 256;
  private static final int WIDTH = 79;

  int of(Path asked, ForeignOptions foreign, Terminal terminal) {
    Path file = LoadedModel.file(asked);
    Model model = foreign.read(file);
    UnendedRun.tell(file, model, terminal);
    requireFits(task, file, model);
    if (steps.isPresent() && steps.get() < 1) {
      throw Failure.usage("--steps is " + steps.get() + " but has to be 1 or more");
    }
    RunSettings run = RunSettings.of(model);
    boolean reset = run.isOf(task) && run.state().equals(Optional.of(StatePolicy.RESET));
    Optional<Integer> resets = steps.or(() -> reset ? run.steps() : Optional.empty());
    int window = resets.orElse(task.independent() ? (int) task.meanLength() : WINDOW);
    StatePolicy policy = resets.isPresent() ? StatePolicy.RESET : StatePolicy.CARRY;
    Randomness randomness = Randomness.of(common.seed()).with("evaluation");
    TaskStream stream = TaskMaterial.judging(task, window, LANE_STEPS, randomness);
    try (Team team = common.team(terminal)) {
      Evaluation found = Evaluation.of(model.network(), model.weights(), stream, policy, team);
      EvaluateCommand.requireFinite(found, file);
      print(found, terminal);
    }
    return ExitCode.DONE;
  }

  /** Refuses a model of other sizes than the task's. */
  static void requireFits(Task task, Path file, Model model) {
    Network network = model.network();
    Form form = task.form();
    boolean classes = network.readout().kind() == Readout.Kind.SOFTMAX;
    if (network.inputs() != form.inputs()
        || network.readout().outputs() != form.outputs()
        || classes != form.tokens()
        || (network.embedding().isPresent() && !form.tokens())) {
      throw Failure.input(
          String.format(
              Locale.ROOT,
              "%s%s takes %d inputs and gives %d %s, but %s%s has %d inputs and %d %s. Pass what"
                  + " it was trained on, or another model",
              file,
              LoadedModel.trainedOn(model).map(data -> ", trained on " + data + ",").orElse(""),
              network.inputs(),
              network.readout().outputs(),
              classes ? "classes" : "values",
              TaskNames.PREFIX,
              task.label(),
              form.inputs(),
              form.outputs(),
              form.tokens() ? "classes" : "values"));
    }
  }

  private void print(Evaluation found, Terminal terminal) {
    boolean nats = task.form().tokens();
    if (common.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("loss", found.loss());
      if (nats) {
        json.addProperty("bits", found.bits());
        json.addProperty("perplexity", found.perplexity());
      }
      json.addProperty("tokens", found.tokens());
      TaskNames.describe(task, json);
      terminal.out().println(Finite.of(json));
      return;
    }
    terminal.out().println(Numbers.count(found.tokens()) + " predictions");
    terminal
        .out()
        .println("loss       " + Numbers.fixed(found.loss(), 4) + " " + task.form().unit());
    if (nats) {
      terminal.out().println("           " + Numbers.fixed(found.bits(), 4) + " bits");
    }
    terminal.out().println(Wrapped.of(TaskNames.against(task, found.loss()), WIDTH, ""));
  }
}
