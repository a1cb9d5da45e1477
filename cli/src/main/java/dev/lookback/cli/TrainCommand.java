package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.config.ResolvedOptions;
import dev.lookback.cli.words.ShellWord;
import dev.lookback.cli.words.Wrapped;
import dev.lookback.data.Corpus;
import dev.lookback.data.Sampling;
import dev.lookback.data.Vocabulary;
import dev.lookback.data.task.Task;
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
import dev.lookback.weights.Snapshot;
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
            resumed,
            manner.options());
    audits = audits(new TrainingAudits.Subject(trainer, weights, team), material, resumed);
    RunRecord record = new RunRecord(manner.options(), material.record(), team, resumed);
    try (RunFolder folder =
        resumed
            .map(from -> from.folder(record.json(), terminal))
            .orElseGet(() -> RunFolder.create(run, record.json(), terminal))) {
      if (resumed.isEmpty()) {
        Warnings.unseen(material, terminal);
      } else {
        resumed.get().tell(training, terminal);
      }
      folder.options(manner.options());
      Optional<Snapshot> before =
          resumed
              .filter(ResumedRun::hasCheckpoint)
              .map(from -> from.reading(saved -> saved.under("audits")));
      audits.ifPresent(a -> a.open(folder, before, terminal));
      TrainingEnd end = new TrainingEnd(training, folder, record, material, audits);
      int code = train(training, end, material, begin);
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

  private static TrainingRun training(
      TrainingTask task, Team team, Optional<ResumedRun> resumed, JsonObject options) {
    if (resumed.isEmpty()) {
      return new TrainingRun(task, team);
    }
    TrainingRun training = resumed.get().goOn(task, team);
    resumed.get().requireLimit(training, options);
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
            .filter(ResumedRun::hasCheckpoint)
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
    encoding.warnOfTable(corpus, terminal);
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

  private int train(TrainingRun training, TrainingEnd end, Material material, String begin) {
    Terminal terminal = terminal();
    RunFolder folder = end.folder();
    Optional<Failure> failure;
    NextSteps next;
    try (Interruption interruption = Interruption.listen()) {
      TrainingWatch watch =
          new TrainingWatch(
              training,
              folder,
              audits,
              interruption,
              checkpoints.saving(
                  ResumedRun.vocabulary(material), end::model, end.record(), terminal),
              new Warnings(training.trainer(), material.training(common.seed()), terminal));
      watch.begin();
      TrainingRun.Outcome outcome = go(training, end, watch);
      Optional<Choices> choices =
          Choices.of(training.choices(), training.choicesMade(), outcome.updates());
      // Asked for once: whoever ends it later finds everything written.
      boolean stopped = interruption.asked();
      TrainingEnd.Written written =
          end.write(outcome, choices, stopped ? "interrupted" : RunSummary.FINISHED);
      failure = written.failure();
      next = end.next(outcome);
      if (stopped && failure.isEmpty()) {
        tellInterrupted(folder, terminal);
        return ExitCode.INTERRUPTED;
      }
      if (common.json()) {
        terminal.out().println(Finite.of(written.result()));
        return ended(failure);
      }
      TrainingResult.print(outcome, material, terminal);
      choices
          .map(all -> Wrapped.of(all.summary(coupling.strip()), TEXT_WIDTH, ""))
          .ifPresent(terminal.out()::println);
      audits.ifPresent(a -> terminal.out().println(Wrapped.of(a.sentence(), TEXT_WIDTH, "")));
      if (failure.isEmpty()) {
        terminal.out().println("Run folder: " + folder.folder());
      }
    }
    try {
      material.vocabulary().ifPresent(v -> printSample(training, v, begin, terminal));
    } catch (Failure e) {
      throw Failure.input(folder.model() + ": " + e.getMessage(), e);
    }
    if (failure.isEmpty()) {
      terminal.out().println();
      next.print(terminal.out());
    }
    return ended(failure);
  }

  private static int ended(Optional<Failure> failure) {
    if (failure.isPresent()) {
      throw failure.get();
    }
    return ExitCode.DONE;
  }

  private static void tellInterrupted(RunFolder folder, Terminal terminal) {
    terminal.tell(
        "interrupted",
        "Interrupted. The model as it was is in " + folder.model(),
        new JsonObject());
    terminal.tell(
        "interrupted",
        "To go on: lookback train --resume " + ShellWord.of(folder.folder()),
        new JsonObject());
  }

  private TrainingRun.Outcome go(TrainingRun training, TrainingEnd end, TrainingWatch watch) {
    try (Progress progress = new Progress(terminal(), "training")) {
      return training.go(progress.whole(), watch, end.folder()::metric);
    } catch (Diverged e) {
      throw end.diverged(e);
    }
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
