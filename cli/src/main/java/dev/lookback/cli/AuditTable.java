package dev.lookback.cli;

import dev.lookback.analysis.Estimate;
import dev.lookback.analysis.TruncationAudit;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.gradient.AdaptiveTruncation;
import dev.lookback.gradient.LagCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The audit's tables, for the terminal and for the page. */
final class AuditTable {
  private static final double LEAST = 1e-4;
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
            Column.text("estimated bias (Aicher et al. 2019)"),
            Column.number("steps K*"),
            Column.number("estimate at K*"));
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

  /**
   * The lengths of every-loss-at-least, beside fixed truncation of the same memory.
   *
   * @param all whether there is room for all columns, or only for those of a terminal
   */
  static Table everyLoss(AuditResult result, boolean all) {
    Table table = lengths(all, Column.number("fixed", "2K-1"));
    for (Map.Entry<Integer, TruncationAudit.Report> e :
        result.lengths(Truncation.EVERY_LOSS).entrySet()) {
      String same =
          result
              .of(Truncation.FIXED, 2 * e.getKey() - 1)
              .map(report -> percent(report.all().relativeBias().value()))
              .orElse("–");
      table = table.row(cells(e.getKey(), e.getValue(), all, same));
    }
    return table;
  }

  /** The lengths of fixed truncation, in the same columns. */
  static Table fixed(AuditResult result, Predicate<Integer> shown, boolean all) {
    Table table = lengths(all);
    for (Map.Entry<Integer, TruncationAudit.Report> e :
        result.lengths(Truncation.FIXED).entrySet()) {
      if (shown.test(e.getKey())) {
        table = table.row(cells(e.getKey(), e.getValue(), all));
      }
    }
    return table;
  }

  // In a terminal the cosine's sign says whether it descends, and the memory how many lags there
  // are at most.
  private static Table lengths(boolean all, Column... more) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.number("K"),
                Column.number("bias", "of |g|"),
                Column.number("95% interval"),
                Column.number("cosine")));
    if (all) {
      columns.add(Column.text("descends"));
    }
    columns.add(all ? Column.number("lags", "mean (range)") : Column.number("mean", "lags"));
    columns.addAll(
        List.of(
            Column.number("memory", "steps"),
            Column.number("memory", "bytes"),
            Column.number("back", "per step")));
    columns.addAll(List.of(more));
    return Table.of(columns.toArray(Column[]::new));
  }

  private static String[] cells(int k, TruncationAudit.Report report, boolean all, String... more) {
    TruncationAudit.Finding f = report.all();
    LagCoverage lags = report.cost().lags();
    List<String> cells =
        new ArrayList<>(
            List.of(
                Numbers.count(k),
                percent(f.relativeBias().value()),
                range(f.relativeBias()),
                Numbers.fixed(f.cosine().value(), 3)));
    if (all) {
      cells.add(descends(f));
    }
    String mean = Numbers.fixed(lags.mean(), 1);
    cells.add(all ? mean + " (" + lags.fewest() + "–" + lags.most() + ")" : mean);
    cells.addAll(
        List.of(
            Numbers.count(report.cost().longestSegment()),
            Numbers.bytes(report.cost().activationBytes()),
            Numbers.fixed(report.cost().backwardSteps(), 2)));
    cells.addAll(List.of(more));
    return cells.toArray(String[]::new);
  }

  /** Couplings that were asked for and draw nothing. */
  static Table others(AuditResult result) {
    Table table =
        Table.of(
            Column.text("coupling"),
            Column.number("bias", "of |g|"),
            Column.number("95% interval"),
            Column.number("cosine"),
            Column.number("mean", "lags"),
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
              Numbers.fixed(report.cost().lags().mean(), 1),
              Numbers.count(report.cost().longestSegment()),
              Numbers.fixed(report.cost().backwardSteps(), 2));
    }
    return table;
  }

  /** Random couplings. */
  static Table drawn(AuditResult result) {
    double decay = result.lags().decay().value();
    double between = result.full().all().variance();
    Table table =
        Table.of(
            Column.text("coupling"),
            Column.number("variance", "|g|², all windows"),
            Column.number("draws to batch noise"),
            Column.number("cosine"),
            Column.number("descends"),
            Column.number("mean", "lags"),
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
              Numbers.fixed(d.lags().mean(), 1),
              Numbers.count(d.longestSegment()),
              VarianceWarning.of(d.coupling(), decay).isEmpty() ? "yes" : "no");
    }
    return table;
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
    if (Double.isNaN(value)) {
      return "–";
    }
    return value > 0 && value < LEAST ? "<0.01%" : Numbers.percent(value);
  }

  private static String range(Estimate e) {
    if (Double.isNaN(e.low())) {
      return "–";
    }
    if (e.high() > 0 && e.high() < LEAST) {
      return "<0.01%";
    }
    String low = percent(e.low());
    return low.substring(0, low.length() - 1) + "–" + percent(e.high());
  }
}
