package dev.lookback.train;

import dev.lookback.cell.Cell;
import dev.lookback.data.Epoch;
import dev.lookback.data.LaneEpoch;
import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.State;
import dev.lookback.optim.Updater;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
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
  private final Optional<Chooser> chooser;
  private final List<CouplingChoice> choices = new ArrayList<>();
  private Optional<CouplingChoice> waiting = Optional.empty();
  private Coupling coupling;
  private long retiredPeak;
  private State state;
  private long epochNumber;
  private Epoch epoch;
  private long updates;
  private long steps;
  private long retiredSteps;

  Training(Trainer trainer, Weights weights, Sampling sampling, Team team) {
    this.trainer = trainer;
    this.weights = weights;
    this.gradient = Weights.zeros(weights.layout());
    this.sampling = sampling;
    this.team = team;
    this.updater = trainer.optimizer().start(weights.layout());
    this.couplings = Randomness.of(trainer.seed()).with("coupling");
    this.dropping = Randomness.of(trainer.seed()).with("dropout");
    this.learnsState = trainer.network().cells().stream().anyMatch(Cell::learnsState);
    this.state = State.zeros(trainer.network(), sampling.lanes());
    if (trainer.policy() instanceof CouplingPolicy.Measured measured) {
      Chooser chooses = new Chooser(trainer, measured, sampling, team);
      CouplingChoice first = chooses.choose(weights, 0);
      this.chooser = Optional.of(chooses);
      this.choices.add(first);
      this.coupling = first.coupling();
    } else {
      this.chooser = Optional.empty();
      this.coupling = (Coupling) trainer.policy();
    }
    this.epoch = trainer.strided(sampling, coupling).epoch(0);
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
    if (hasWindow()) {
      chooser.ifPresent(c -> reconsider(c, false));
    } else {
      chooser.ifPresent(c -> reconsider(c, true));
      epochNumber++;
      epoch = trainer.strided(sampling, coupling).epoch(epochNumber);
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

  // A length for which the rest of the epoch has no window waits for the next: the update before
  // has said already that the epoch goes on.
  private void reconsider(Chooser chooses, boolean epochStarts) {
    if (chooses.due(updates, epochStarts)) {
      waiting = Optional.of(chooses.choose(weights, updates));
    }
    if (waiting.isPresent() && (epochStarts || hasWindow(waiting.get().coupling()))) {
      CouplingChoice choice = waiting.get().from(updates + 1);
      waiting = Optional.empty();
      choices.add(choice);
      coupling = choice.coupling();
      passes.entrySet().removeIf(entry -> retires(entry.getKey(), entry.getValue()));
    }
  }

  // What such a pass remembers of the windows before is lost with it.
  private boolean retires(int lanes, Pass pass) {
    boolean retires = blocks().within(lanes).blockSteps() != pass.blockSteps();
    if (retires) {
      retire(pass);
    }
    return retires;
  }

  private void retire(Pass pass) {
    retiredPeak = Math.max(retiredPeak, pass.peakActivationBytes());
    retiredSteps += pass.computedSteps();
  }

  // Within a budget there is one pass at a time: two would have it twice.
  private Pass passFor(int lanes) {
    if (memory().budget().isPresent() && !passes.containsKey(lanes)) {
      passes.values().forEach(this::retire);
      passes.clear();
    }
    return passes.computeIfAbsent(lanes, this::pass);
  }

  private Pass pass(int lanes) {
    int blockSteps = blocks().within(lanes).blockSteps();
    Pass pass = new Pass(trainer.network(), lanes, blockSteps, memory(), team);
    pass.minimise(trainer.method().lossFor(trainer.network().readout()));
    return pass;
  }

  private Memory memory() {
    return chooser.map(Chooser::memory).orElse(trainer.method().memory());
  }

  private Blocks blocks() {
    return new Blocks(trainer, coupling, trainer.strided(sampling, coupling), memory());
  }

  // Sliding sweeps go on through the window's start wherever the state does.
  private Pass.Result back(Pass pass, Window window, Draw draw) {
    if (coupling instanceof Coupling.Sliding sliding && trainer.carries(sampling)) {
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
    return hasWindow(coupling);
  }

  private boolean hasWindow(Coupling coupling) {
    if (trainer.stride() == Stride.OWN && epoch instanceof LaneEpoch lanes) {
      if (ownSteps(coupling).isPresent()) {
        return lanes.hasNext(ownSteps(coupling).getAsInt());
      } else if (coupling instanceof Coupling.Randomised) {
        return lanes.remaining() > 0;
      }
    }
    return epoch.hasNext();
  }

  // An epoch that began with windows of other steps does not know how many a full one has.
  private OptionalInt ownSteps(Coupling coupling) {
    return chooser.isPresent() && coupling instanceof Coupling.Full
        ? OptionalInt.of(sampling.steps())
        : Trainer.ownSteps(coupling);
  }

  private Draw draw(Randomness randomness) {
    if (trainer.stride() == Stride.OWN && epoch instanceof LaneEpoch lanes) {
      if (ownSteps(coupling).isPresent()) {
        return coupled(lanes.next(ownSteps(coupling).getAsInt()), randomness);
      } else if (coupling instanceof Coupling.Randomised random) {
        int rest = (int) Math.min(Integer.MAX_VALUE, lanes.remaining());
        Coupled segment = random.segment(randomness, rest);
        Window window = lanes.next(segment.links().steps());
        return new Draw(window, segment, random.mean() * window.lanes());
      }
    }
    return coupled(epoch.next(), randomness);
  }

  private Draw coupled(Window window, Randomness randomness) {
    Coupled coupled = coupling.couple(window.steps(), window.lanes(), randomness);
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

  /** What goes back through time in the next update, unless the policy chooses anew before. */
  public Coupling coupling() {
    return coupling;
  }

  /** What the policy chose so far, first choice first; nothing where it is one coupling. */
  public List<CouplingChoice> choices() {
    return List.copyOf(choices);
  }

  /** The learning rate of the next update. */
  public double rate() {
    return updater.nextRate();
  }

  /** Bytes of all arrays that grow with time, at their most so far. */
  public long peakActivationBytes() {
    long used = passes.values().stream().mapToLong(Pass::peakActivationBytes).sum();
    return Math.max(retiredPeak, used) + chooser.map(Chooser::peakBytes).orElse(0L);
  }

  /** How often a step was computed, on average: 1 where everything fitted into the memory. */
  public double computedPerStep() {
    long now = passes.values().stream().mapToLong(Pass::computedSteps).sum();
    return (double) (retiredSteps + now) / steps;
  }
}
