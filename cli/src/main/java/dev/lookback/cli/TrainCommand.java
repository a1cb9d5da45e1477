package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.config.ResolvedOptions;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.cli.words.Wrapped;
import dev.lookback.data.Corpus;
import dev.lookback.data.Vocabulary;
import dev.lookback.data.task.Task;
import dev.lookback.format.Model;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.PolicyNotation;
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

/** Trains a network on a text or a task. */
@Command(
    name = "train",
    sortOptions = false,
    description = "Trains a network to predict a text's next character, or on a task.")
final class TrainCommand implements Callable<Integer> {
  /** About a minute on two cores. */
  private static final long DEFAULT_UPDATES = 1500;

  private static final String EVERY = "Every N updates save, measure the bias";
  private static final int SAMPLE_LENGTH = 300;
  private static final int PROMPT_LENGTH = 40;
  private static final int WARM_UP_WINDOWS = 2;
  private static final int TEXT_WIDTH = 79;

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
          "[${DEFAULT-VALUE}], fixed:TAU, sliding:K1,K2, every-loss-at-least:K, auto,"
              + " adaptive:D, random:MEAN[,alpha=A][,floor=K]...")
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

  @Option(names = "--checkpoint-every", paramLabel = "N", description = EVERY)
  private Optional<Long> checkpointEvery = Optional.empty();

  @Option(names = "--audit-every", paramLabel = "N", description = EVERY)
  private Optional<Long> auditEvery = Optional.empty();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the sample at the end continues [the text's start]")
  private Optional<String> prompt = Optional.empty();

  private Optional<TrainingAudits> audits = Optional.empty();

  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  TrainCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    CouplingPolicy parsed = PolicyNotation.parse(coupling);
    Optional<Task> task = text.task();
    task.ifPresent(loop::fit);
    Stride when = strides.of(parsed, loop.saysSteps(), loop.state());
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
    try (Material material = material(task, terminal);
        Team team = common.team(terminal)) {
      Network network = material.network(shape);
      Trainer trainer = new Trainer(network, method, optimizer, policy, when, common.seed());
      material.requireRoom(parsed, when);
      String begin = begin(material);
      Weights weights = network.initialize(shape.initialization(), common.seed());
      TrainingRun training =
          new TrainingRun(
              new TrainingRun.Task(
                  trainer,
                  weights,
                  material.training(common.seed()),
                  material.validation(),
                  limits),
              team);
      TrainingAudits.Subject subject = new TrainingAudits.Subject(trainer, weights, team);
      audits = auditEvery.map(n -> TrainingAudits.begin(n, subject, material, loop));
      try (RunFolder folder = RunFolder.create(run)) {
        int code = train(training, folder, material, begin, terminal);
        HeldOut heldOut = material.heldOut(policy);
        if (code == ExitCode.DONE && heldOut.isEnough() && parsed instanceof Coupling.Randomised) {
          double decay = heldOut.lags(network, weights, WARM_UP_WINDOWS, team).decay();
          VarianceWarning.of(parsed, decay).ifPresent(terminal::warn);
        }
        return code;
      }
    }
  }

  private Material material(Optional<Task> task, Terminal terminal) {
    if (task.isPresent()) {
      return new TaskMaterial(task.get(), loop);
    }
    Corpus corpus = text.read(terminal, encoding.over(text.corpusOptions()));
    return TextMaterial.of(corpus, text, loop);
  }

  // Checked before the training, not after it.
  private String begin(Material material) {
    if (prompt.isEmpty()) {
      return material.beginning(PROMPT_LENGTH);
    }
    Vocabulary vocabulary =
        material
            .vocabulary()
            .orElseThrow(
                () ->
                    Failure.usage(
                        "--prompt is for texts, but "
                            + material.name()
                            + " has no text to continue. Leave it out"));
    return Prompt.of(prompt.get(), encoding.normalisation(), vocabulary, "the text");
  }

  private int train(
      TrainingRun training, RunFolder folder, Material material, String begin, Terminal terminal) {
    JsonObject record = record(material);
    folder.writeJson("run.json", record);
    Runnable save = () -> folder.writeModel(model(training, material.vocabulary(), record));
    try (Interruption interruption = Interruption.listen()) {
      TrainingRun.Outcome outcome = go(training, folder, save, interruption, terminal);
      JsonObject result = result(outcome, material, folder);
      audits.ifPresent(a -> a.record(result));
      Optional<Choices> choices = Choices.of(training.choices(), outcome.updates());
      choices.ifPresent(all -> result.add("choices", all.json()));
      record.add("result", result);
      folder.writeJson("run.json", record);
      folder.writeText(
          "report.html", TrainingReport.html(record, training.curve(), choices, material));
      if (interruption.asked()) {
        terminal.err().println("Interrupted. The model as it was is in " + folder.model());
        return ExitCode.INTERRUPTED;
      }
      if (common.json()) {
        terminal.out().println(Finite.of(result));
        return ExitCode.DONE;
      }
      print(outcome, material, terminal);
      choices
          .map(all -> Wrapped.of(all.summary(coupling.strip()), TEXT_WIDTH, ""))
          .ifPresent(terminal.out()::println);
      audits.ifPresent(a -> terminal.out().println(Wrapped.of(a.sentence(), TEXT_WIDTH, "")));
      terminal.out().println("Run folder: " + folder.folder());
    }
    material.vocabulary().ifPresent(v -> printSample(training, v, begin, terminal));
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
                audits.ifPresent(a -> a.watch(update, done, training, folder));
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

  private JsonObject record(Material material) {
    JsonObject record = new JsonObject();
    record.addProperty("command", "train");
    record.addProperty("version", LookbackCommand.version());
    record.addProperty("java", System.getProperty("java.version"));
    record.add("options", ResolvedOptions.of(spec));
    record.add("data", material.record());
    return record;
  }

  private static Model model(
      TrainingRun training, Optional<Vocabulary> vocabulary, JsonObject record) {
    return new Model(
        training.network(),
        training.weights(),
        vocabulary.map(Vocabulary::symbols),
        Optional.of(record.toString()));
  }

  private static JsonObject result(
      TrainingRun.Outcome outcome, Material material, RunFolder folder) {
    boolean nats = material.task().map(task -> task.form().tokens()).orElse(true);
    JsonObject json = new JsonObject();
    json.addProperty("loss", outcome.loss());
    json.addProperty("training_loss", outcome.trainingLoss());
    if (nats) {
      json.addProperty("perplexity", Math.exp(outcome.loss()));
      json.addProperty("training_perplexity", Math.exp(outcome.trainingLoss()));
    }
    material.task().ifPresent(task -> TaskNames.describe(task, json));
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

  private static void print(TrainingRun.Outcome o, Material material, Terminal terminal) {
    terminal.out().print(TerminalTable.render(losses(o, material)));
    material
        .task()
        .map(task -> Wrapped.of(TaskNames.against(task, o.loss()), TEXT_WIDTH, ""))
        .ifPresent(terminal.out()::println);
    terminal.out().println();
    terminal
        .out()
        .printf(
            "%s updates on %s %s in %s: %s %s/s%n",
            Numbers.count(o.updates()),
            Numbers.count(o.tokens()),
            material.steps(),
            Numbers.duration(o.seconds()),
            Numbers.count(Math.round(o.tokens() / o.seconds())),
            material.steps());
    terminal
        .out()
        .printf(
            "Longest segment %s steps, activations at most %s%n",
            Numbers.count(o.longestSegment()), Numbers.bytes(o.peakActivationBytes()));
  }

  private static Table losses(TrainingRun.Outcome o, Material material) {
    if (material.task().isPresent()) {
      String unit = material.task().get().form().unit();
      return Table.of(Column.text(""), Column.number("loss", unit))
          .row("validation", Numbers.fixed(o.loss(), 4))
          .row("training", Numbers.fixed(o.trainingLoss(), 4));
    }
    Table table =
        Table.of(Column.text(""), Column.number("loss", "nats"), Column.number("perplexity"));
    if (o.validated()) {
      table = table.row("validation", nats(o.loss()), perplexity(o.loss()));
    }
    return table.row("training", nats(o.trainingLoss()), perplexity(o.trainingLoss()));
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
