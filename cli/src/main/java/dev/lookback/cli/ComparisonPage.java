package dev.lookback.cli;

import dev.lookback.analysis.Audit;
import dev.lookback.cli.report.Axis;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.DotPlot;
import dev.lookback.cli.report.Interval;
import dev.lookback.cli.report.LineChart;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Page;
import dev.lookback.cli.report.Series;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TextArrows;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagNorms;
import dev.lookback.math.Randomness;
import dev.lookback.network.Network;
import dev.lookback.train.Stride;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The comparison's page. */
final class ComparisonPage {
  private static final int ARROW_TEXT = 48;

  private final Comparison comparison;
  private final List<Contender> contenders;
  private final int steps;

  ComparisonPage(Comparison comparison, List<Contender> contenders, int steps) {
    this.comparison = comparison;
    this.contenders = contenders;
    this.steps = steps;
  }

  String html(Verdict verdict) {
    String steps = comparison.material().steps();
    Page page = Page.titled("How far back does credit go?");
    page.lead(lead());
    page.verdict(verdict.headline(), verdict.reasons().toArray(String[]::new));
    page.section("What each coupling gave and cost");
    page.table(
        "At the end of training"
            + (comparison.plan().seeds() > 1 ? ", mean ± standard deviation over the seeds" : "")
            + ". Activations: every array that grows with time, counted, in whole blocks of"
            + " steps.",
        ComparisonTable.results(contenders));
    page.figure(
        result(steps, Axis.linear(steps + " learned from"), TrainingRun.Point::tokens),
        "Validation " + score().name() + " by " + steps + against() + seedsNote());
    page.figure(
        result(
            "seconds",
            Axis.linear("training time").as(Axis.Kind.SECONDS),
            TrainingRun.Point::seconds),
        "Validation "
            + score().name()
            + " by time, without validation and audits"
            + seedsNote()
            + " The couplings ran one after another; on a busy machine times say little.");
    page.section("What it did to the gradient");
    page.paragraph(
        "On held-out windows, against the exact gradient g of the same weights. Relative bias:"
            + " |mean estimate - g| / |g|. Variance: of one draw, in units of |g|². Cosine: with g,"
            + " mean over the draws. Descends: the share of draws along which a small step lowers"
            + " the loss. The mean of R draws of an unbiased estimate is off by about its standard"
            + " error.");
    page.figure(
        dots("relative bias", Axis.linear("relative bias").as(Axis.Kind.PERCENT).withZero(), true),
        "Relative bias with its standard error. Before training all have the same weights; later each"
            + " is measured at its own.");
    page.figure(
        dots("cosine", Axis.linear("cosine with the exact gradient"), false),
        "Direction: 1 is the exact gradient's.");
    page.table("The audit at the end.", ComparisonTable.audits(contenders));
    parts(page);
    page.section("What it did to the model");
    page.table(
        "Whether truncation makes simpler models: the gap between validation and training loss, the"
            + " size of the recurrence, and how fast credit fades in the trained network. The training"
            + " loss is a mean over the last epoch, at the weights of each moment, so where a network"
            + " still learns fast the gap comes out below zero.",
        ComparisonTable.models(contenders));
    page.figure(
        lags(),
        "How far back the last step's loss reaches in each trained network: |dl_T/dh_(T-k)| by lag"
            + " k, mean over the lanes.");
    page.section("What the couplings look like");
    page.figure(
        arrows(), "A row for each coupling: the links over which credit goes back, as drawn here.");
    return page.html();
  }

  private String lead() {
    Comparison.Plan plan = comparison.plan();
    return String.format(
        "The same network (%s), initial weights, data order, optimiser and batch on %s. %s",
        network(plan.network()),
        comparison.material().name(),
        plan.stride() == Stride.WINDOW
            ? "All update every " + steps + " steps: only xi inside the window differs."
            : "Each updates at its own cuts, as in the papers.");
  }

  private static String network(Network network) {
    int layers = network.cells().size();
    String units = network.top().hidden() + " units";
    return network.top().label() + ", " + (layers == 1 ? units : layers + " layers of " + units);
  }

  private String seedsNote() {
    int seeds = comparison.plan().seeds();
    return seeds == 1 ? "." : "; mean of " + seeds + " seeds, the band is lowest to highest.";
  }

  private Score score() {
    return comparison.material().score();
  }

  private String against() {
    return comparison
        .material()
        .task()
        .map(
            task ->
                " (optimum "
                    + TaskNames.number(task.optimum())
                    + "; "
                    + TaskNames.lesser(task)
                    + ")")
        .orElse("");
  }

  private LineChart result(String title, Axis x, ToDoubleFunction<TrainingRun.Point> abscissa) {
    String what = "validation " + score().name();
    Axis y = score().perplexity() ? Axis.log(what) : Axis.linear(what);
    LineChart chart = LineChart.of(what + " by " + title, x, y);
    for (Contender c : contenders) {
      chart = chart.with(series(c, abscissa));
    }
    return chart;
  }

  // Mean and range over the seeds, point by point. The points at the very start would take most of
  // the axis and tell nothing: every network begins with a guess.
  private static Series series(Contender c, ToDoubleFunction<TrainingRun.Point> abscissa) {
    int all = c.runs().stream().mapToInt(run -> run.curve().size()).min().orElseThrow();
    int skipped = Math.min(2, all - 1);
    int points = all - skipped;
    double[] x = new double[points];
    double[] mean = new double[points];
    double[] low = new double[points];
    double[] high = new double[points];
    for (int i = 0; i < points; i++) {
      int at = i + skipped;
      x[i] = c.mean(run -> abscissa.applyAsDouble(run.curve().get(at)));
      mean[i] = c.mean(run -> c.score().of(run.curve().get(at).validation()));
      low[i] = Double.POSITIVE_INFINITY;
      high[i] = 0;
      for (Contender.Run run : c.runs()) {
        double value = c.score().of(run.curve().get(at).validation());
        low[i] = Math.min(low[i], value);
        high[i] = Math.max(high[i], value);
      }
    }
    Series series = Series.of(c.label(), x, mean);
    return c.runs().size() > 1 ? series.withBand(low, high) : series;
  }

  private DotPlot dots(String title, Axis axis, boolean bias) {
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

  private void parts(Page page) {
    page.details("The same for each parameter block");
    for (Contender c : contenders) {
      Table table =
          Table.of(
              Column.text("tensor"),
              Column.number("relative bias"),
              Column.number("variance", "|g|²"),
              Column.number("cosine"),
              Column.number("descends"));
      List<Contender.Moment> moments = c.runs().get(0).moments();
      for (Audit.Part part : moments.get(moments.size() - 1).report().parts()) {
        Audit.Finding f = part.finding();
        table =
            table.row(
                part.tensor(),
                Numbers.percent(f.relativeBias()),
                Numbers.significant(f.variance(), 3),
                Numbers.fixed(f.cosine(), 3),
                Numbers.percent(f.descends()));
      }
      page.table(c.label() + ", at the end" + (c.runs().size() > 1 ? ", first seed" : ""), table);
    }
    page.endDetails();
  }

  private LineChart lags() {
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

  private TextArrows arrows() {
    String text = comparison.material().excerpt(ARROW_TEXT);
    TextArrows arrows = TextArrows.of(text);
    for (Contender c : contenders) {
      if (c.coupling() instanceof Coupling coupling && !(coupling instanceof Coupling.Sliding)) {
        Randomness randomness = Randomness.of(comparison.plan().firstSeed()).with("arrows");
        Coupled coupled = coupling.couple(text.codePointCount(0, text.length()), 1, randomness);
        arrows = arrows.row(c.label(), coupled.links().toArray());
      }
    }
    return arrows;
  }
}
