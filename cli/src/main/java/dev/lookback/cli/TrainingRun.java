package dev.lookback.cli;

import dev.lookback.cli.report.Numbers;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.train.CouplingChoice;
import dev.lookback.train.Evaluation;
import dev.lookback.train.Trainer;
import dev.lookback.train.Training;
import dev.lookback.train.TrainingDiverged;
import dev.lookback.train.Update;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One training from start to limit, watched: progress, curve, validation. */
final class TrainingRun {
  private static final int CURVE_POINTS = 24;

  private final TrainingTask task;
  private final Team team;
  private final Rewind rewind = new Rewind();
  private final boolean keepsPlaces;
  private Training training;
  private int backOffs;
  private final List<CurvePoint> curve = new ArrayList<>();
  private final GoodWeights good;
  private long start = System.nanoTime();
  private double paused;
  private Account account = new Account();
  private LastUpdate last = new LastUpdate(0, Double.NaN, 0);
  private double nextPoint;
  // Of the run before it went on.
  private double secondsBefore;

  /**
   * Once more back to the last good weights.
   *
   * @param number 1, 2, ...
   * @param failed the update that could not be made
   * @param updates how many it goes on from
   * @param rate of the next one
   * @param why what happened
   */
  record BackOff(int number, long failed, long updates, double rate, String why) {}

  /** The end. */
  record Outcome(
      double loss,
      boolean validated,
      double trainingLoss,
      long tokens,
      long updates,
      long epochs,
      double seconds,
      int longestSegment,
      long peakActivationBytes,
      double gradientNorm,
      double clippedFraction) {}

  /** Looks at each update; false ends the training. */
  interface Watcher {
    /**
     * After an update.
     *
     * @param done the fraction of the limit reached
     */
    boolean goOn(Update update, double done);

    /**
     * After the same update, with its point on the curve if it is time for one: what may be saved
     * to go on from. The last update of all settles before its point, which may take long, and once
     * more with it.
     *
     * @param update the number of updates made
     * @param ends whether it was the last one
     */
    default void settled(long update, boolean ends) {}

    /** There is another point on the curve. */
    default void marked(CurvePoint point) {}

    /** It has gone back. */
    default void wentBack(BackOff back) {}
  }

  /** Takes a line of metrics. */
  interface Metrics {
    void metric(String... cells);
  }

  TrainingRun(TrainingTask task, Team team) {
    this(task, team, task.trainer().start(task.weights(), task.sampling(), team));
  }

  private TrainingRun(TrainingTask task, Team team, Training training) {
    this.task = task;
    this.team = team;
    this.training = training;
    this.keepsPlaces = task.keepsPlaces();
    this.good = new GoodWeights(task.weights());
  }

  /** Goes on with a run that was saved, as if it had never stopped. */
  static TrainingRun resumed(TrainingTask task, Team team, Snapshot from) {
    int halvings = from.under("run").count("back_offs");
    Training training =
        task.trainer(halvings)
            .resume(from.under("training"), task.weights(), task.sampling(), team);
    TrainingRun run = new TrainingRun(task, team, training);
    run.backOffs = halvings;
    run.restore(from.whole("training.updates"), from.under("run"));
    return run;
  }

  /** Puts everything that its updates and points to come depend on. */
  void save(Snapshot.Writer whole) {
    training.save(whole.under("training"));
    Snapshot.Writer to = whole.under("run");
    good.save(to);
    to.put("back_offs", backOffs);
    account.save(to.under("account"));
    last.save(to.under("last"));
    to.put("next_point", nextPoint).put("seconds", seconds());
    to.put("limits", task.limits().toString());
    to.put("points", curve.size());
    for (int i = 0; i < curve.size(); i++) {
      curve.get(i).save(to.under("point." + i));
    }
  }

  private void restore(long made, Snapshot from) {
    good.restore(from);
    account = Account.saved(from.under("account"));
    // Behind its own limit it would go on without end.
    from.whole("account.all.updates", made, made);
    last = LastUpdate.saved(from.under("last"));
    secondsBefore = from.decimal("seconds");
    for (int i = 0; i < from.count("points"); i++) {
      curve.add(CurvePoint.saved(from.under("point." + i)));
    }
    // Points lie evenly over what there is to do: where that has changed, from here on.
    nextPoint =
        from.word("limits").equals(task.limits().toString())
            ? from.decimal("next_point")
            : done(secondsBefore) + 1.0 / CURVE_POINTS;
  }

  /** The updates made. */
  long updates() {
    return account.all().updates();
  }

  /** The tokens of these. */
  long tokens() {
    return account.all().tokens();
  }

  /** Whether a limit was reached before it went on: all that is left to do is to end. */
  boolean isDone() {
    return updates() > 0 && done(secondsBefore) >= 1;
  }

  /** Which limit is reached, where one is, and what would not be. */
  String limitReached() {
    return task.limits().reached(updates(), secondsBefore, account.epochs());
  }

  /** The limit that is reached as an option with which it would go on. */
  String limitRaised(Outcome outcome) {
    return task.limits().raised(outcome.updates(), outcome.seconds(), outcome.epochs());
  }

  Trainer trainer() {
    return task.trainer();
  }

  Network network() {
    return task.trainer().network();
  }

  Weights weights() {
    return task.weights();
  }

  Team team() {
    return team;
  }

  /** What the policy chose so far. */
  List<CouplingChoice> choices() {
    return training.choices();
  }

  /** How often the policy chose so far. */
  long choicesMade() {
    return training.choicesMade();
  }

  /** What goes back through time now. */
  Coupling coupling() {
    return training.coupling();
  }

  List<CurvePoint> curve() {
    return List.copyOf(curve);
  }

  /** The updates there will be, as far as that is known before. */
  long expectedUpdates() {
    long perEpoch = Math.max(1, task.sampling().epoch(0).windows());
    return task.limits()
        .updates()
        .or(() -> task.limits().epochs().map(epochs -> epochs * perEpoch))
        .orElse(1000L);
  }

  /** How often a step was computed so far, on average. */
  double computedPerStep() {
    return training.computedPerStep();
  }

  /** Time that watchers spent on other things, not to be counted. */
  void pause(double seconds) {
    paused += seconds;
  }

  // Makes an update, if need be after going back.
  private Update next(Watcher watcher) {
    while (true) {
      if (keepsPlaces) {
        rewind.keep(updates(), this::place);
      }
      good.enter();
      double rate = training.rate();
      try {
        Update update = training.next();
        good.entered();
        last = LastUpdate.of(update, rate);
        return update;
      } catch (TrainingDiverged e) {
        TrainingDiverged whole = whole(e);
        if (!goBack(e.update(), String.valueOf(whole.getMessage()), watcher)) {
          throw diverged(whole);
        }
      }
    }
  }

  private Snapshot place() {
    Snapshot.Writer to = Snapshot.writer();
    training.save(to.under("training"));
    account.save(to.under("account"));
    to.put("next_point", nextPoint).put("points", curve.size());
    return to.done();
  }

  // Where an update needs what sliding sweeps remember, the way to it is gone once more, with care.
  private TrainingDiverged whole(TrainingDiverged diverged) {
    Optional<Rewind.Place> last = rewind.last();
    if (diverged.incident().isWhole() || last.isEmpty()) {
      return diverged;
    }
    Training again =
        task.trainer(backOffs)
            .resume(
                last.get().snapshot().under("training"), weights().copy(), task.sampling(), team);
    again.careful();
    try {
      for (long i = last.get().updates(); i < diverged.update(); i++) {
        again.next();
      }
      return diverged;
    } catch (TrainingDiverged whole) {
      return whole;
    }
  }

  private boolean goBack(long failed, String why, Watcher watcher) {
    Optional<Rewind.Place> found = rewind.good(failed);
    if (backOffs >= task.backOffs() || found.isEmpty()) {
      return false;
    }
    Rewind.Place place = found.get();
    Snapshot from = place.snapshot();
    backOffs++;
    training =
        task.trainer(backOffs).resume(from.under("training"), weights(), task.sampling(), team);
    account = Account.saved(from.under("account"));
    nextPoint = from.decimal("next_point");
    curve.subList(from.count("points"), curve.size()).clear();
    good.wentBack();
    rewind.goOnFrom(place);
    watcher.wentBack(new BackOff(backOffs, failed, place.updates(), training.rate(), why));
    return true;
  }

  private Diverged diverged(TrainingDiverged cause) {
    good.putBack();
    return new Diverged(cause, good.known());
  }

  // Weights that give no validation loss mostly fail at the next update too, which says where.
  private Diverged explained(String found) {
    try {
      training.next();
      return new Diverged(found, good.known());
    } catch (TrainingDiverged e) {
      return new Diverged(whole(e), good.known());
    }
  }

  /**
   * Trains to the first limit.
   *
   * @throws Diverged if the loss or the gradient is not finite; the weights are then the last ones
   *     with a finite loss, if there are any
   */
  Outcome go(Progress.Part progress, Watcher watcher, Metrics metrics) {
    start = System.nanoTime();
    paused = 0;
    boolean goOn = !isDone();
    do {
      while (goOn) {
        goOn = update(progress, watcher, metrics);
      }
      goOn = !marksEnd(watcher, metrics);
    } while (goOn);
    return outcome();
  }

  // Makes an update and looks at it; whether another follows.
  private boolean update(Progress.Part progress, Watcher watcher, Metrics metrics) {
    Update update = next(watcher);
    account.add(update);
    double seconds = seconds();
    double done = done(seconds);
    boolean goOn = watcher.goOn(update, done) && done < 1;
    // The last point is that of the end.
    if (done >= nextPoint && done < 1) {
      if (!mark(watcher, metrics)) {
        return true;
      }
      nextPoint = done + 1.0 / CURVE_POINTS;
    }
    if (done < 1 || task.validation().isPresent()) {
      watcher.settled(updates(), !goOn);
    }
    if (progress.isDue()) {
      tell(progress, update, seconds, done);
    }
    return goOn;
  }

  // The end has a point, unless the training went on with it; false where it went back instead.
  private boolean marksEnd(Watcher watcher, Metrics metrics) {
    if (!curve.isEmpty() && curve.get(curve.size() - 1).update() == updates()) {
      return true;
    } else if (!mark(watcher, metrics)) {
      return false;
    }
    if (done() >= 1) {
      watcher.settled(updates(), true);
    }
    return true;
  }

  private Outcome outcome() {
    double seconds = seconds();
    CurvePoint end = curve.get(curve.size() - 1);
    Tally all = account.all();
    double trainingLoss = account.trainingLoss();
    boolean validated = task.validation().isPresent();
    return new Outcome(
        validated ? end.validation() : trainingLoss,
        validated,
        trainingLoss,
        all.tokens(),
        updates(),
        account.epochs(),
        seconds,
        account.longest(),
        training.peakActivationBytes(),
        all.norm(),
        all.clippedFraction());
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - start) * 1e-9 - paused;
  }

  /** The fraction of the first limit that is reached now, at most 1. */
  double done() {
    return Math.min(1, done(seconds()));
  }

  // The fraction of the limit reached.
  private double done(double seconds) {
    return task.limits().done(updates(), tokens(), seconds, (double) account.epochs());
  }

  private boolean mark(Watcher watcher, Metrics metrics) {
    double seconds = seconds();
    double validation = Double.NaN;
    if (task.validation().isPresent()) {
      long before = System.nanoTime();
      validation =
          Evaluation.of(network(), weights(), task.validation().get(), task.trainer().state(), team)
              .loss();
      pause((System.nanoTime() - before) * 1e-9);
      if (!Double.isFinite(validation)) {
        String found = "the validation loss became " + validation + " at update " + updates();
        Diverged diverged = explained(found);
        if (goBack(updates() + 1, diverged.found(), watcher)) {
          return false;
        }
        good.putBack();
        throw diverged;
      }
    }
    Tally since = account.point();
    CurvePoint point =
        new CurvePoint(
            updates(), last.epoch() + 1, tokens(), seconds, since.loss(), validation, since.norm());
    curve.add(point);
    watcher.marked(point);
    metrics.metric(
        point.cells(last.rate(), last.longestSegment(), Choices.cell(training.choices())));
    return true;
  }

  private void tell(Progress.Part progress, Update update, double seconds, double done) {
    String news =
        String.format(
            Locale.ROOT,
            "epoch %d, loss %.3f, %s/s",
            update.epoch() + 1,
            update.loss(),
            Numbers.compact(tokens() / seconds));
    long total = Math.round(update.number() / Math.max(1e-9, done));
    progress.at(update.number(), total, seconds, news);
  }
}
