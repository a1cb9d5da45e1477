package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.analysis.Audit;
import dev.lookback.analysis.Estimate;
import dev.lookback.analysis.LagProfile;
import dev.lookback.analysis.Sample;
import dev.lookback.analysis.TruncationAudit;
import dev.lookback.cli.report.Numbers;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.train.Trainer;
import dev.lookback.train.Update;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Small audits beside a training: what its coupling loses against the exact gradient of the weights
 * as they are, on the same held-out windows every time. They change nothing of the training.
 */
final class TrainingAudits {
  private static final int WINDOWS = 8;
  private static final int DRAWS = 8;

  private final long every;
  private final Subject subject;
  private final AuditedCoupling measured;
  private final HeldOut heldOut;
  // Measured before there is a folder.
  private Optional<Map<String, Number>> first = Optional.empty();
  private Optional<AuditFile> file = Optional.empty();
  private long tokens;

  /**
   * What is audited.
   *
   * @param trainer with its coupling
   * @param weights as they change
   * @param team that computes
   */
  record Subject(Trainer trainer, Weights weights, Team team) {}

  private TrainingAudits(long every, Subject subject, AuditedCoupling measured, HeldOut heldOut) {
    this.every = every;
    this.subject = subject;
    this.measured = measured;
    this.heldOut = heldOut;
  }

  /** Before the first update, which is also where what has no room is refused. */
  static TrainingAudits begin(long every, Subject subject, Material material, LoopOptions loop) {
    TrainingAudits audits = of(every, subject, material, loop);
    audits.first = Optional.of(audits.measure(0));
    return audits;
  }

  private static TrainingAudits of(
      long every, Subject subject, Material material, LoopOptions loop) {
    if (every < 1) {
      throw Failure.usage("--audit-every is " + every + " but has to be 1 or more");
    }
    AuditedCoupling measured = AuditedCoupling.of(subject.trainer(), material, loop);
    HeldOut heldOut = measured.heldOut(material, subject.trainer().state(), loop);
    return new TrainingAudits(every, subject, measured, heldOut);
  }

  /** With what was measured before the run went on. */
  static TrainingAudits resumed(
      long every, Subject subject, Material material, LoopOptions loop, Snapshot from) {
    TrainingAudits audits = of(every, subject, material, loop);
    audits.tokens = from.whole("tokens");
    // Refused here, where it is known which checkpoint it is.
    AuditFile.saved(from);
    AuditSeries.savedTail(from);
    return audits;
  }

  /**
   * Writes from now on into a run's folder.
   *
   * @param from what a checkpoint has of the audits before; nothing where they begin
   */
  void open(RunFolder folder, Optional<Snapshot> from, Terminal terminal) {
    file =
        Optional.of(
            from.map(saved -> AuditFile.goOn(folder, saved, terminal))
                .orElseGet(() -> AuditFile.begin(folder)));
    first.ifPresent(file()::add);
  }

  private AuditFile file() {
    return file.orElseThrow();
  }

  /** Puts what is needed to go on. */
  void save(Snapshot.Writer to) throws IOException {
    to.put("tokens", tokens);
    file().save(to);
  }

  /**
   * After an update, and whatever it took is no time of the training.
   *
   * @param done the fraction of the limit reached
   */
  void watch(Update update, double done, TrainingRun training) {
    tokens += update.tokens();
    if (update.number() % every == 0 || done >= 1) {
      long start = System.nanoTime();
      file().add(measure(update.number()));
      training.pause((System.nanoTime() - start) * 1e-9);
    }
  }

  /**
   * Forgets what was measured after an update, to which the training has gone back.
   *
   * @param tokensThen of the updates up to it
   */
  void goBackTo(long update, long tokensThen) {
    tokens = tokensThen;
    try {
      file().goBackTo(update);
    } catch (IOException e) {
      throw Failure.running("could not read " + AuditFile.NAME + ": " + e.getMessage(), e);
    }
  }

  private Map<String, Number> measure(long update) {
    Trainer trainer = subject.trainer();
    Weights weights = subject.weights();
    Team team = subject.team();
    Memory memory = trainer.method().memory();
    List<Sample> samples = heldOut.samples(trainer.network(), weights, WINDOWS, team);
    Map<String, Number> point = new LinkedHashMap<>();
    point.put("update", update);
    point.put("tokens", tokens);
    Coupling coupling = measured.coupling();
    if (coupling.isDrawn()) {
      put(
          point,
          new Audit(trainer.network(), weights, samples, team, memory)
              .measure(coupling, DRAWS, Randomness.of(trainer.seed()).with("audits")));
    } else {
      put(
          point,
          new TruncationAudit(trainer.network(), weights, samples, team, memory).measure(coupling));
    }
    LagProfile lags = LagProfile.of(trainer.network(), weights, samples, team, memory);
    put(point, "decay", lags.decay());
    put(point, "half_life", lags.halfLife());
    return point;
  }

  private static void put(Map<String, Number> point, TruncationAudit.Report report) {
    put(point, AuditSeries.BIAS, report.all().relativeBias());
    point.put(AuditSeries.BIAS + "_error", Double.NaN);
    point.put("cosine", report.all().cosine().value());
    point.put("descends", report.all().descends() ? 1 : 0);
  }

  // Twice the standard error of the draws' mean to both sides.
  private static void put(Map<String, Number> point, Audit.Report report) {
    double bias = report.all().relativeBias();
    double error = report.all().standardError();
    put(
        point,
        AuditSeries.BIAS,
        new Estimate(bias, Math.max(0, bias - 2 * error), bias + 2 * error));
    point.put(AuditSeries.BIAS + "_error", error);
    point.put("cosine", report.all().cosine());
    point.put("descends", report.all().descends());
  }

  private static void put(Map<String, Number> point, String name, Estimate estimate) {
    point.put(name, estimate.value());
    point.put(name + "_low", estimate.low());
    point.put(name + "_high", estimate.high());
  }

  /** Adds them to a run's result. */
  void record(JsonObject result) {
    JsonObject audits = new JsonObject();
    audits.addProperty("coupling", measured.label());
    audits.addProperty("horizon", measured.horizon());
    audits.addProperty("windows", WINDOWS);
    audits.addProperty("count", file().series().count());
    audits.add("points", file().series().points());
    result.add("audits", audits);
  }

  /** The last one in a sentence. */
  String sentence() {
    Map<String, Number> last = file().series().last();
    return String.format(
        Locale.ROOT,
        "At the end %s is off by %s (%s to %s) of the exact gradient over %s steps, and credit"
            + " halves every %s steps: audits.csv has %d audits.",
        measured.label(),
        Numbers.percent(number(last, AuditSeries.BIAS)),
        Numbers.percent(number(last, AuditSeries.BIAS + "_low")),
        Numbers.percent(number(last, AuditSeries.BIAS + "_high")),
        Numbers.count(measured.horizon()),
        Numbers.significant(number(last, "half_life"), 3),
        file().series().count());
  }

  private static double number(Map<String, Number> point, String name) {
    return point.getOrDefault(name, Double.NaN).doubleValue();
  }
}
