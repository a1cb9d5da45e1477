package dev.lookback.cli;

import dev.lookback.analysis.Audit;
import dev.lookback.analysis.Sample;
import dev.lookback.analysis.Spectrum;
import dev.lookback.cell.Cell;
import dev.lookback.data.Sampling;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.optim.Optimizer;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Stride;
import dev.lookback.train.Trainer;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains the same network with several couplings: same initial weights, data order, optimiser,
 * rate, batch and state policy. With stride {@code window} only xi inside the window differs.
 */
final class Comparison {
  private static final double[] MOMENTS = {0, 0.5, 1};

  private final Plan plan;
  private final Material material;
  private final Team team;

  /**
   * What is compared.
   *
   * @param network the one network
   * @param couplings the contenders
   * @param stride when the weights change
   * @param state what enters a window
   * @param seeds how many runs each gets
   * @param firstSeed the first of them
   * @param draws of an unbiased estimate in an audit
   * @param auditWindows held-out windows of an audit
   */
  record Plan(
      Network network,
      List<CouplingPolicy> couplings,
      Optimizer optimizer,
      Stride stride,
      StatePolicy state,
      LoopOptions.Limits limits,
      int seeds,
      long firstSeed,
      int draws,
      int auditWindows) {}

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

  /** Runs everything, one training after another; what was finished when interrupted is kept. */
  List<Contender> run(Initial initial, Interruption interruption, Terminal terminal) {
    List<List<Contender.Run>> runs = new ArrayList<>();
    plan.couplings().forEach(coupling -> runs.add(new ArrayList<>()));
    for (int s = 0; s < plan.seeds(); s++) {
      long seed = plan.firstSeed() + s;
      for (int c = 0; c < plan.couplings().size() && !interruption.asked(); c++) {
        CouplingPolicy coupling = plan.couplings().get(c);
        String name = coupling.label() + (plan.seeds() > 1 ? ", seed " + seed : "");
        Weights weights = initial.weights(seed);
        Contender.Run run = train(coupling, weights, seed, name, interruption, terminal);
        if (!interruption.asked()) {
          runs.get(c).add(run);
        }
      }
    }
    List<Contender> contenders = new ArrayList<>();
    for (int c = 0; c < runs.size(); c++) {
      if (runs.get(c).isEmpty()) {
        continue;
      }
      contenders.add(new Contender(plan.couplings().get(c), runs.get(c), material.score()));
    }
    return contenders;
  }

  private Contender.Run train(
      CouplingPolicy coupling,
      Weights weights,
      long seed,
      String name,
      Interruption interruption,
      Terminal terminal) {
    Trainer trainer =
        new Trainer(
            plan.network(), Bptt.of(coupling), plan.optimizer(), plan.state(), plan.stride(), seed);
    Sampling sampling = material.training(seed);
    TrainingRun run =
        new TrainingRun(
            new TrainingRun.Task(trainer, weights, sampling, material.validation(), plan.limits()),
            team);
    List<Contender.Moment> moments = new ArrayList<>();
    moments.add(new Contender.Moment(0, audit(run.coupling(), weights, seed)));
    try (Progress progress = new Progress(terminal, name, run.expectedUpdates())) {
      TrainingRun.Outcome outcome =
          run.go(
              progress,
              (update, done) -> {
                while (moments.size() < MOMENTS.length && done >= MOMENTS[moments.size()]) {
                  long start = System.nanoTime();
                  moments.add(new Contender.Moment(done, audit(run.coupling(), weights, seed)));
                  run.pause((System.nanoTime() - start) * 1e-9);
                }
                return !interruption.asked();
              },
              cells -> {});
      return new Contender.Run(
          outcome,
          run.curve(),
          moments,
          heldOut().lags(plan.network(), weights, plan.auditWindows(), team),
          spectralRadius(weights));
    } catch (Diverged e) {
      throw Failure.diverged(name + ": " + e.getMessage(), e);
    }
  }

  private Audit.Report audit(Coupling coupling, Weights weights, long seed) {
    Randomness randomness = Randomness.of(seed).with("audit");
    List<Sample> samples = heldOut().samples(plan.network(), weights, plan.auditWindows(), team);
    return new Audit(plan.network(), weights, samples, team)
        .measure(coupling, plan.draws(), randomness);
  }

  private HeldOut heldOut() {
    return material.heldOut(plan.state());
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
