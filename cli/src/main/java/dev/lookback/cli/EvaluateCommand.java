package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.Numbers;
import dev.lookback.data.Sampling;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.data.task.Task;
import dev.lookback.math.Team;
import dev.lookback.train.Evaluation;
import dev.lookback.train.StatePolicy;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Measures a model on a text or a task. */
@Command(
    name = "evaluate",
    sortOptions = false,
    description = "Measures how well a model predicts a text, or does a task.")
final class EvaluateCommand implements Callable<Integer> {
  private static final int WINDOWS = 32;

  @ParentCommand private LookbackCommand parent;
  @Mixin private ModelOption model;
  @Mixin private TextOptions text;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = "all",
      description = "all; training, validation, test: as the run split [${DEFAULT-VALUE}]")
  private String part = ModelText.ALL;

  @Option(
      names = "--steps",
      paramLabel = "T",
      description = "Reset the state every T characters [as the run did]")
  private Optional<Integer> steps = Optional.empty();

  @Mixin private ForeignOptions foreign;
  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  EvaluateCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    Path file = model.before(text);
    Optional<Task> task = text.task();
    if (task.isPresent()) {
      return new TaskEvaluation(task.get(), steps, common).of(file, foreign, terminal);
    }
    LoadedModel loaded = LoadedModel.read(file, foreign);
    UnendedRun.tell(loaded.path(), loaded.model(), terminal);
    try (ModelText judged = ModelText.read(text, loaded, terminal);
        Team team = common.team(terminal)) {
      Tokens tokens = judged.part(part, terminal);
      requireEnough(tokens);
      Judging judging = judging(judged, loaded.settings(), terminal);
      // Windows that were asked for have to fit; those of a run are as long as the text allows.
      Sampling sampling =
          steps.isPresent() ? Windows.of(tokens, steps.get(), WINDOWS) : judging.of(tokens);
      judged.warnOfUnknown(terminal);
      Evaluation evaluation =
          Evaluation.of(
              loaded.model().network(), loaded.model().weights(), sampling, judging.state(), team);
      requireFinite(evaluation, loaded.path());
      print(evaluation, judging, sampling, judged.own(), terminal);
      return ExitCode.DONE;
    }
  }

  private static void requireEnough(Tokens tokens) {
    if (tokens.length() < 2) {
      throw Failure.input(
          "the text has "
              + tokens.length()
              + " characters but predicting needs 2 or more. Pass more text");
    }
  }

  /** Refuses a loss that says nothing. */
  static void requireFinite(Evaluation evaluation, Path model) {
    if (!Double.isFinite(evaluation.loss())) {
      throw Failure.input(
          String.format(
              Locale.ROOT,
              "%s: its loss is %s, which is not finite, so it can tell nothing: its weights are not"
                  + " numbers, or its training diverged. Use another model",
              model,
              evaluation.loss()));
    }
  }

  // A part of the run's own text as the run judged itself by it; all of a text from end to end.
  private Judging judging(ModelText judged, RunSettings run, Terminal terminal) {
    Optional<Judging> before = run.judging();
    if (steps.isPresent()) {
      if (steps.get() < 1) {
        throw Failure.usage("--steps is " + steps.get() + " but has to be 1 or more");
      }
      before.filter(j -> !resetsAlike(j)).ifPresent(j -> warnOfState(j, terminal));
      return Judging.resetting(steps.get(), WINDOWS);
    }
    boolean asBefore = judged.own() && !part.equals(ModelText.ALL);
    return before
        .filter(j -> asBefore || j.state() == StatePolicy.RESET)
        .orElseGet(Judging::endToEnd);
  }

  private boolean resetsAlike(Judging run) {
    return run.state() == StatePolicy.RESET && run.steps() == steps.orElse(0);
  }

  private void warnOfState(Judging run, Terminal terminal) {
    terminal.warn(
        String.format(
            Locale.ROOT,
            "the run that made this model %s; --steps %d resets the state every %d characters",
            run.state() == StatePolicy.CARRY
                ? "carried its state (--state carry)"
                : "reset its state every " + run.steps() + " characters",
            steps.orElse(0),
            steps.orElse(0)));
  }

  private void print(
      Evaluation evaluation, Judging judging, Sampling sampling, boolean own, Terminal terminal) {
    if (common.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("loss", evaluation.loss());
      json.addProperty("bits", evaluation.bits());
      json.addProperty("perplexity", evaluation.perplexity());
      json.addProperty("tokens", evaluation.tokens());
      json.addProperty("streams", sampling.lanes());
      json.addProperty("state", judging.state() == StatePolicy.CARRY ? "carry" : "reset");
      terminal.out().println(Finite.of(json));
      return;
    }
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s characters predicted: %s%nloss       %s nats per character%n           %s bits per"
                + " character%nperplexity %s%n",
            Numbers.count(evaluation.tokens()),
            judging.describe(sampling),
            Numbers.fixed(evaluation.loss(), 4),
            Numbers.fixed(evaluation.bits(), 4),
            Numbers.significant(evaluation.perplexity(), 5));
    if (own && part.equals(ModelText.ALL)) {
      terminal
          .out()
          .println(
              "The model has learned from most of this text; from --part validation it has not.");
    }
  }
}
