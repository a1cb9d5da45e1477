package dev.lookback.train;

import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.gradient.AdaptiveTruncation;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.LagGradients;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.SlidingWindows;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.util.Locale;

/**
 * Carries out one measuring policy in one training.
 *
 * <p>It measures at the start, whenever {@value #EVERY} updates have gone by, and at an epoch's
 * start if {@value #EPOCH_AFTER} have: a long epoch does not leave K to what the weights were, and
 * short ones do not spend their time measuring. The lags measured are twice the longest K allowed
 * at first, later four times the last choice. Its randomness is its own.
 */
final class Chooser {
  static final long EVERY = 200;
  static final long EPOCH_AFTER = 50;
  private static final int FEWEST_LAGS = 50;
  private static final double SURE = 1.0 / 16;

  private final Trainer trainer;
  private final CouplingPolicy.Measured policy;
  private final Sampling sampling;
  private final LagMeasurement measurement;
  private final Memory memory;
  private final Randomness randomness;
  private final boolean resets;
  private long measuredAt = -1;
  private int lastSteps;
  private long peakBytes;

  Chooser(Trainer trainer, CouplingPolicy.Measured policy, Sampling sampling, Team team) {
    this.trainer = trainer;
    this.policy = policy;
    this.sampling = sampling;
    this.memory = trainingMemory(trainer.method().memory());
    this.randomness = Randomness.of(trainer.seed()).with("measuring");
    this.measurement =
        new LagMeasurement(
            trainer.network(),
            sampling,
            carries(),
            measuringMemory(trainer.method().memory()),
            () -> trainer.method().lossFor(trainer.network().readout()),
            team);
    this.resets = trainer.resets(sampling);
  }

  /** What was measured, in the form that the choice needs. */
  private record Measured(AdaptiveTruncation truncation, double decay) {}

  /** What measuring may use of a budget. */
  private static Memory measuringMemory(Memory all) {
    return all.budget().isPresent() ? Memory.within(Math.max(1, all.bytes() / 4)) : all;
  }

  /** What it leaves for the training. */
  private static Memory trainingMemory(Memory all) {
    return all.budget().isPresent()
        ? Memory.within(Math.max(1, all.bytes() - all.bytes() / 4))
        : all;
  }

  /** What the training may use. */
  Memory memory() {
    return memory;
  }

  /** What measuring used at most. */
  long peakBytes() {
    return peakBytes;
  }

  /** What a pass needs for the sweeps of a sliding coupling; there is such a footprint. */
  Footprint footprint(int lanes, Coupling.Sliding sliding) {
    return Footprint.sliding(trainer.network(), lanes, longest(sliding.k1()), memory, resets)
        .orElseThrow();
  }

  void save(Snapshot.Writer to) {
    to.put("measured_at", measuredAt).put("last_steps", lastSteps).put("peak", peakBytes);
  }

  void restore(Snapshot from) {
    measuredAt = from.whole("measured_at");
    lastSteps = from.count("last_steps");
    peakBytes = from.whole("peak");
  }

  /** Whether to measure before the next update. */
  boolean due(long updates, boolean epochStarts) {
    long since = updates - measuredAt;
    return measuredAt < 0 || since >= EVERY || (epochStarts && since >= EPOCH_AFTER);
  }

  /** Measures and chooses for the update that follows so many. */
  CouplingChoice choose(Weights weights, long updates) {
    int lags = measurement.steps(wanted());
    LagMeasurement.Found found = measurement.of(weights, lags, randomness.with(updates));
    peakBytes = Math.max(peakBytes, found.peakBytes());
    measuredAt = updates;
    LagGradients gradients = found.lags();
    int tau = AdaptiveTruncation.tauFor(gradients.phi().length);
    AdaptiveTruncation truncation = AdaptiveTruncation.of(gradients, tau);
    Measured measured = new Measured(truncation, truncation.decay());
    CouplingChoice choice = choose(measured).from(updates + 1);
    lastSteps = choice.steps();
    return choice;
  }

  private CouplingChoice choose(Measured measured) {
    if (policy instanceof CouplingPolicy.Adaptive adaptive) {
      return adaptive(adaptive, measured);
    } else if (policy instanceof CouplingPolicy.Auto auto) {
      return auto(auto.adaptive(), measured);
    }
    return random(measured);
  }

  private boolean carries() {
    return trainer.carries(sampling);
  }

  private int wanted() {
    int most = policy instanceof CouplingPolicy.Adaptive adaptive ? most(adaptive) : longestAuto();
    long enough = 2L * most;
    if (lastSteps > 0) {
      enough = Math.min(enough, Math.max(FEWEST_LAGS, 4L * lastSteps));
    }
    // A window that begins afresh has no lags beyond its own.
    return (int) Math.min(Integer.MAX_VALUE / 4, carries() ? enough : sampling.steps());
  }

  private int longestAuto() {
    return most(new CouplingPolicy.Auto().adaptive());
  }

  // Kmax: no longer than the data has room for.
  private int most(CouplingPolicy.Adaptive adaptive) {
    long most = adaptive.most().orElse(sampling.steps());
    if (!carries()) {
      most = Math.min(most, sampling.steps());
    }
    if (trainer.stride() == Stride.OWN) {
      most = Math.min(most, room());
    }
    return (int) most;
  }

  private long room() {
    if (sampling instanceof Lanes lanes) {
      return Math.max(1, (lanes.tokens().length() - 1) / lanes.lanes());
    } else if (sampling instanceof TaskStream stream) {
      return stream.laneSteps();
    }
    return sampling.steps();
  }

  private CouplingChoice adaptive(CouplingPolicy.Adaptive adaptive, Measured measured) {
    int most = most(adaptive);
    AdaptiveTruncation.Choice choice =
        measured.truncation().choose(adaptive.tolerance(), Math.min(adaptive.least(), most), most);
    int k = fitting(choice.steps());
    // Windows that begin afresh have no lags beyond their own steps.
    boolean exact = !carries() && k >= sampling.steps();
    double bound = exact ? 0 : measured.truncation().relativeError(k);
    String why =
        k < choice.steps()
            ? String.format(
                Locale.ROOT,
                "%s would take %d but no more than %d fit the memory",
                adaptive.label(),
                choice.steps(),
                k)
            : exact
                ? "the windows begin afresh and have no more, so that this is exact"
                : choice.met()
                    ? String.format(
                        Locale.ROOT,
                        "the shortest whose bias is estimated to stay below %s",
                        adaptive.tolerance())
                    : String.format(
                        Locale.ROOT,
                        "of no length up to %d is the bias estimated to stay below %s",
                        most,
                        adaptive.tolerance());
    return new CouplingChoice(
        1,
        Coupling.everyLossAtLeast(k),
        k,
        bound,
        measured.decay(),
        exact || (choice.met() && k == choice.steps()),
        "every loss looks back over " + k + " steps at least: " + why);
  }

  private int longest(int k) {
    return carries() ? 2 * k - 1 : Math.min(2 * k - 1, sampling.steps());
  }

  private boolean fits(int k) {
    return Footprint.sliding(trainer.network(), sampling.lanes(), longest(k), memory, resets)
        .isPresent();
  }

  private int fitting(int k) {
    for (int shorter = k; shorter >= 1; shorter--) {
      if (fits(shorter)) {
        return shorter;
      }
    }
    throw new IllegalArgumentException(
        "truncation to a single step of "
            + sampling.lanes()
            + " lanes does not fit the memory, of which "
            + memory.bytes()
            + " bytes are left for it beside the measuring. Use fewer lanes, fewer hidden units or"
            + " more memory");
  }

  // The exact gradient of the windows where it is as good, fits, and is no dearer.
  private CouplingChoice auto(CouplingPolicy.Adaptive adaptive, Measured measured) {
    CouplingChoice truncated = adaptive(adaptive, measured);
    int steps = sampling.steps();
    double bound = carries() ? boundOfWindows(measured.truncation(), steps) : 0;
    if (!(bound < adaptive.tolerance())) {
      return because(
          truncated,
          "the exact gradient of windows of %d steps does not keep the bias from before them below"
              + " %s",
          steps,
          adaptive.tolerance());
    }
    Footprint footprint;
    try {
      footprint = Footprint.within(trainer.network(), sampling.lanes(), steps, memory, resets);
    } catch (IllegalArgumentException e) {
      return because(
          truncated, "the exact gradient of windows of %d steps does not fit the memory", steps);
    }
    // A step back costs two forward: deltas, and gradients of the weights.
    double full = footprint.computed(steps, memory) + 2;
    double other = 1 + 2 * backSteps((Coupling.Sliding) truncated.coupling());
    if (full > other) {
      return because(
          truncated,
          "the exact gradient of windows of %d steps would cost %.1f forward steps for each, this"
              + " %.1f",
          steps,
          full,
          other);
    }
    return new CouplingChoice(
        1,
        Coupling.full(),
        steps,
        bound,
        measured.decay(),
        true,
        String.format(
            Locale.ROOT,
            "the exact gradient of windows of %d steps fits the memory, keeps the bias from before"
                + " them below %s, and costs %.1f forward steps for each where %s costs %.1f",
            steps,
            adaptive.tolerance(),
            full,
            truncated.coupling().label(),
            other));
  }

  private static CouplingChoice because(CouplingChoice choice, String reason, Object... numbers) {
    return new CouplingChoice(
        choice.update(),
        choice.coupling(),
        choice.steps(),
        choice.bound(),
        choice.decay(),
        choice.kept(),
        choice.why() + ", and " + String.format(Locale.ROOT, reason, numbers));
  }

  // A window's loss j sees j steps, j = 1..T: the mean of the losses' bounds.
  private static double boundOfWindows(AdaptiveTruncation truncation, int steps) {
    double sum = 0;
    for (int j = 1; j <= steps; j++) {
      sum += truncation.relativeError(j);
    }
    return sum / steps;
  }

  private double backSteps(Coupling.Sliding sliding) {
    return trainer.stride() == Stride.OWN
        ? (double) sliding.k2() / sliding.k1()
        : new SlidingWindows(sliding, sampling.steps(), carries()).backwardSteps();
  }

  private CouplingChoice random(Measured measured) {
    double longest = Math.max(2, sampling.steps());
    // What does not decay is taken for what nearly does not: full is not there at every stride.
    double slowest = 1 - 1 / (2 * longest);
    boolean decays = measured.decay() < slowest;
    double beta = decays ? Math.max(SURE, measured.decay()) : slowest;
    Coupling.Randomised coupling = Coupling.randomMeasured(beta, longest);
    String what =
        decays
            ? "the gradient decays by %.3f a step, and lags survive accordingly: %.1f steps on"
                + " average"
            : "the gradient decays by %.3f a step, hardly or not at all: %.1f steps on average";
    return new CouplingChoice(
        1,
        coupling,
        (int) Math.round(coupling.mean()),
        0,
        measured.decay(),
        decays,
        String.format(Locale.ROOT, what, measured.decay(), coupling.mean()));
  }
}
