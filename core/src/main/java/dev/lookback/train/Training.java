package dev.lookback.train;

import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.State;
import dev.lookback.optim.Updater;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.Iterator;
import java.util.List;
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
  private final Passes passes;
  private final Optional<Chooser> chooser;
  private final ChoiceHistory choices;
  private final Course course;
  private Optional<CouplingChoice> waiting = Optional.empty();
  private Coupling coupling;
  private State state;
  // What entered the window at hand, in case that it fails.
  private State entering;
  private boolean careful;
  private long updates;
  private long steps;

  /** Begins. */
  Training(Trainer trainer, Weights weights, Sampling sampling, Team team) {
    this(trainer, weights, sampling, team, choosing(trainer, sampling, team), Optional.empty());
  }

  private static Optional<Chooser> choosing(Trainer trainer, Sampling sampling, Team team) {
    return trainer.policy() instanceof CouplingPolicy.Measured measured
        ? Optional.of(new Chooser(trainer, measured, sampling, team))
        : Optional.empty();
  }

  private Training(
      Trainer trainer,
      Weights weights,
      Sampling sampling,
      Team team,
      Optional<Chooser> chooser,
      Optional<ChoiceHistory> chosen) {
    this.trainer = trainer;
    this.weights = weights;
    this.gradient = Weights.zeros(weights.layout());
    this.sampling = sampling;
    this.team = team;
    this.updater = trainer.optimizer().start(weights.layout());
    this.couplings = Randomness.of(trainer.seed()).with("coupling");
    this.dropping = Randomness.of(trainer.seed()).with("dropout");
    this.learnsState = trainer.network().learnsState();
    this.state = State.zeros(trainer.network(), sampling.lanes());
    this.entering = state.copy();
    this.chooser = chooser;
    this.choices = chosen.orElseGet(ChoiceHistory::new);
    if (chosen.isEmpty()) {
      chooser.ifPresent(c -> choices.add(c.choose(weights, 0)));
    }
    this.coupling = trainer.policy() instanceof Coupling fixed ? fixed : choices.last().coupling();
    Memory memory = chooser.map(Chooser::memory).orElse(trainer.method().memory());
    this.passes = new Passes(trainer, sampling, memory, team);
    this.course = new Course(trainer, sampling, coupling);
  }

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
    if (course.hasWindow(coupling)) {
      chooser.ifPresent(c -> reconsider(c, false));
    } else {
      chooser.ifPresent(c -> reconsider(c, true));
      course.next(coupling);
    }
    Course.Draw draw = course.draw(coupling, couplings.with(updates));
    Window window = draw.window();
    if (trainer.state() == StatePolicy.RESET
        || course.startsAfresh()
        || state.lanes() != window.lanes()) {
      state = fresh(window.lanes());
      passes.forget();
      if (learnsState) {
        window = window.startingAfresh();
      }
    }
    Pass pass = passes.of(window.lanes(), coupling);
    if (trainer.network().dropout() > 0) {
      pass.drop(Optional.of(dropping.with(updates)));
    }
    keepEntering();
    Optional<Snapshot> behind = careful ? remembered(pass) : Optional.empty();
    Pass.Result result = back(pass, window, draw);
    if (!Double.isFinite(result.loss())) {
      Incident incident = incident(window, draw, pass, behind);
      throw diverged(incident, TrainingDiverged.LOSS, result.loss());
    }
    try {
      updater.step(weights, gradient);
    } catch (ArithmeticException e) {
      // The updater takes the norm anyhow, and refuses a bad one before it changes anything.
      if (Double.isFinite(gradient.norm())) {
        throw e;
      }
      Incident incident = incident(window, draw, pass, behind);
      throw diverged(incident, TrainingDiverged.NORM, gradient.norm());
    }
    updates++;
    steps += window.steps();
    return new Update(
        updates,
        course.number(),
        !course.hasWindow(coupling),
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
    if (waiting.isPresent() && (epochStarts || course.hasWindow(waiting.get().coupling()))) {
      CouplingChoice choice = waiting.get().from(updates + 1);
      waiting = Optional.empty();
      choices.add(choice);
      if (!choice.coupling().equals(coupling)) {
        coupling = choice.coupling();
        passes.suit(coupling);
      }
    }
  }

  private Optional<Coupling.Sliding> sliding() {
    return coupling instanceof Coupling.Sliding sliding && trainer.carries(sampling)
        ? Optional.of(sliding)
        : Optional.empty();
  }

  private void keepEntering() {
    if (entering.lanes() == state.lanes()) {
      entering.set(state);
    } else {
      entering = state.copy();
    }
  }

  private Optional<Snapshot> remembered(Pass pass) {
    if (sliding().isEmpty()) {
      return Optional.empty();
    }
    Snapshot.Writer to = Snapshot.writer();
    pass.save(to);
    return Optional.of(to.done());
  }

  private Incident incident(Window window, Course.Draw draw, Pass pass, Optional<Snapshot> behind) {
    boolean drops = trainer.network().dropout() > 0;
    Incident.Way way =
        new Incident.Way(
            draw.coupled(),
            sliding(),
            trainer.method().refresh(),
            draw.divisor(),
            drops ? Optional.of(dropping.with(updates)) : Optional.empty(),
            pass.blockSteps(),
            passes.memory());
    Incident.Place place =
        new Incident.Place(
            updates + 1, course.number(), course.window(), updater.lastGradientNorm());
    return new Incident(
        trainer.network(), weights.copy(), window, entering.copy(), way, place, behind);
  }

  // Where something was not kept, trying again may end otherwise; what happened is what is told. An
  // incident knows the losses of readouts only.
  private TrainingDiverged diverged(Incident incident, String what, double found) {
    Optional<TrainingDiverged> again =
        trainer.method().loss().isPresent() ? Optional.empty() : incident.again(team);
    return incident.isWhole() && again.isPresent()
        ? again.get()
        : new TrainingDiverged(incident, what, found, again.flatMap(TrainingDiverged::origin));
  }

  /**
   * From now on keeps, before each window, a copy of what sliding truncation remembers, so that a
   * {@link TrainingDiverged} has it: all of its {@link Incident} is then there. Other couplings
   * need no such care.
   */
  public void careful() {
    careful = true;
  }

  // Sliding sweeps go on through the window's start wherever the state does.
  private Pass.Result back(Pass pass, Window window, Course.Draw draw) {
    Optional<Coupling.Sliding> sliding = sliding();
    if (sliding.isPresent()) {
      boolean refresh = trainer.method().refresh();
      return pass.slide(weights, window, sliding.get(), state, gradient, refresh);
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

  /** Updates made so far, those before it was saved and resumed included. */
  public long updatesSoFar() {
    return updates;
  }

  /** The weights, as the last update left them. */
  public Weights weights() {
    return weights;
  }

  /** What goes back through time in the next update, unless the policy chooses anew before. */
  public Coupling coupling() {
    return coupling;
  }

  /**
   * What the policy chose so far, first choice first; nothing where it is one coupling. Of many
   * choices it has some that lie evenly among all, and the last.
   */
  public List<CouplingChoice> choices() {
    return choices.kept();
  }

  /** How often the policy chose so far. */
  public long choicesMade() {
    return choices.count();
  }

  /** The learning rate of the next update. */
  public double rate() {
    return updater.nextRate();
  }

  /** Bytes of all arrays that grow with time, at their most so far. */
  public long peakActivationBytes() {
    return passes.peakActivationBytes() + chooser.map(Chooser::peakBytes).orElse(0L);
  }

  /** How often a step was computed, on average: 1 where everything fitted into the memory. */
  public double computedPerStep() {
    return (double) passes.computedSteps() / steps;
  }

  /**
   * Everything that the updates to come depend on: {@link Trainer#resume} goes on with it. To be
   * called between two updates; costs a copy of the weights, of what the optimizer keeps, and, for
   * sliding couplings, of the activations behind the next window.
   */
  public Snapshot save() {
    Snapshot.Writer to = Snapshot.writer();
    save(to);
    return to.done();
  }

  /** Puts the same as a part of something larger. */
  public void save(Snapshot.Writer to) {
    Identity.save(trainer, sampling, to.under("trainer"));
    to.put("weights", weights.values());
    to.put("updates", updates).put("steps", steps);
    updater.save(to.under("optimizer"));
    state.save(to.under("state"));
    course.save(to.under("data"));
    passes.save(to.under("passes"));
    chooser.ifPresent(c -> c.save(to.under("chooser")));
    choices.save(to);
    to.put("waiting", waiting.isPresent());
    waiting.ifPresent(choice -> choice.save(to.under("waiting_choice")));
  }

  /** Goes on; see {@link Trainer#resume}. */
  static Training resumed(
      Trainer trainer, Weights weights, Sampling sampling, Team team, Snapshot from) {
    Identity.require(trainer, sampling, from.under("trainer"));
    ChoiceHistory choices = ChoiceHistory.saved(from);
    Optional<Chooser> chooser = choosing(trainer, sampling, team);
    if (chooser.isPresent() == (choices.count() == 0)) {
      throw new IllegalArgumentException(
          choices.count() + " choices were saved, which does not go with " + trainer.policy());
    }
    Training training =
        new Training(trainer, weights, sampling, team, chooser, Optional.of(choices));
    training.restore(from);
    return training;
  }

  // The weights last: where something does not fit, they are as they were.
  private void restore(Snapshot from) {
    updates = from.whole("updates", 0, Long.MAX_VALUE);
    steps = from.whole("steps", 0, Long.MAX_VALUE);
    updater.restore(from.under("optimizer"));
    state = State.saved(trainer.network(), sampling.lanes(), from.under("state"));
    course.restore(from.under("data"));
    passes.restore(coupling, from.under("passes"));
    chooser.ifPresent(c -> c.restore(from.under("chooser")));
    waiting =
        from.truth("waiting")
            ? Optional.of(CouplingChoice.saved(from.under("waiting_choice")))
            : Optional.empty();
    from.copy("weights", weights.values());
  }
}
