package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.config.ResolvedOptions;
import dev.lookback.cli.words.Wrapped;
import dev.lookback.data.Corpus;
import dev.lookback.data.Sampling;
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
import dev.lookback.train.TrainingDiverged;
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
  @Mixin private DivergenceOption divergence;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "New folder for the run [the next of runs/train-NNN]")
  private Optional<Path> run = Optional.empty();

  @Mixin private CheckpointOptions checkpoints;

  @Option(
      names = "--audit-every",
      paramLabel = "N",
      description = "Every N updates measure the gradient's bias")
  private Optional<Long> auditEvery = Optional.empty();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the sample at the end continues [the text's start]")
  private Optional<String> prompt = Optional.empty();

  private Optional<TrainingAudits> audits = Optional.empty();

  @Mixin private LogOption log;
  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  TrainCommand() {}

  /** Everything but the data and the numbers. */
  private record Manner(
      Bptt method,
      Optimizer optimizer,
      StatePolicy state,
      Stride stride,
      LoopOptions.Limits limits,
      JsonObject options) {}

  @Override
  public Integer call() {
    Terminal terminal = terminal();
    Optional<Task> task = text.task();
    task.ifPresent(loop::fit);
    Manner manner = settled();
    Optional<ResumedRun> resumed =
        checkpoints.resume().map(from -> ResumedRun.open(from, manner.options(), terminal));
    try (Material material = material(task, terminal);
        Team team = common.team(terminal)) {
      resumed.ifPresent(r -> r.requireSame(material, checkpoints.force(), terminal));
      return train(manner, material, team, resumed, terminal);
    } finally {
      resumed.ifPresent(ResumedRun::close);
    }
  }

  private Terminal terminal() {
    return log.of(parent.terminal());
  }

  // What is said and what follows from it, checked before anything is read.
  private Manner settled() {
    CouplingPolicy policy = PolicyNotation.parse(coupling);
    Stride when = strides.of(policy, loop.saysSteps(), loop.state());
    Bptt method = remembering.method(policy);
    LoopOptions.Limits limits = loop.limits().orUpdates(DEFAULT_UPDATES);
    StatePolicy state = loop.state();
    strides.requireGoesWith(policy);
    Optimizer optimizer = learning.optimizer();
    checkpoints.check();
    divergence.backOffs();
    text.settle();
    shape.settle();
    strides.settle(when);
    remembering.settle(policy);
    loop.settle(limits);
    return new Manner(method, optimizer, state, when, limits, ResolvedOptions.of(spec));
  }

  private int train(
      Manner manner,
      Material material,
      Team team,
      Optional<ResumedRun> resumed,
      Terminal terminal) {
    CouplingPolicy policy = manner.method().policy();
    Network network = material.network(shape);
    Trainer trainer =
        new Trainer(
            network,
            manner.method(),
            manner.optimizer(),
            manner.state(),
            manner.stride(),
            common.seed());
    material.requireRoom(policy, manner.stride());
    String begin = begin(material);
    resumed.ifPresent(run -> run.requireFits(network));
    Weights weights = network.initialize(shape.initialization(), common.seed());
    Sampling sampling = material.training(common.seed());
    requireMemory(trainer, sampling);
    TrainingRun training =
        training(
            new TrainingTask(
                trainer,
                weights,
                sampling,
                material.validation(),
                manner.limits(),
                divergence.backOffs()),
            team,
            resumed);
    audits = audits(new TrainingAudits.Subject(trainer, weights, team), material, resumed);
    try (RunFolder folder =
        resumed.map(ResumedRun::folder).orElseGet(() -> RunFolder.create(run))) {
      RunRecord record = new RunRecord(manner.options(), material.record(), team, resumed);
      if (resumed.isEmpty()) {
        Warnings.unseen(material, terminal);
      } else {
        terminal.tell("resumed", "Going on from update " + training.updates(), new JsonObject());
      }
      folder.options(manner.options());
      int code = train(training, folder, record, material, begin);
      HeldOut heldOut = material.heldOut(manner.state());
      if (code == ExitCode.DONE && heldOut.isEnough() && policy instanceof Coupling.Randomised) {
        double decay = heldOut.lags(network, weights, WARM_UP_WINDOWS, team).decay();
        VarianceWarning.of(policy, decay).ifPresent(terminal::warn);
      }
      return code;
    }
  }

  // Before there is a folder.
  private static void requireMemory(Trainer trainer, Sampling sampling) {
    if (trainer.method().memory().budget().isEmpty()) {
      return;
    }
    long bytes = trainer.method().memory().bytes();
    long least = trainer.smallestMemory(sampling);
    if (least > bytes) {
      throw Failure.usage(
          "--memory "
              + bytes
              + " is too small for "
              + trainer.policy().label()
              + " on this network: the smallest that works is --memory "
              + least
              + ". Or use fewer --batch lanes, fewer --hidden units, or shorter --steps");
    }
  }

  private static TrainingRun training(TrainingTask task, Team team, Optional<ResumedRun> resumed) {
    if (resumed.isEmpty()) {
      return new TrainingRun(task, team);
    }
    TrainingRun training = resumed.get().goOn(task, team);
    if (training.isDone()) {
      throw resumed.get().finished(training);
    }
    return training;
  }

  private Optional<TrainingAudits> audits(
      TrainingAudits.Subject subject, Material material, Optional<ResumedRun> resumed) {
    if (auditEvery.isEmpty()) {
      return Optional.empty();
    }
    long every = auditEvery.get();
    return Optional.of(
        resumed
            .map(
                run ->
                    run.reading(
                        from ->
                            TrainingAudits.resumed(
                                every, subject, material, loop, from.under("audits"))))
            .orElseGet(() -> TrainingAudits.begin(every, subject, material, loop)));
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
      TrainingRun training, RunFolder folder, RunRecord record, Material material, String begin) {
    Terminal terminal = terminal();
    audits.filter(a -> checkpoints.resume().isPresent()).ifPresent(a -> a.write(folder));
    Runnable model =
        () -> folder.writeModel(model(training, material.vocabulary(), record.forModel()));
    try (Interruption interruption = Interruption.listen()) {
      TrainingWatch watch =
          new TrainingWatch(
              training,
              folder,
              audits,
              interruption,
              checkpoints.saving(ResumedRun.vocabulary(material), model, record, terminal),
              new Warnings(training.trainer(), material.training(common.seed()), terminal));
      // First of all: a folder without it says nothing of what was asked for.
      folder.writeJson("run.json", record.json());
      if (checkpoints.resume().isEmpty()) {
        watch.begin();
      }
      TrainingRun.Outcome outcome =
          go(training, folder, watch, model, new Ending(record, material.vocabulary()));
      JsonObject result = TrainingResult.json(outcome, material, folder);
      audits.ifPresent(a -> a.record(result));
      Optional<Choices> choices = Choices.of(training.choices(), outcome.updates());
      choices.ifPresent(all -> result.add("choices", all.json()));
      record.end(interruption.asked() ? "interrupted" : "finished", result);
      folder.writeJson("run.json", record.json());
      folder.writeText(
          "report.html", TrainingReport.html(record.json(), training.curve(), choices, material));
      if (interruption.asked()) {
        terminal.tell(
            "interrupted",
            "Interrupted. The model as it was is in " + folder.model(),
            new JsonObject());
        terminal.tell(
            "interrupted",
            "To go on: lookback train --resume " + folder.folder(),
            new JsonObject());
        return ExitCode.INTERRUPTED;
      }
      if (common.json()) {
        terminal.out().println(Finite.of(result));
        return ExitCode.DONE;
      }
      TrainingResult.print(outcome, material, terminal);
      choices
          .map(all -> Wrapped.of(all.summary(coupling.strip()), TEXT_WIDTH, ""))
          .ifPresent(terminal.out()::println);
      audits.ifPresent(a -> terminal.out().println(Wrapped.of(a.sentence(), TEXT_WIDTH, "")));
      terminal.out().println("Run folder: " + folder.folder());
    }
    try {
      material.vocabulary().ifPresent(v -> printSample(training, v, begin, terminal));
    } catch (Failure e) {
      throw Failure.input(folder.model() + ": " + e.getMessage(), e);
    }
    return ExitCode.DONE;
  }

  private TrainingRun.Outcome go(
      TrainingRun training, RunFolder folder, TrainingWatch watch, Runnable model, Ending ending) {
    try (Progress progress = new Progress(terminal(), "training", training.expectedUpdates())) {
      TrainingRun.Outcome outcome = training.go(progress, watch, folder::metric);
      model.run();
      return outcome;
    } catch (Diverged e) {
      String where = "";
      if (e.restored()) {
        model.run();
        where = ". The last model whose loss was a number is in " + folder.model();
      }
      throw Failure.diverged(e.getMessage() + where + ending.diverged(e, folder), e);
    }
  }

  // What is written of a run that diverged.
  private record Ending(RunRecord record, Optional<Vocabulary> vocabulary) {
    String diverged(Diverged e, RunFolder folder) {
      JsonObject how = new JsonObject();
      how.addProperty("message", e.getMessage());
      String next = "";
      if (e.update().isPresent()) {
        TrainingDiverged update = e.update().get();
        Path bundle =
            Bundle.write(
                folder.folder(), update, vocabulary.map(Vocabulary::symbols), record.forModel());
        how.addProperty("update", update.update());
        update.origin().ifPresent(origin -> how.add("origin", ReplayCommand.origin(origin)));
        how.addProperty("bundle", bundle.toString());
        next = ". To see it again: lookback replay " + bundle;
      }
      record.diverged(how);
      record.end("diverged");
      folder.writeJson("run.json", record.json());
      return next;
    }
  }

  private static Model model(TrainingRun training, Optional<Vocabulary> vocabulary, String record) {
    return new Model(
        training.network(),
        training.weights(),
        vocabulary.map(Vocabulary::symbols),
        Optional.of(record));
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
