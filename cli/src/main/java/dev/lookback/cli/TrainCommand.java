package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.config.ResolvedOptions;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.data.Corpus;
import dev.lookback.data.Sampling;
import dev.lookback.data.Split;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.optim.Optimizer;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Stride;
import dev.lookback.train.Trainer;
import dev.lookback.weights.Weights;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Trains a network on text. */
@Command(
    name = "train",
    sortOptions = false,
    description = "Trains a network to predict the next character of a text.")
final class TrainCommand implements Callable<Integer> {
  /** About a minute on two cores. */
  private static final long DEFAULT_UPDATES = 1500;

  private static final int SAMPLE_LENGTH = 300;
  private static final int PROMPT_LENGTH = 40;
  private static final int WARM_UP_WINDOWS = 2;

  @ParentCommand private LookbackCommand parent;
  @Spec private CommandSpec spec;
  @Mixin private TextOptions text;
  @Mixin private EncodingOptions encoding;
  @Mixin private NetworkOptions shape;

  @Option(
      names = "--coupling",
      paramLabel = "C",
      defaultValue = "full",
      description =
          "full, fixed:TAU, sliding:K1,K2, every-loss-at-least:K, random:MEAN[,alpha=A][,floor=K]"
              + " [,per-lane or ,stratified] [${DEFAULT-VALUE}]")
  private String coupling = "full";

  @Mixin private StrideOption strides;
  @Mixin private MemoryOption remembering;
  @Mixin private LoopOptions loop;
  @Mixin private LearningOptions learning;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "New folder for the run [the next of runs/train-NNN]")
  private Optional<Path> run = Optional.empty();

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "Save the model every N updates, and at the end")
  private Optional<Long> checkpointEvery = Optional.empty();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the sample at the end continues [the text's start]")
  private Optional<String> prompt = Optional.empty();

  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  TrainCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    Coupling parsed = CouplingNotation.parse(coupling);
    Stride when = strides.of(parsed, loop.saysSteps());
    Bptt method = remembering.method(parsed);
    LoopOptions.Limits limits = loop.limits().orUpdates(DEFAULT_UPDATES);
    StatePolicy policy = loop.state();
    strides.requireGoesWith(parsed);
    Optimizer optimizer = learning.optimizer();
    if (checkpointEvery.isPresent() && checkpointEvery.get() < 1) {
      throw Failure.usage(
          "--checkpoint-every is " + checkpointEvery.get() + " but has to be 1 or more");
    }
    text.settle();
    shape.settle();
    strides.settle(when);
    loop.settle(limits);
    try (Corpus corpus = text.read(terminal, encoding.over(text.corpusOptions()));
        Team team = common.team(terminal)) {
      Network network = shape.forVocabulary(corpus.vocabulary().size());
      Trainer trainer = new Trainer(network, method, optimizer, policy, when, common.seed());
      Split split = text.split(corpus.tokens());
      loop.requireRoom(parsed, when, split.training());
      String begin = begin(corpus);
      Sampling sampling = loop.training(split.training(), common.seed());
      Optional<Sampling> validation =
          split.validation().length() > 1
              ? Optional.of(loop.evaluation(split.validation()))
              : Optional.empty();
      Weights weights = network.initialize(shape.initialization(), common.seed());
      TrainingRun training =
          new TrainingRun(
              new TrainingRun.Task(trainer, weights, sampling, validation, limits), team);
      try (RunFolder folder = RunFolder.create(run)) {
        int code = train(training, folder, corpus, begin, terminal);
        HeldOut heldOut = new HeldOut(split.validation(), loop.steps(), loop.batch(), policy);
        if (code == ExitCode.DONE && heldOut.isEnough() && parsed instanceof Coupling.Randomised) {
          double decay = heldOut.lags(network, weights, WARM_UP_WINDOWS, team).decay();
          VarianceWarning.of(parsed, decay).ifPresent(terminal::warn);
        }
        return code;
      }
    }
  }

  // Checked before the training, not after it.
  private String begin(Corpus corpus) {
    Vocabulary vocabulary = corpus.vocabulary();
    if (prompt.isEmpty()) {
      int start = (int) Math.min(PROMPT_LENGTH, corpus.tokens().length());
      return vocabulary.decode(corpus.tokens().toArray(0, start));
    }
    return Prompt.of(prompt.get(), encoding.normalisation(), vocabulary, "the text");
  }

  private int train(
      TrainingRun training, RunFolder folder, Corpus corpus, String begin, Terminal terminal) {
    JsonObject record = record(corpus);
    folder.writeJson("run.json", record);
    Runnable save = () -> folder.writeModel(model(training, corpus.vocabulary(), record));
    try (Interruption interruption = Interruption.listen()) {
      TrainingRun.Outcome outcome = go(training, folder, save, interruption, terminal);
      JsonObject result = result(outcome, folder);
      record.add("result", result);
      folder.writeJson("run.json", record);
      folder.writeText("report.html", TrainingReport.html(record, training.curve()));
      if (interruption.asked()) {
        terminal.err().println("Interrupted. The model as it was is in " + folder.model());
        return ExitCode.INTERRUPTED;
      }
      if (common.json()) {
        terminal.out().println(Finite.of(result));
        return ExitCode.DONE;
      }
      print(outcome, folder, terminal);
    }
    printSample(training, corpus.vocabulary(), begin, terminal);
    return ExitCode.DONE;
  }

  private TrainingRun.Outcome go(
      TrainingRun training,
      RunFolder folder,
      Runnable save,
      Interruption interruption,
      Terminal terminal) {
    try (Progress progress = new Progress(terminal, "training", training.expectedUpdates())) {
      TrainingRun.Outcome outcome =
          training.go(
              progress,
              (update, done) -> {
                if (checkpointEvery.isPresent() && update.number() % checkpointEvery.get() == 0) {
                  save.run();
                }
                return !interruption.asked();
              },
              folder::metric);
      save.run();
      return outcome;
    } catch (Diverged e) {
      String where = "";
      if (e.restored()) {
        save.run();
        where = ". The last model whose loss was a number is in " + folder.model();
      }
      throw Failure.diverged(e.getMessage() + where, e);
    }
  }

  private JsonObject record(Corpus corpus) {
    JsonObject record = new JsonObject();
    record.addProperty("command", "train");
    record.addProperty("version", LookbackCommand.version());
    record.addProperty("java", System.getProperty("java.version"));
    record.add("options", ResolvedOptions.of(spec));
    JsonObject data = new JsonObject();
    data.addProperty("name", corpus.source().name());
    data.addProperty("characters", corpus.characters());
    data.addProperty("tokens", corpus.tokens().length());
    data.addProperty("fingerprint", corpus.fingerprint());
    data.addProperty("vocabulary", corpus.vocabulary().size());
    record.add("data", data);
    return record;
  }

  private static Model model(TrainingRun training, Vocabulary vocabulary, JsonObject record) {
    return new Model(
        training.network(),
        training.weights(),
        Optional.of(vocabulary.symbols()),
        Optional.of(record.toString()));
  }

  private static JsonObject result(TrainingRun.Outcome outcome, RunFolder folder) {
    JsonObject json = new JsonObject();
    json.addProperty("loss", outcome.loss());
    json.addProperty("perplexity", Math.exp(outcome.loss()));
    json.addProperty("training_loss", outcome.trainingLoss());
    json.addProperty("training_perplexity", Math.exp(outcome.trainingLoss()));
    json.addProperty("tokens_per_second", outcome.tokens() / outcome.seconds());
    json.addProperty("updates", outcome.updates());
    json.addProperty("epochs", outcome.epochs());
    json.addProperty("tokens", outcome.tokens());
    json.addProperty("seconds", outcome.seconds());
    json.addProperty("longest_segment", outcome.longestSegment());
    json.addProperty("peak_activation_bytes", outcome.peakActivationBytes());
    json.addProperty("gradient_norm", outcome.gradientNorm());
    json.addProperty("clipped_fraction", outcome.clippedFraction());
    json.addProperty("run", folder.folder().toString());
    return json;
  }

  private static void print(TrainingRun.Outcome o, RunFolder folder, Terminal terminal) {
    Table table =
        Table.of(Column.text(""), Column.number("loss", "nats"), Column.number("perplexity"));
    if (o.validated()) {
      table = table.row("validation", nats(o.loss()), perplexity(o.loss()));
    }
    table = table.row("training", nats(o.trainingLoss()), perplexity(o.trainingLoss()));
    terminal.out().print(TerminalTable.render(table));
    terminal.out().println();
    terminal
        .out()
        .printf(
            "%s updates on %s characters in %s: %s characters/s%n",
            Numbers.count(o.updates()),
            Numbers.count(o.tokens()),
            Numbers.duration(o.seconds()),
            Numbers.count(Math.round(o.tokens() / o.seconds())));
    terminal
        .out()
        .printf(
            "Longest segment %s steps, activations at most %s%n",
            Numbers.count(o.longestSegment()), Numbers.bytes(o.peakActivationBytes()));
    terminal.out().println("Run folder: " + folder.folder());
  }

  private static String nats(double loss) {
    return Numbers.fixed(loss, 3);
  }

  private static String perplexity(double loss) {
    return Numbers.significant(Math.exp(loss), 4);
  }

  private void printSample(
      TrainingRun training, Vocabulary vocabulary, String begin, Terminal terminal) {
    String sample =
        new TextGenerator(0.7, 0, common.seed())
            .text(
                training.network(),
                training.weights(),
                vocabulary,
                begin,
                SAMPLE_LENGTH,
                training.team());
    terminal.out().println();
    terminal.out().println("A sample (temperature 0.7):");
    terminal.out().println(begin + sample);
  }
}
