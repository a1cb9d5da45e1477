package dev.lookback.cli;

import dev.lookback.cli.plan.Strategy;
import dev.lookback.cli.report.Axis;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.LineChart;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Page;
import dev.lookback.cli.report.Series;
import dev.lookback.cli.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The plan's page: the table, and what the exact gradient takes in time for each memory. */
final class PlanPage {
  private static final String EXACT = "full";
  private static final double MOST_COMPUTED = 8;

  private PlanPage() {}

  /**
   * The page.
   *
   * @param lead what was planned for
   * @param strategies the couplings that were asked for, within the budget and without
   * @param others the same for the picture
   * @param curve the exact gradient within ever more memory
   * @param impossible what does not go within the budget, and why
   */
  static String html(
      String lead,
      Table strategies,
      List<Strategy> others,
      List<Strategy> curve,
      List<String> impossible) {
    Page page = Page.titled("What a gradient costs");
    page.lead(lead);
    page.section("Time against memory");
    page.figure(
        chart(curve, others),
        "full is the exact gradient, computing again what the memory does not hold: each point is a"
            + " memory that it keeps to. The others are the couplings of the table below, of all"
            + " lengths, with everything kept and within the budget. What computes each step more"
            + " than eight times is left to the tables.");
    page.table(
        "The exact gradient's line in numbers. Again: how often each step is computed again, on"
            + " average.",
        numbers(curve));
    page.section("Couplings");
    page.table("As on the terminal.", strategies);
    impossible.forEach(page::note);
    return page.html();
  }

  private static LineChart chart(List<Strategy> curve, List<Strategy> others) {
    LineChart chart =
        LineChart.of(
            "Time of an update against memory",
            Axis.log("activations").as(Axis.Kind.BYTES),
            Axis.linear("an update").as(Axis.Kind.SECONDS).withZero(),
            series(EXACT, curve.stream().filter(PlanPage::drawn).toList()));
    Map<String, List<Strategy>> kinds = new TreeMap<>();
    for (Strategy other : others) {
      String kind = kind(other.cost().label());
      if (!kind.equals(EXACT)) {
        kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(other);
      }
    }
    for (Map.Entry<String, List<Strategy>> e : kinds.entrySet()) {
      e.getValue().sort(Comparator.comparingLong(strategy -> strategy.cost().bytes()));
      chart = chart.with(series(e.getKey(), e.getValue()));
    }
    return chart;
  }

  private static String kind(String label) {
    return label.replaceFirst(":.*", "");
  }

  // Steps that are computed again hundreds of times would hide the rest.
  private static boolean drawn(Strategy point) {
    return point.cost().computed() <= MOST_COMPUTED;
  }

  private static Series series(String name, List<Strategy> points) {
    return Series.of(
        name,
        points.stream().mapToDouble(point -> point.cost().bytes()).toArray(),
        points.stream().mapToDouble(Strategy::secondsPerUpdate).toArray());
  }

  private static Table numbers(List<Strategy> curve) {
    Strategy most = curve.get(curve.size() - 1);
    Table table =
        Table.of(
            Column.number("memory"),
            Column.number("of keeping all"),
            Column.number("again", "/step"),
            Column.number("time", "/update"),
            Column.number("times keeping all"),
            Column.number("block", "steps"));
    for (Strategy s : curve) {
      table =
          table.row(
              Numbers.bytes(s.cost().bytes()),
              Numbers.percent((double) s.cost().bytes() / most.cost().bytes()),
              Numbers.fixed(s.cost().computed() - 1, 2),
              Numbers.duration(s.secondsPerUpdate()),
              Numbers.fixed(s.secondsPerUpdate() / most.secondsPerUpdate(), 2),
              Integer.toString(s.cost().blockSteps()));
    }
    return table;
  }
}
