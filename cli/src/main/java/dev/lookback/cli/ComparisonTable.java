package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.analysis.Audit;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.gradient.Memory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A comparison's numbers: as tables, as CSV, as JSON. */
final class ComparisonTable {
  /** Every number of a run by its name in files. */
  static final Map<String, ToDoubleFunction<Contender.Run>> FIELDS = fields();

  private ComparisonTable() {}

  private static Map<String, ToDoubleFunction<Contender.Run>> fields() {
    Map<String, ToDoubleFunction<Contender.Run>> fields = new LinkedHashMap<>();
    fields.put("loss", run -> run.outcome().loss());
    fields.put("perplexity", Contender::perplexity);
    fields.put("training_loss", run -> run.outcome().trainingLoss());
    fields.put("training_perplexity", run -> Math.exp(run.outcome().trainingLoss()));
    fields.put("tokens_per_second", run -> run.outcome().tokens() / run.outcome().seconds());
    fields.put("tokens", run -> run.outcome().tokens());
    fields.put("updates", run -> run.outcome().updates());
    fields.put("seconds", run -> run.outcome().seconds());
    fields.put("longest_segment", run -> run.outcome().longestSegment());
    fields.put("peak_activation_bytes", run -> run.outcome().peakActivationBytes());
    fields.put("computed_per_step", run -> run.computed());
    fields.put("relative_bias", run -> run.lastFinding().relativeBias());
    fields.put("relative_bias_error", run -> run.lastFinding().standardError());
    fields.put("variance", run -> run.lastFinding().variance());
    fields.put("cosine", run -> run.lastFinding().cosine());
    fields.put("descends", run -> run.lastFinding().descends());
    fields.put("gradient_norm", run -> run.outcome().gradientNorm());
    fields.put("clipped_fraction", run -> run.outcome().clippedFraction());
    fields.put("spectral_radius", run -> run.spectralRadius());
    fields.put("decay", run -> run.lags().decay());
    return fields;
  }

  /** What each coupling gave and cost. */
  static Table results(List<Contender> contenders) {
    Score score = contenders.get(0).score();
    String steps = score.perplexity() ? "characters/s" : "steps/s";
    Table table =
        Table.of(
            Column.text("coupling"),
            Column.number("validation " + score.name()),
            Column.number("training " + score.name()),
            Column.number("updates"),
            Column.number("time", "s"),
            Column.number(steps));
    for (Contender c : contenders) {
      table =
          table.row(
              c.label(),
              spread(c, c::result, 4),
              spread(c, run -> score.of(run.outcome().trainingLoss()), 4),
              Numbers.count(Math.round(c.mean(run -> run.outcome().updates()))),
              Numbers.fixed(c.mean(run -> run.outcome().seconds()), 1),
              Numbers.compact(c.mean(run -> run.outcome().tokens() / run.outcome().seconds())));
    }
    return table;
  }

  /** How far each looks back, and what remembering that takes. */
  static Table reaches(List<Contender> contenders) {
    Table table =
        Table.of(
            Column.text("coupling"),
            Column.text("gradient"),
            Column.number("fewest lags"),
            Column.number("mean"),
            Column.number("most"),
            Column.number("longest segment"),
            Column.number("memory"),
            Column.number("computed per step"));
    for (Contender c : contenders) {
      Reach reach = c.reach();
      table =
          table.row(
              c.label(),
              promise(c),
              Numbers.count(reach.fewest()),
              Numbers.significant(reach.mean(), 3),
              reach.most().isPresent() ? Numbers.count(reach.most().getAsLong()) : "no limit",
              Numbers.count(Math.round(c.mean(run -> run.outcome().longestSegment()))),
              Numbers.bytes(Math.round(c.mean(run -> run.outcome().peakActivationBytes()))),
              Numbers.compact(c.mean(Contender.Run::computed)));
    }
    return table;
  }

  /** The audit at the end. */
  static Table audits(List<Contender> contenders) {
    Table table =
        Table.of(
            Column.text("coupling"),
            Column.number("relative bias"),
            Column.number("standard error"),
            Column.number("variance", "|g|²"),
            Column.number("cosine"),
            Column.number("descends"),
            Column.number("draws"));
    for (Contender c : contenders) {
      Audit.Report report =
          c.runs().get(0).moments().get(c.runs().get(0).moments().size() - 1).report();
      table =
          table.row(
              c.label(),
              Numbers.percent(c.mean(run -> run.lastFinding().relativeBias())),
              report.draws() == 1
                  ? "–"
                  : Numbers.percent(c.mean(run -> run.lastFinding().standardError())),
              report.draws() == 1
                  ? "0"
                  : Numbers.significant(c.mean(run -> run.lastFinding().variance()), 3),
              Numbers.fixed(c.mean(run -> run.lastFinding().cosine()), 3),
              Numbers.percent(c.mean(run -> run.lastFinding().descends())),
              Integer.toString(report.draws()));
    }
    return table;
  }

  /** What truncation does to the model. */
  static Table models(List<Contender> contenders) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("coupling"));
    columns.add(Column.number("validation - training", "nats"));
    boolean square = Double.isFinite(contenders.get(0).mean(Contender.Run::spectralRadius));
    if (square) {
      columns.add(Column.number("spectral radius of W_hh"));
    }
    columns.add(Column.number("gradient norm"));
    columns.add(Column.number("decay per step"));
    columns.add(Column.number("half-life", "steps"));
    Table table = Table.of(columns.toArray(Column[]::new));
    for (Contender c : contenders) {
      List<String> row = new ArrayList<>();
      row.add(c.label());
      row.add(spread(c, Contender::gap, 3));
      if (square) {
        row.add(spread(c, Contender.Run::spectralRadius, 4));
      }
      row.add(spread(c, run -> run.outcome().gradientNorm(), 3));
      row.add(Numbers.fixed(c.mean(run -> run.lags().decay()), 3));
      row.add(Numbers.significant(c.mean(run -> run.lags().halfLife()), 3));
      table = table.row(row.toArray(String[]::new));
    }
    return table;
  }

  private static String spread(Contender c, ToDoubleFunction<Contender.Run> value, int digits) {
    return c.runs().size() > 1
        ? Numbers.plusMinus(c.mean(value), c.spread(value))
        : Numbers.significant(c.mean(value), digits);
  }

  /** An object for each coupling: means over the seeds, and spreads where there are several. */
  static JsonArray json(List<Contender> contenders, Memory memory) {
    JsonArray array = new JsonArray();
    for (Contender c : contenders) {
      JsonObject object = new JsonObject();
      object.addProperty("coupling", c.label());
      object.addProperty("promise", promise(c));
      object.add("lag_coverage", reach(c.reach()));
      memory.budget().ifPresent(bytes -> object.addProperty("memory_budget_bytes", bytes));
      FIELDS.forEach(
          (name, value) -> {
            if (name.endsWith("perplexity") && !c.score().perplexity()) {
              return;
            }
            object.addProperty(name, number(c.mean(value)));
            if (c.runs().size() > 1) {
              object.addProperty(name + "_spread", c.spread(value));
            }
          });
      object.add("audits", audits(c));
      array.add(object);
    }
    return array;
  }

  private static JsonObject reach(Reach reach) {
    JsonObject object = new JsonObject();
    object.addProperty("fewest", reach.fewest());
    object.addProperty("mean", reach.mean());
    reach.most().ifPresent(most -> object.addProperty("most", most));
    return object;
  }

  private static String promise(Contender c) {
    return c.coupling().promise().name().toLowerCase(Locale.ROOT);
  }

  // Counts as whole numbers, which they are for one seed.
  private static Number number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
    return whole ? (Number) (long) value : (Number) value;
  }

  private static JsonArray audits(Contender c) {
    JsonArray moments = new JsonArray();
    for (Contender.Moment moment : c.runs().get(0).moments()) {
      JsonObject object = finding(moment.report().all());
      object.addProperty("done", moment.done());
      object.addProperty("draws", moment.report().draws());
      JsonObject parts = new JsonObject();
      for (Audit.Part part : moment.report().parts()) {
        parts.add(part.tensor(), finding(part.finding()));
      }
      object.add("parts", parts);
      moments.add(object);
    }
    return moments;
  }

  private static JsonObject finding(Audit.Finding finding) {
    JsonObject object = new JsonObject();
    object.addProperty("relative_bias", finding.relativeBias());
    object.addProperty("relative_bias_error", finding.standardError());
    object.addProperty("variance", finding.variance());
    object.addProperty("cosine", finding.cosine());
    object.addProperty("descends", finding.descends());
    return object;
  }
}
