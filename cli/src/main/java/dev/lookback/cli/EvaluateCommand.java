package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.Numbers;
import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.Tokens;
import dev.lookback.data.VocabularyRule;
import dev.lookback.data.Windows;
import dev.lookback.data.task.Task;
import dev.lookback.math.Team;
import dev.lookback.train.Evaluation;
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
  private static final int STEPS = 256;

  @ParentCommand private LookbackCommand parent;
  @Mixin private ModelOption model;
  @Mixin private TextOptions text;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = "all",
      description = "all, or training, validation, test of --split [${DEFAULT-VALUE}]")
  private String part = "all";

  @Option(
      names = "--steps",
      paramLabel = "T",
      description = "Reset the state every T characters [carry it through]")
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
    CorpusOptions options =
        text.corpusOptions()
            .normalisedBy(loaded.normalisation())
            .encodedBy(VocabularyRule.fixed(loaded.vocabulary()));
    try (Corpus corpus = text.read(terminal, options);
        Team team = common.team(terminal)) {
      Tokens tokens = text.part(part, corpus.tokens());
      Sampling sampling = sampling(tokens);
      TextOptions.warnOfUnknown(corpus, terminal);
      Evaluation evaluation =
          Evaluation.of(loaded.model().network(), loaded.model().weights(), sampling, team);
      print(evaluation, terminal);
      return ExitCode.DONE;
    }
  }

  private Sampling sampling(Tokens tokens) {
    if (tokens.length() < 2) {
      throw Failure.input(
          "the text has "
              + tokens.length()
              + " characters but predicting needs 2 or more. Pass more text");
    }
    if (steps.isEmpty()) {
      // One lane from end to end: every character but the first is predicted, with all its past.
      int window = (int) Math.min(STEPS, tokens.length() - 1);
      return Lanes.of(tokens, 1, window).keepingRemainder();
    }
    if (steps.get() < 1) {
      throw Failure.usage("--steps is " + steps.get() + " but has to be 1 or more");
    }
    return Windows.of(tokens, steps.get(), 32);
  }

  private void print(Evaluation evaluation, Terminal terminal) {
    if (common.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("loss", evaluation.loss());
      json.addProperty("bits", evaluation.bits());
      json.addProperty("perplexity", evaluation.perplexity());
      json.addProperty("tokens", evaluation.tokens());
      terminal.out().println(Finite.of(json));
      return;
    }
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s characters predicted%nloss       %s nats per character%n           %s bits per"
                + " character%nperplexity %s%n",
            Numbers.count(evaluation.tokens()),
            Numbers.fixed(evaluation.loss(), 4),
            Numbers.fixed(evaluation.bits(), 4),
            Numbers.significant(evaluation.perplexity(), 5));
  }
}
