package dev.lookback.cli;

import dev.lookback.cli.report.Numbers;
import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.train.CouplingChoice;
import dev.lookback.train.Evaluation;
import dev.lookback.train.Trainer;
import dev.lookback.train.Training;
import dev.lookback.train.TrainingDiverged;
import dev.lookback.train.Update;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One training from start to limit, watched: progress, curve, validation. */
final class TrainingRun {
  private static final int CURVE_POINTS = 24;

  private final Task task;
  private final Team team;
  private final Training training;
  private final List<Point> curve = new ArrayList<>();
  // A loss tells about the weights before its update: those after it are good once the next is
  // finite too.
  private float[] entering;
  private float[] good;
  private boolean hasGood;
  private double paused;

  /**
   * What is trained, on what, and until when.
   *
   * @param trainer how
   * @param weights changed in place
   * @param sampling the windows to learn from
   * @param validation the windows to judge by, if there are any
   * @param limits the first one reached ends it
   */
  record Task(
      Trainer trainer,
      Weights weights,
      Sampling sampling,
      Optional<Sampling> validation,
      LoopOptions.Limits limits) {}

  /**
   * A point of the curve.
   *
   * @param training mean loss since the point before
   * @param validation loss on held-out text; NaN where there is none
   */
  record Point(
      long update,
      long epoch,
      long tokens,
      double seconds,
      double training,
      double validation,
      double gradientNorm) {}

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
  }

  /** Takes a line of metrics. */
  interface Metrics {
    void metric(String... cells);
  }

  TrainingRun(Task task, Team team) {
    this.task = task;
    this.team = team;
    this.training = task.trainer().start(task.weights(), task.sampling(), team);
    this.entering = task.weights().values().clone();
    this.good = task.weights().values().clone();
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

  /** What goes back through time now. */
  Coupling coupling() {
    return training.coupling();
  }

  List<Point> curve() {
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

  private Update next() {
    float[] values = weights().values();
    System.arraycopy(values, 0, entering, 0, values.length);
    try {
      Update update = training.next();
      float[] spare = good;
      good = entering;
      entering = spare;
      hasGood = true;
      return update;
    } catch (TrainingDiverged e) {
      throw diverged(String.valueOf(e.getMessage()));
    }
  }

  private Diverged diverged(String message) {
    if (hasGood) {
      System.arraycopy(good, 0, weights().values(), 0, good.length);
    }
    return new Diverged(message, hasGood);
  }

  /**
   * Trains to the first limit.
   *
   * @throws Diverged if the loss or the gradient is not finite; the weights are then the last ones
   *     with a finite loss, if there are any
   */
  Outcome go(Progress progress, Watcher watcher, Metrics metrics) {
    long start = System.nanoTime();
    paused = 0;
    Tally sincePoint = new Tally();
    Tally epoch = new Tally();
    Tally lastEpoch = new Tally();
    Tally all = new Tally();
    int longest = 0;
    Update update;
    boolean goOn;
    double nextPoint = 0;
    do {
      update = next();
      sincePoint.add(update);
      epoch.add(update);
      all.add(update);
      longest = Math.max(longest, update.longestSegment());
      if (update.lastOfEpoch()) {
        lastEpoch = epoch;
        epoch = new Tally();
      }
      double seconds = seconds(start);
      double done = fraction(update, all.tokens, seconds);
      goOn = watcher.goOn(update, done) && done < 1;
      if (done >= nextPoint || !goOn) {
        mark(update, all.tokens, seconds(start), sincePoint, metrics);
        sincePoint = new Tally();
        nextPoint = done + 1.0 / CURVE_POINTS;
      }
      if (progress.isDue()) {
        tell(progress, update, all, seconds, done);
      }
    } while (goOn);
    double seconds = seconds(start);
    Point last = curve.get(curve.size() - 1);
    double trainingLoss = (lastEpoch.tokens > 0 ? lastEpoch : all).loss();
    boolean validated = task.validation().isPresent();
    return new Outcome(
        validated ? last.validation() : trainingLoss,
        validated,
        trainingLoss,
        all.tokens,
        update.number(),
        update.epoch() + (update.lastOfEpoch() ? 1 : 0),
        seconds,
        longest,
        training.peakActivationBytes(),
        all.norms / all.updates,
        (double) all.clipped / all.updates);
  }

  private double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9 - paused;
  }

  private double fraction(Update update, long tokens, double seconds) {
    LoopOptions.Limits limits = task.limits();
    double done = 0;
    if (limits.updates().isPresent()) {
      done = Math.max(done, (double) update.number() / limits.updates().get());
    }
    if (limits.tokens().isPresent()) {
      done = Math.max(done, (double) tokens / limits.tokens().get());
    }
    if (limits.seconds().isPresent()) {
      done = Math.max(done, seconds / limits.seconds().get());
    }
    if (limits.epochs().isPresent()) {
      long finished = update.epoch() + (update.lastOfEpoch() ? 1 : 0);
      done = Math.max(done, (double) finished / limits.epochs().get());
    }
    return done;
  }

  private void mark(Update update, long tokens, double seconds, Tally since, Metrics metrics) {
    double validation = Double.NaN;
    if (task.validation().isPresent()) {
      long start = System.nanoTime();
      validation =
          Evaluation.of(network(), weights(), task.validation().get(), task.trainer().state(), team)
              .loss();
      pause((System.nanoTime() - start) * 1e-9);
      if (!Double.isFinite(validation)) {
        throw diverged(
            "the validation loss became " + validation + " at update " + update.number());
      }
    }
    double norm = since.norms / since.updates;
    curve.add(
        new Point(
            update.number(), update.epoch(), tokens, seconds, since.loss(), validation, norm));
    metrics.metric(
        Long.toString(update.number()),
        Long.toString(update.epoch()),
        Long.toString(tokens),
        String.format(Locale.ROOT, "%.3f", seconds),
        Double.toString(since.loss()),
        Double.isNaN(validation) ? "" : Double.toString(validation),
        Double.toString(norm),
        Double.toString(training.rate()),
        Integer.toString(update.longestSegment()),
        Choices.cell(training.choices()));
  }

  private String perplexity(double loss) {
    boolean classes = network().readout().kind() == Readout.Kind.SOFTMAX;
    return classes ? String.format(Locale.ROOT, ", perplexity %.2f", Math.exp(loss)) : "";
  }

  private void tell(Progress progress, Update update, Tally all, double seconds, double done) {
    String news =
        String.format(
            Locale.ROOT,
            "epoch %d, loss %.3f%s, %s/s",
            update.epoch() + 1,
            update.loss(),
            perplexity(update.loss()),
            Numbers.compact(all.tokens / seconds));
    long total = Math.round(update.number() / Math.max(1e-9, done));
    progress.at(update.number(), total, seconds, news);
  }

  private static final class Tally {
    private double losses;
    private double norms;
    private long tokens;
    private long updates;
    private long clipped;

    void add(Update update) {
      losses += update.loss() * update.tokens();
      norms += update.gradientNorm();
      tokens += update.tokens();
      updates++;
      clipped += update.clipped() ? 1 : 0;
    }

    double loss() {
      return losses / tokens;
    }
  }
}
