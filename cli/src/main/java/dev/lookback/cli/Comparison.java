package dev.lookback.cli;

import dev.lookback.analysis.Audit;
import dev.lookback.analysis.Sample;
import dev.lookback.analysis.Spectrum;
import dev.lookback.cell.Cell;
import dev.lookback.cli.report.Numbers;
import dev.lookback.data.Sampling;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.Memory;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.optim.Optimizer;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Stride;
import dev.lookback.train.Trainer;
import dev.lookback.train.Training;
import dev.lookback.train.TrainingDiverged;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Trains the same network with several couplings: same initial weights, data order, optimiser,
 * rate, batch, state policy and memory. With stride {@code window} only xi inside the window
 * differs.
 */
final class Comparison {
  private static final double[] MOMENTS = {0, 0.5, 1};
  // The share of what a contender gets that each is run before, for nothing; the most seconds of it
  // where no seconds are said.
  private static final double WARM_UP = 0.05;
  private static final double WARM_UP_SECONDS = 1;

  private final Plan plan;
  private final Material material;
  private final Team team;

  /**
   * What is compared.
   *
   * @param network the one network
   * @param couplings the contenders
   */
  record Plan(
      Network network,
      List<CouplingPolicy> couplings,
      Optimizer optimizer,
      Conditions conditions,
      Seeds seeds,
      Audits audits) {}

  /**
   * What holds for every contender.
   *
   * @param equal what they get the same of
   * @param stride when the weights change
   * @param state what enters a window
   * @param limits the first one reached ends a training
   * @param memory the most bytes of activations
   */
  record Conditions(
      EqualOption.Equal equal,
      Stride stride,
      StatePolicy state,
      LoopOptions.Limits limits,
      Memory memory) {}

  /**
   * How many runs each gets.
   *
   * @param first the first of their seeds
   */
  record Seeds(int count, long first) {}

  /**
   * How gradients are measured.
   *
   * @param draws of an unbiased estimate
   * @param windows held-out ones
   */
  record Audits(int draws, int windows) {}

  /** Draws initial weights. */
  interface Initial {
    Weights weights(long seed);
  }

  Comparison(Plan plan, Material material, Team team) {
    this.plan = plan;
    this.material = material;
    this.team = team;
  }

  Plan plan() {
    return plan;
  }

  Material material() {
    return material;
  }

  /** Whether all train at the same time, in turns. */
  boolean takesTurns() {
    return plan.conditions().equal() == EqualOption.Equal.TIME;
  }

  /**
   * Refuses, before anything runs, a memory to which some contender cannot keep, with the smallest
   * that works for all.
   */
  void requireMemory() {
    Memory memory = plan.conditions().memory();
    boolean asked = plan.conditions().equal() == EqualOption.Equal.MEMORY;
    if (memory.budget().isEmpty() && !asked) {
      return;
    }
    Sampling sampling = material.training(plan.seeds().first());
    long most = 0;
    List<String> tooLarge = new ArrayList<>();
    for (CouplingPolicy coupling : plan.couplings()) {
      long least = trainer(coupling, plan.seeds().first()).smallestMemory(sampling);
      most = Math.max(most, least);
      if (least > memory.bytes()) {
        tooLarge.add(coupling.label() + " (" + Numbers.count(least) + " bytes or more)");
      }
    }
    String remedy = "the smallest memory that works for all of these is --memory " + most;
    if (memory.budget().isEmpty()) {
      throw Failure.usage("--equal memory needs --memory BYTES: " + remedy);
    } else if (!tooLarge.isEmpty()) {
      throw Failure.usage(
          "--memory "
              + memory.bytes()
              + " is too small for "
              + String.join(", ", tooLarge)
              + "; nothing was run, and "
              + remedy
              + ". Sliding couplings have to remember what their sweeps share: a shorter K2 needs"
              + " less, as do fewer --batch lanes");
    }
  }

  private Trainer trainer(CouplingPolicy coupling, long seed) {
    Conditions conditions = plan.conditions();
    return new Trainer(
        plan.network(),
        Bptt.of(coupling).within(conditions.memory()),
        plan.optimizer(),
        conditions.state(),
        conditions.stride(),
        seed);
  }

  /**
   * Runs everything, seed after seed: with equal time in turns, else one training after another.
   * What was finished when interrupted is kept.
   */
  List<Contender> run(Initial initial, Interruption interruption, Terminal terminal) {
    List<List<Trained>> runs = new ArrayList<>();
    plan.couplings().forEach(coupling -> runs.add(new ArrayList<>()));
    warmUp(initial, interruption);
    int parts = plan.seeds().count() * (takesTurns() ? 1 : plan.couplings().size());
    try (Progress progress = new Progress(terminal, "comparing", parts)) {
      runSeeds(runs, initial, interruption, progress);
    }
    return contenders(runs);
  }

  private void runSeeds(
      List<List<Trained>> runs, Initial initial, Interruption interruption, Progress progress) {
    for (int s = 0; s < plan.seeds().count() && !interruption.asked(); s++) {
      long seed = plan.seeds().first() + s;
      String suffix = plan.seeds().count() > 1 ? ", seed " + seed : "";
      List<Contest> contests =
          plan.couplings().stream()
              .map(coupling -> new Contest(coupling, seed, coupling.label() + suffix))
              .toList();
      List<Trained> trained =
          takesTurns()
              ? inTurns(contests, initial, interruption, progress)
              : oneAfterAnother(contests, initial, interruption, progress);
      for (int c = 0; c < trained.size(); c++) {
        runs.get(c).add(trained.get(c));
      }
    }
  }

  private List<Contender> contenders(List<List<Trained>> runs) {
    List<Contender> contenders = new ArrayList<>();
    Sampling sampling = material.training(plan.seeds().first());
    for (int c = 0; c < runs.size(); c++) {
      if (!runs.get(c).isEmpty()) {
        CouplingPolicy coupling = plan.couplings().get(c);
        Trainer trainer = trainer(coupling, plan.seeds().first());
        Reach reach = Reach.of(runs.get(c).get(0).atEnd(), trainer, sampling);
        List<Contender.Run> trained = runs.get(c).stream().map(Trained::run).toList();
        contenders.add(new Contender(coupling, trained, material.score(), reach));
      }
    }
    return contenders;
  }

  /**
   * A run that has ended.
   *
   * @param atEnd the coupling that it ended with, where one is chosen while training
   */
  private record Trained(Contender.Run run, Coupling atEnd) {}

  // Seconds can be compared only if Java has compiled what all of them run, before the first one's
  // count.
  private void warmUp(Initial initial, Interruption interruption) {
    LoopOptions.Limits limits = plan.conditions().limits();
    double most = limits.seconds().isPresent() ? Double.POSITIVE_INFINITY : WARM_UP_SECONDS;
    long seed = plan.seeds().first();
    for (CouplingPolicy coupling : plan.couplings()) {
      Sampling sampling = material.training(seed);
      double perEpoch = sampling.epoch(0).windows();
      Training training = trainer(coupling, seed).start(initial.weights(seed), sampling, team);
      long start = System.nanoTime();
      long tokens = 0;
      double seconds;
      double done;
      try {
        do {
          tokens += training.next().tokens();
          seconds = (System.nanoTime() - start) * 1e-9;
          long updates = training.updatesSoFar();
          done = limits.done(updates, tokens, seconds, updates / perEpoch);
        } while (!interruption.asked() && done < WARM_UP && seconds < most);
      } catch (TrainingDiverged e) {
        // The contender itself will meet it and tell.
      }
    }
  }

  // Interrupted, they have had the same time so far.
  private List<Trained> inTurns(
      List<Contest> contests, Initial initial, Interruption interruption, Progress progress) {
    List<Function<Turns.Turn, Trained>> trainings = new ArrayList<>();
    for (Contest contest : contests) {
      Progress.Part own = progress.inTurns(contest.name());
      Weights weights = initial.weights(contest.seed());
      trainings.add(turn -> train(contest, weights, turn, interruption, own));
    }
    List<Trained> trained = Turns.take(trainings);
    progress.part("seed " + contests.get(0).seed()).end(trained.size() + " couplings in turns");
    return trained;
  }

  private List<Trained> oneAfterAnother(
      List<Contest> contests, Initial initial, Interruption interruption, Progress progress) {
    List<Trained> trained = new ArrayList<>();
    for (Contest contest : contests) {
      Weights weights = initial.weights(contest.seed());
      Progress.Part own = progress.part(contest.name());
      Trained run = Turns.alone(turn -> train(contest, weights, turn, interruption, own));
      if (interruption.asked()) {
        return trained;
      }
      own.end(took(run.run().outcome()));
      trained.add(run);
    }
    return trained;
  }

  private String took(TrainingRun.Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "%s updates in %s, %s %s",
        Numbers.count(outcome.updates()),
        Numbers.duration(outcome.seconds()),
        material.score().name(),
        Numbers.significant(material.score().of(outcome.loss()), 4));
  }

  /**
   * A run to be made.
   *
   * @param name what progress calls it
   */
  private record Contest(CouplingPolicy coupling, long seed, String name) {}

  private Trained train(
      Contest contest,
      Weights weights,
      Turns.Turn turn,
      Interruption interruption,
      Progress.Part progress) {
    long seed = contest.seed();
    Trainer trainer = trainer(contest.coupling(), seed);
    Sampling sampling = material.training(seed);
    TrainingRun run =
        new TrainingRun(
            new TrainingTask(
                trainer, weights, sampling, material.validation(), plan.conditions().limits()),
            team);
    List<Contender.Moment> moments = new ArrayList<>();
    moments.add(new Contender.Moment(0, audit(run.coupling(), weights, seed)));
    try {
      TrainingRun.Outcome outcome =
          run.go(
              progress,
              (update, done) -> {
                while (moments.size() < MOMENTS.length && done >= MOMENTS[moments.size()]) {
                  long start = System.nanoTime();
                  moments.add(new Contender.Moment(done, audit(run.coupling(), weights, seed)));
                  run.pause((System.nanoTime() - start) * 1e-9);
                }
                run.pause(turn.perhapsWait());
                return !interruption.asked() && !turn.isPointless();
              },
              cells -> {});
      // One after another, nothing is kept of it.
      if (interruption.asked() && takesTurns()) {
        moments.add(new Contender.Moment(run.done(), audit(run.coupling(), weights, seed)));
      }
      return new Trained(
          new Contender.Run(
              outcome,
              run.curve(),
              moments,
              heldOut().lags(plan.network(), weights, plan.audits().windows(), team),
              spectralRadius(weights),
              run.computedPerStep()),
          run.coupling());
    } catch (Diverged e) {
      throw Failure.diverged(contest.name() + ": " + e.getMessage(), e);
    }
  }

  private Audit.Report audit(Coupling coupling, Weights weights, long seed) {
    Randomness randomness = Randomness.of(seed).with("audit");
    List<Sample> samples =
        heldOut().samples(plan.network(), weights, plan.audits().windows(), team);
    return new Audit(plan.network(), weights, samples, team)
        .measure(coupling, plan.audits().draws(), randomness);
  }

  private HeldOut heldOut() {
    return material.heldOut(plan.conditions().state());
  }

  // Gated cells have a W_hh for each gate, and none of them alone says how the state grows.
  private double spectralRadius(Weights weights) {
    double largest = 0;
    List<Cell> cells = plan.network().cells();
    for (int l = 0; l < cells.size(); l++) {
      if (cells.get(l).gates() > 1) {
        return Double.NaN;
      }
      float[] w = weights.of("rnn.weight_hh_l" + l);
      largest = Math.max(largest, Spectrum.radius(w, cells.get(l).hidden()));
    }
    return largest;
  }
}
