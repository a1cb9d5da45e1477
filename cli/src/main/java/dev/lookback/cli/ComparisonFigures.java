package dev.lookback.cli;

import dev.lookback.analysis.Audit;
import dev.lookback.cli.report.Axis;
import dev.lookback.cli.report.DotPlot;
import dev.lookback.cli.report.Interval;
import dev.lookback.cli.report.LineChart;
import dev.lookback.cli.report.ScatterPlot;
import dev.lookback.cli.report.Series;
import dev.lookback.cli.report.TextArrows;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagNorms;
import dev.lookback.math.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A comparison's pictures. */
final class ComparisonFigures {
  private static final int ARROW_TEXT = 48;

  private final Comparison comparison;
  private final List<Contender> contenders;

  ComparisonFigures(Comparison comparison, List<Contender> contenders) {
    this.comparison = comparison;
    this.contenders = contenders;
  }

  private Score score() {
    return comparison.material().score();
  }

  private Axis quality() {
    String what = "validation " + score().name();
    return score().perplexity() ? Axis.log(what) : Axis.linear(what);
  }

  /** The score at the end against what a run took. */
  ScatterPlot quality(Axis cost, ToDoubleFunction<Contender.Run> taken) {
    Axis y = quality();
    ScatterPlot plot = ScatterPlot.of(y.title() + " against " + cost.title(), cost, y);
    for (Contender c : contenders) {
      plot =
          plot.with(
              new ScatterPlot.Cloud(
                  c.label(),
                  c.runs().stream().mapToDouble(taken).toArray(),
                  c.runs().stream().mapToDouble(c::result).toArray()));
    }
    return plot;
  }

  /** The score in the course of training. */
  LineChart course(String title, Axis x, ToDoubleFunction<CurvePoint> abscissa) {
    Axis y = quality();
    LineChart chart = LineChart.of(y.title() + " by " + title, x, y);
    for (Contender c : contenders) {
      chart = chart.with(series(c, abscissa));
    }
    return TaskNames.levels(comparison.material().task(), chart);
  }

  // Mean and range over the seeds, point by point. The points at the very start would take most of
  // the axis and tell nothing: every network begins with a guess.
  private static Series series(Contender c, ToDoubleFunction<CurvePoint> abscissa) {
    int all = c.runs().stream().mapToInt(run -> run.curve().size()).min().orElseThrow();
    int skipped = Math.min(2, all - 1);
    int points = all - skipped;
    double[] x = new double[points];
    double[] mean = new double[points];
    double[] low = new double[points];
    double[] high = new double[points];
    for (int i = 0; i < points; i++) {
      // The last point of each is its end, however many came before.
      int fromEnd = points - i;
      ToDoubleFunction<Contender.Run> value = run -> c.score().of(point(run, fromEnd).validation());
      x[i] = c.mean(run -> abscissa.applyAsDouble(point(run, fromEnd)));
      mean[i] = c.mean(value);
      low[i] = c.runs().stream().mapToDouble(value).min().orElseThrow();
      high[i] = c.runs().stream().mapToDouble(value).max().orElseThrow();
    }
    Series series = Series.of(c.label(), x, mean);
    return c.runs().size() > 1 ? series.withBand(low, high) : series;
  }

  private static CurvePoint point(Contender.Run run, int fromEnd) {
    return run.curve().get(run.curve().size() - fromEnd);
  }

  /** A finding of the audits in the course of training; a bias has a standard error. */
  DotPlot audits(String title, Axis axis, boolean bias) {
    List<Contender.Moment> moments = contenders.get(0).runs().get(0).moments();
    String[] names = new String[moments.size()];
    for (int m = 0; m < names.length; m++) {
      double done = moments.get(m).done();
      names[m] = done == 0 ? "before" : done >= 1 ? "after" : "half way";
    }
    DotPlot plot = DotPlot.of(title, axis, names);
    for (Contender c : contenders) {
      List<Interval> values = new ArrayList<>();
      for (int m = 0; m < names.length; m++) {
        int at = m;
        ToDoubleFunction<Audit.Finding> value =
            bias ? Audit.Finding::relativeBias : Audit.Finding::cosine;
        double mean = c.mean(run -> value.applyAsDouble(run.moments().get(at).report().all()));
        double error =
            bias ? c.mean(run -> run.moments().get(at).report().all().standardError()) : 0;
        // A length has no negative part.
        double low = bias ? Math.max(0, mean - error) : mean;
        values.add(new Interval(mean, low, mean + error));
      }
      plot = plot.row(c.label(), values.toArray(Interval[]::new));
    }
    return plot;
  }

  /** How far back the last step's loss reaches, at the end. */
  LineChart lags() {
    LineChart chart =
        LineChart.of(
            "Credit by lag", Axis.linear("lag k").in("steps"), Axis.log("norm relative to lag 1"));
    for (Contender c : contenders) {
      LagNorms norms = c.runs().get(0).lags();
      double[] x = new double[norms.phi().length];
      double[] y = new double[x.length];
      for (int k = 0; k < x.length; k++) {
        x[k] = k + 1;
        y[k] = norms.phi()[k] / norms.phi()[0];
      }
      chart = chart.with(Series.of(c.label(), x, y));
    }
    return chart;
  }

  /** The links over which credit goes back. Sliding sweeps overlap, and have no one row of them. */
  TextArrows arrows() {
    String text = comparison.material().excerpt(ARROW_TEXT);
    TextArrows arrows = TextArrows.of(text);
    for (Contender c : contenders) {
      if (c.coupling() instanceof Coupling coupling && !(coupling instanceof Coupling.Sliding)) {
        Randomness randomness = Randomness.of(comparison.plan().seeds().first()).with("arrows");
        Coupled coupled = coupling.couple(text.codePointCount(0, text.length()), 1, randomness);
        arrows = arrows.row(c.label(), coupled.links().toArray());
      }
    }
    return arrows;
  }

  /** Whether there is a row to draw. */
  boolean hasArrows() {
    return contenders.stream()
        .map(Contender::coupling)
        .anyMatch(c -> c instanceof Coupling && !(c instanceof Coupling.Sliding));
  }
}
