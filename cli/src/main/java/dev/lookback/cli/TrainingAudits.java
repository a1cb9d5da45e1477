package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.analysis.Audit;
import dev.lookback.analysis.Estimate;
import dev.lookback.analysis.LagProfile;
import dev.lookback.analysis.Sample;
import dev.lookback.analysis.TruncationAudit;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.words.Brief;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.train.Trainer;
import dev.lookback.train.Update;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Small audits beside a training: what its coupling loses against the exact gradient of the weights
 * as they are, on the same held-out windows every time. They change nothing of the training.
 */
final class TrainingAudits {
  /** What audits.csv and the record call their numbers. */
  static final String BIAS = "relative_bias";

  /** The numbers of an audit, in their order. */
  private static final List<String> NAMES =
      List.of(
          "update",
          "tokens",
          BIAS,
          BIAS + "_low",
          BIAS + "_high",
          BIAS + "_error",
          "cosine",
          "descends",
          "decay",
          "decay_low",
          "decay_high",
          "half_life",
          "half_life_low",
          "half_life_high");

  private static final String NUMBER =
      "NaN|-?Infinity|-?[0-9]{1,18}(?:\\.[0-9]{1,20})?(?:E-?[0-9]{1,3})?";

  private static final int WINDOWS = 8;
  private static final int DRAWS = 8;

  private final long every;
  private final Subject subject;
  private final AuditedCoupling measured;
  private final HeldOut heldOut;
  private final List<Map<String, Number>> points = new ArrayList<>();
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
    audits.measure(0);
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
    int count = (int) from.whole("points", 1, Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      audits.points.add(point(i, from.word("point." + i)));
    }
    return audits;
  }

  private static Map<String, Number> point(int number, String word) {
    Map<String, Number> point = new LinkedHashMap<>();
    for (String cell : word.split(" ", -1)) {
      String[] halves = cell.split("=", 2);
      if (halves.length == 2 && halves[1].matches(NUMBER)) {
        point.put(halves[0], number(halves[1]));
      }
    }
    if (!List.copyOf(point.keySet()).equals(NAMES)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "audit %d has \"%s\" but needs the numbers %s",
              number,
              Brief.of(word),
              String.join(", ", NAMES)));
    }
    return point;
  }

  // As it was: whole numbers have no point.
  private static Number number(String text) {
    if (text.matches("-?[0-9]+")) {
      return Long.valueOf(text);
    }
    return Double.valueOf(text);
  }

  /** Puts what was measured so far. */
  void save(Snapshot.Writer to) {
    to.put("tokens", tokens).put("points", points.size());
    for (int i = 0; i < points.size(); i++) {
      List<String> cells = new ArrayList<>();
      points.get(i).forEach((name, value) -> cells.add(name + "=" + value));
      to.put("point." + i, String.join(" ", cells));
    }
  }

  /**
   * After an update, and whatever it took is no time of the training.
   *
   * @param done the fraction of the limit reached
   */
  void watch(Update update, double done, TrainingRun training, RunFolder folder) {
    tokens += update.tokens();
    if (update.number() % every == 0 || done >= 1) {
      long start = System.nanoTime();
      measure(update.number());
      write(folder);
      training.pause((System.nanoTime() - start) * 1e-9);
    }
  }

  /**
   * Forgets what was measured after an update, to which the training has gone back.
   *
   * @param tokensThen of the updates up to it
   */
  void goBackTo(long update, long tokensThen, RunFolder folder) {
    points.removeIf(point -> point.getOrDefault("update", 0L).longValue() > update);
    tokens = tokensThen;
    write(folder);
  }

  /** Writes audits.csv. */
  void write(RunFolder folder) {
    folder.writeText("audits.csv", csv());
  }

  private void measure(long update) {
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
    points.add(point);
  }

  private static void put(Map<String, Number> point, TruncationAudit.Report report) {
    put(point, BIAS, report.all().relativeBias());
    point.put(BIAS + "_error", Double.NaN);
    point.put("cosine", report.all().cosine().value());
    point.put("descends", report.all().descends() ? 1 : 0);
  }

  // Twice the standard error of the draws' mean to both sides.
  private static void put(Map<String, Number> point, Audit.Report report) {
    double bias = report.all().relativeBias();
    double error = report.all().standardError();
    put(point, BIAS, new Estimate(bias, Math.max(0, bias - 2 * error), bias + 2 * error));
    point.put(BIAS + "_error", error);
    point.put("cosine", report.all().cosine());
    point.put("descends", report.all().descends());
  }

  private static void put(Map<String, Number> point, String name, Estimate estimate) {
    point.put(name, estimate.value());
    point.put(name + "_low", estimate.low());
    point.put(name + "_high", estimate.high());
  }

  private String csv() {
    StringBuilder text = new StringBuilder(String.join(",", points.get(0).keySet())).append('\n');
    for (Map<String, Number> point : points) {
      List<String> cells = new ArrayList<>();
      for (Number value : point.values()) {
        cells.add(Double.isFinite(value.doubleValue()) ? value.toString() : "");
      }
      text.append(String.join(",", cells)).append('\n');
    }
    return text.toString();
  }

  /** Adds them to a run's result. */
  void record(JsonObject result) {
    JsonObject audits = new JsonObject();
    audits.addProperty("coupling", measured.label());
    audits.addProperty("horizon", measured.horizon());
    audits.addProperty("windows", WINDOWS);
    JsonArray array = new JsonArray();
    for (Map<String, Number> point : points) {
      JsonObject object = new JsonObject();
      point.forEach(object::addProperty);
      array.add(object);
    }
    audits.add("points", array);
    result.add("audits", audits);
  }

  /** The last one in a sentence. */
  String sentence() {
    Map<String, Number> last = points.get(points.size() - 1);
    return String.format(
        Locale.ROOT,
        "At the end %s is off by %s (%s to %s) of the exact gradient over %s steps, and credit"
            + " halves every %s steps: audits.csv has %d audits.",
        measured.label(),
        Numbers.percent(number(last, BIAS)),
        Numbers.percent(number(last, BIAS + "_low")),
        Numbers.percent(number(last, BIAS + "_high")),
        Numbers.count(measured.horizon()),
        Numbers.significant(number(last, "half_life"), 3),
        points.size());
  }

  private static double number(Map<String, Number> point, String name) {
    return point.getOrDefault(name, Double.NaN).doubleValue();
  }
}
