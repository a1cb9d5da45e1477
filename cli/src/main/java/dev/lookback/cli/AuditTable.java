package dev.lookback.cli;

import dev.lookback.analysis.Estimate;
import dev.lookback.analysis.TruncationAudit;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.gradient.AdaptiveTruncation;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagNorms;
import java.util.Map;

/** The audit's tables, for the terminal and for the page. */
final class AuditTable {
  private static final double[] TOLERANCES = {0.5, 0.1, 0.01};

  private AuditTable() {}

  /** How far back the last loss reaches. */
  static Table lags(AuditResult result) {
    return Table.of(
            Column.text("how far back the last loss reaches"),
            Column.number("mean"),
            Column.number("95% interval"))
        .row(row("decay per step", result.lags().decay()))
        .row(row("half-life (steps)", result.lags().halfLife()))
        .row(row("effective memory (steps)", result.lags().effectiveMemory()));
  }

  private static String[] row(String what, Estimate e) {
    return new String[] {
      what,
      Numbers.significant(e.value(), 4),
      Double.isNaN(e.low())
          ? "–"
          : Numbers.significant(e.low(), 4) + "–" + Numbers.significant(e.high(), 4)
    };
  }

  /** The steps that the paper's bound asks for. */
  static Table bounds(AuditResult result) {
    AdaptiveTruncation bound = result.lags().bound();
    Table table =
        Table.of(
            Column.text("bound on the bias (Aicher et al. 2019)"),
            Column.number("steps K*"),
            Column.number("bound at K*"));
    for (double tolerance : TOLERANCES) {
      AdaptiveTruncation.Choice choice = bound.choose(tolerance, 1, result.setting().steps());
      table =
          table.row(
              "below " + Numbers.percent(tolerance),
              choice.met() ? Numbers.count(choice.steps()) : "none",
              percent(choice.relativeError()));
    }
    return table;
  }

  /** The rows of one way to truncate. */
  static Table truncations(AuditResult result, Truncation truncation) {
    Table table =
        Table.of(
            Column.number(truncation.word(), "K"),
            Column.number("bias", "of |g|"),
            Column.number("95% interval"),
            Column.number("cosine"),
            Column.text("descends"),
            Column.number("memory", "steps"),
            Column.number("memory", "bytes"),
            Column.number("back", "per step"));
    for (Map.Entry<Integer, TruncationAudit.Report> e : result.lengths(truncation).entrySet()) {
      TruncationAudit.Finding f = e.getValue().all();
      TruncationAudit.Cost cost = e.getValue().cost();
      table =
          table.row(
              Numbers.count(e.getKey()),
              percent(f.relativeBias().value()),
              range(f.relativeBias()),
              Numbers.fixed(f.cosine().value(), 3),
              descends(f),
              Numbers.count(cost.longestSegment()),
              Numbers.bytes(cost.activationBytes()),
              Numbers.fixed(cost.backwardSteps(), 2));
    }
    return table;
  }

  /** Couplings that were asked for and draw nothing. */
  static Table others(AuditResult result) {
    Table table =
        Table.of(
            Column.text("coupling"),
            Column.number("bias", "of |g|"),
            Column.number("95% interval"),
            Column.number("cosine"),
            Column.text("descends"),
            Column.number("memory", "steps"),
            Column.number("back", "per step"));
    for (TruncationAudit.Report report : result.others()) {
      TruncationAudit.Finding f = report.all();
      table =
          table.row(
              report.coupling(),
              percent(f.relativeBias().value()),
              range(f.relativeBias()),
              Numbers.fixed(f.cosine().value(), 3),
              descends(f),
              Numbers.count(report.cost().longestSegment()),
              Numbers.fixed(report.cost().backwardSteps(), 2));
    }
    return table;
  }

  /** Random couplings. */
  static Table drawn(AuditResult result) {
    LagNorms norms = result.lags().mean().norms();
    double between = result.full().all().variance();
    Table table =
        Table.of(
            Column.text("coupling"),
            Column.number("variance", "|g|²"),
            Column.number("draws to batch noise"),
            Column.number("cosine"),
            Column.number("descends"),
            Column.number("longest", "steps"),
            Column.text("bounded variance"));
    for (AuditResult.Drawn d : result.drawn()) {
      double variance = d.report().all().variance();
      table =
          table.row(
              d.coupling().label(),
              Numbers.significant(variance, 3),
              Numbers.compact(result.drawsToNoise(variance, between)),
              Numbers.fixed(d.report().all().cosine(), 3),
              Numbers.percent(d.report().all().descends()),
              Numbers.count(d.longestSegment()),
              bounded(d.coupling(), norms));
    }
    return table;
  }

  private static String bounded(Coupling coupling, LagNorms norms) {
    boolean unbounded =
        coupling instanceof Coupling.Randomised random && norms.outlasts(1 - 1 / random.mean());
    return unbounded ? "no" : "yes";
  }

  /** Tensor by tensor. */
  static Table parts(TruncationAudit.Report report) {
    Table table =
        Table.of(
            Column.text("tensor"),
            Column.number("bias", "of |g|"),
            Column.number("95% interval"),
            Column.number("cosine"),
            Column.text("descends"));
    for (TruncationAudit.Part part : report.parts()) {
      TruncationAudit.Finding f = part.finding();
      table =
          table.row(
              part.tensor(),
              percent(f.relativeBias().value()),
              range(f.relativeBias()),
              Numbers.fixed(f.cosine().value(), 3),
              descends(f));
    }
    return table;
  }

  private static String descends(TruncationAudit.Finding f) {
    return f.descends() ? "yes" : "no";
  }

  // Where there is no exact gradient there is nothing to be relative to.
  private static String percent(double value) {
    return Double.isNaN(value) ? "–" : Numbers.percent(value);
  }

  private static String range(Estimate e) {
    return Double.isNaN(e.low()) ? "–" : Numbers.percent(e.low()) + "–" + Numbers.percent(e.high());
  }
}
