package dev.lookback.train;

import dev.lookback.cell.Cell;
import dev.lookback.data.Epoch;
import dev.lookback.data.LaneEpoch;
import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.State;
import dev.lookback.optim.Updater;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A training under way: an endless iterator whose every element is a weight update.
 *
 * <p>Not for use by two threads at a time.
 */
public final class Training implements Iterator<Update> {
  private final Trainer trainer;
  private final Weights weights;
  private final Weights gradient;
  private final Sampling sampling;
  private final Team team;
  private final Updater updater;
  private final Randomness couplings;
  private final Randomness dropping;
  private final boolean learnsState;
  // The last window of an epoch may have fewer lanes than the others.
  private final Map<Integer, Pass> passes = new HashMap<>();
  private State state;
  private long epochNumber;
  private Epoch epoch;
  private final Blocks blocks;
  private long updates;
  private long steps;
  private long retiredPeak;
  private long retiredSteps;

  Training(Trainer trainer, Weights weights, Sampling sampling, Team team) {
    this.trainer = trainer;
    this.weights = weights;
    this.gradient = Weights.zeros(weights.layout());
    this.sampling = sampling;
    this.blocks = new Blocks(trainer, sampling);
    this.team = team;
    this.updater = trainer.optimizer().start(weights.layout());
    this.couplings = Randomness.of(trainer.seed()).with("coupling");
    this.dropping = Randomness.of(trainer.seed()).with("dropout");
    this.learnsState = trainer.network().cells().stream().anyMatch(Cell::learnsState);
    this.state = State.zeros(trainer.network(), sampling.lanes());
    this.epoch = sampling.epoch(0);
  }

  /** A window with its coupling, and what the sum of its losses is divided by. */
  private record Draw(Window window, Coupled coupled, double divisor) {}

  /** Always true: after the last window the data begins again. */
  @Override
  public boolean hasNext() {
    return true;
  }

  /**
   * Makes one update.
   *
   * @throws TrainingDiverged if the loss or the gradient is not finite; the weights stay as they
   *     were
   */
  @Override
  public Update next() {
    if (!hasWindow()) {
      epochNumber++;
      epoch = sampling.epoch(epochNumber);
      if (!hasWindow()) {
        throw new NoSuchElementException("epoch " + epochNumber + " has no window");
      }
    }
    Draw draw = draw(couplings.with(updates));
    Window window = draw.window();
    if (trainer.state() == StatePolicy.RESET
        || epoch.startsAfresh()
        || state.lanes() != window.lanes()) {
      state = fresh(window.lanes());
      passes.values().forEach(Pass::forget);
      if (learnsState) {
        window = window.startingAfresh();
      }
    }
    Pass pass = passFor(window.lanes());
    if (trainer.network().dropout() > 0) {
      pass.drop(Optional.of(dropping.with(updates)));
    }
    Pass.Result result = back(pass, window, draw);
    requireFinite("loss", result.loss());
    try {
      updater.step(weights, gradient);
    } catch (ArithmeticException e) {
      // The updater takes the norm anyhow, and refuses a bad one before it changes anything.
      requireFinite("the gradient's norm", gradient.norm());
      throw e;
    }
    updates++;
    steps += window.steps();
    return new Update(
        updates,
        epochNumber,
        !hasWindow(),
        window.steps(),
        (long) window.steps() * window.lanes(),
        result.loss(),
        updater.lastGradientNorm(),
        updater.wasClipped(),
        result.longestSegment());
  }

  private Pass pass(int lanes) {
    Memory memory = trainer.method().memory();
    int blockSteps = blocks.within(lanes).blockSteps();
    return new Pass(trainer.network(), lanes, blockSteps, memory, team);
  }

  // Within a budget there is one pass at a time: two would have it twice.
  private Pass passFor(int lanes) {
    if (trainer.method().memory().budget().isPresent() && !passes.containsKey(lanes)) {
      passes.values().forEach(this::retire);
      passes.clear();
    }
    return passes.computeIfAbsent(lanes, this::pass);
  }

  private void retire(Pass pass) {
    retiredPeak = Math.max(retiredPeak, pass.peakActivationBytes());
    retiredSteps += pass.computedSteps();
  }

  // Sliding sweeps go on through the window's start wherever the state does.
  private Pass.Result back(Pass pass, Window window, Draw draw) {
    if (trainer.coupling() instanceof Coupling.Sliding sliding && blocks.slides()) {
      boolean refresh = trainer.method().refresh();
      return pass.slide(weights, window, sliding, state, gradient, refresh);
    }
    return pass.run(weights, window, draw.coupled(), state, gradient, draw.divisor());
  }

  private State fresh(int lanes) {
    if (state.lanes() == lanes) {
      state.clear();
      return state;
    }
    return State.zeros(trainer.network(), lanes);
  }

  private boolean hasWindow() {
    if (trainer.stride() == Stride.OWN && epoch instanceof LaneEpoch lanes) {
      if (trainer.ownSteps().isPresent()) {
        return lanes.hasNext(trainer.ownSteps().getAsInt());
      } else if (trainer.coupling() instanceof Coupling.Randomised) {
        return lanes.remaining() > 0;
      }
    }
    return epoch.hasNext();
  }

  private Draw draw(Randomness randomness) {
    if (trainer.stride() == Stride.OWN && epoch instanceof LaneEpoch lanes) {
      if (trainer.ownSteps().isPresent()) {
        return coupled(lanes.next(trainer.ownSteps().getAsInt()), randomness);
      } else if (trainer.coupling() instanceof Coupling.Randomised random) {
        int rest = (int) Math.min(Integer.MAX_VALUE, lanes.remaining());
        Coupled segment = random.segment(randomness, rest);
        Window window = lanes.next(segment.links().steps());
        return new Draw(window, segment, random.mean() * window.lanes());
      }
    }
    return coupled(epoch.next(), randomness);
  }

  private Draw coupled(Window window, Randomness randomness) {
    Coupled coupled = trainer.coupling().couple(window.steps(), window.lanes(), randomness);
    return new Draw(window, coupled, window.totalWeight());
  }

  private void requireFinite(String what, double found) {
    if (Double.isNaN(found) || Double.isInfinite(found)) {
      throw new TrainingDiverged(updates + 1, what, found, updater.lastGradientNorm());
    }
  }

  /** The updates as an endless lazy stream. */
  public Stream<Update> updates() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  /** The epochs as an endless lazy stream. */
  public Stream<EpochSummary> epochs() {
    return Stream.generate(this::nextEpoch);
  }

  /** Trains to the end of the current epoch. */
  public EpochSummary nextEpoch() {
    double loss = 0;
    double norms = 0;
    long tokens = 0;
    long count = 0;
    Update update;
    do {
      update = next();
      loss += update.loss() * update.tokens();
      norms += update.gradientNorm();
      tokens += update.tokens();
      count++;
    } while (!update.lastOfEpoch());
    return new EpochSummary(update.epoch(), update.number(), tokens, loss / tokens, norms / count);
  }

  /** The weights, as the last update left them. */
  public Weights weights() {
    return weights;
  }

  /** The learning rate of the next update. */
  public double rate() {
    return updater.nextRate();
  }

  /** Bytes of all arrays that grow with time, at their most so far. */
  public long peakActivationBytes() {
    long now = passes.values().stream().mapToLong(Pass::peakActivationBytes).sum();
    return Math.max(retiredPeak, now);
  }

  /** How often a step was computed, on average: 1 where everything fitted into the memory. */
  public double computedPerStep() {
    long now = passes.values().stream().mapToLong(Pass::computedSteps).sum();
    return (double) (retiredSteps + now) / steps;
  }
}
