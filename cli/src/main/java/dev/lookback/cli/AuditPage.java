package dev.lookback.cli;

import dev.lookback.analysis.Estimate;
import dev.lookback.analysis.TruncationAudit;
import dev.lookback.cli.report.Axis;
import dev.lookback.cli.report.LineChart;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Page;
import dev.lookback.cli.report.Series;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagNorms;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The audit's page. */
final class AuditPage {
  private static final int MOST_LAGS = 300;
  private static final double LOWEST_LOG = -50;

  private final AuditResult result;

  AuditPage(AuditResult result) {
    this.result = result;
  }

  String html(Recommendation recommendation) {
    AuditResult.Setting s = result.setting();
    Page page = Page.titled("How far back should I backpropagate?");
    page.lead(
        String.format(
            Locale.ROOT,
            "%s on %s. Exact means here: the gradient of the mean loss of %s steps, the entering"
                + " state held constant, averaged over %d windows of %d %s. Activations took"
                + " %s.",
            s.model(),
            s.data(),
            Numbers.count(s.steps()),
            s.windows(),
            s.lanes(),
            streams(),
            result.room().sentence()));
    page.verdict(recommendation.headline(), recommendation.reasons().toArray(String[]::new));
    page.section("How far back a loss reaches");
    page.figure(
        lags(),
        "The norm of the last loss's gradient with respect to the state k steps before, mean over"
            + " the windows with its 95% interval, and the decay fitted to it.");
    page.table(
        "Fitted to the mean over the windows. Half-life: the steps after which the norm has halved."
            + " Effective memory: the sum of the norms of all lags in units of the first, a length"
            + " that counts every lag by what still reaches it.",
        AuditTable.lags(result));
    page.table(
        "How many steps every loss has to go back for a relative bias below so much, estimated"
            + " from these norms alone, before anything is truncated.",
        AuditTable.bounds(result));
    truncation(page);
    random(page);
    page.section("Tensor by tensor");
    page.paragraph(
        "A tensor without an exact gradient has nothing that a bias could be relative to: there is"
            + " a dash.");
    for (Truncation truncation : Truncation.values()) {
      page.details(truncation.word());
      for (Map.Entry<Integer, TruncationAudit.Report> e : result.lengths(truncation).entrySet()) {
        page.table(truncation.label(e.getKey()), AuditTable.parts(e.getValue()));
      }
      page.endDetails();
    }
    Meanings.addTo(page);
    return page.html();
  }

  private String streams() {
    return result.setting().lanes() == 1 ? "stream" : "streams";
  }

  private void truncation(Page page) {
    page.section("What truncation loses and costs");
    page.figure(
        chart("Relative bias by length", biasAxis(), f -> f.relativeBias()),
        "Relative bias |mean estimate - g| / |g| with 95% intervals over the windows (jackknife)."
            + " Every loss K: every-loss-at-least:K; fixed:2K-1 remembers as many steps.");
    page.figure(
        chart(
            "Direction by length", Axis.linear("cosine with the exact gradient"), f -> f.cosine()),
        "Direction: 1 is the exact gradient's. Above 0 a small step lowers the loss.");
    page.table(
        "every-loss-at-least:K: every loss goes back K steps at least, as every K steps the last K"
            + " losses go back 2K - 1. Last column: the bias of fixed truncation that remembers as"
            + " many steps. Lags: how many steps a loss looks back, itself counted. The window's"
            + " first has one; in an endless stream each has K to 2K - 1. Bytes are counted in"
            + " whole blocks of steps.",
        AuditTable.everyLoss(result, true));
    page.table(
        "fixed:K: segments of K steps, so that a loss goes back 1 to K of them.",
        AuditTable.fixed(result, k -> true, true));
    if (!result.others().isEmpty()) {
      page.table("Asked for beside these.", AuditTable.others(result));
    }
  }

  private void random(Page page) {
    if (result.drawn().isEmpty()) {
      return;
    }
    page.section("What random truncation costs");
    page.figure(
        variance(),
        "Variance of one draw over these windows in units of |g|², and what the windows themselves"
            + " vary by: where a random coupling is above, averaging as many draws as it is times"
            + " higher brings it down.");
    page.table(
        "Random couplings have no bias but vary. Draws to batch noise: how many have to be averaged"
            + " until they vary no more than the exact gradient does from one window to the next."
            + " Bounded variance: whether the decay per step squared is below the probability to"
            + " keep a link; else the variance grows with the horizon without bound.",
        AuditTable.drawn(result));
  }

  private static Axis biasAxis() {
    return Axis.log("relative bias").as(Axis.Kind.PERCENT);
  }

  private LineChart lags() {
    double[] phi = result.lags().mean().phi();
    int stride = Math.max(1, (phi.length + MOST_LAGS - 1) / MOST_LAGS);
    int points = (phi.length - 1 + stride - 1) / stride;
    double[] x = new double[points];
    double[][] y = new double[4][points];
    double[] line = line(result.lags().mean().norms());
    for (int i = 0; i < points; i++) {
      int k = 1 + i * stride;
      Estimate norm = result.lags().norm(k);
      x[i] = k;
      y[0][i] = norm.value();
      y[1][i] = norm.low();
      y[2][i] = norm.high();
      y[3][i] = Math.exp(line[0] + line[1] * k);
    }
    return LineChart.of("Credit by lag", Axis.linear("lag k").in("steps"), Axis.log("norm"))
        .with(Series.of("measured", x, y[0]).withBand(y[1], y[2]))
        .with(Series.of("fitted", x, y[3]));
  }

  // Offset and slope of the least-squares line through the logarithms, which goes through their
  // mean; phi's entry k - 1 is lag k.
  private static double[] line(LagNorms norms) {
    double slope = Math.log(norms.decay());
    double lag = 0;
    double log = 0;
    int n = 0;
    for (int k = 1; k <= norms.phi().length; k++) {
      double y = Math.log(norms.phi()[k - 1]);
      if (y > LOWEST_LOG) {
        n++;
        lag += k;
        log += y;
      }
    }
    return new double[] {(log - slope * lag) / Math.max(1, n), slope};
  }

  private LineChart chart(
      String title, Axis y, Function<TruncationAudit.Finding, Estimate> statistic) {
    return LineChart.of(
        title,
        Axis.log("K").in("steps"),
        y,
        series("every loss K", k -> result.of(Truncation.EVERY_LOSS, k), statistic),
        series("fixed:K", k -> result.of(Truncation.FIXED, k), statistic),
        series("fixed:2K-1", k -> result.of(Truncation.FIXED, 2 * k - 1), statistic));
  }

  // At the lengths of every-loss-at-least, so that the three can be compared point by point.
  private Series series(
      String name,
      IntFunction<Optional<TruncationAudit.Report>> report,
      Function<TruncationAudit.Finding, Estimate> statistic) {
    List<Integer> lengths = new ArrayList<>();
    List<Estimate> values = new ArrayList<>();
    for (int k : result.lengths(Truncation.EVERY_LOSS).keySet()) {
      report
          .apply(k)
          .ifPresent(
              r -> {
                lengths.add(k);
                values.add(statistic.apply(r.all()));
              });
    }
    return Series.of(
            name,
            lengths.stream().mapToDouble(k -> k).toArray(),
            values.stream().mapToDouble(Estimate::value).toArray())
        .withBars(
            values.stream().mapToDouble(Estimate::low).toArray(),
            values.stream().mapToDouble(Estimate::high).toArray());
  }

  private LineChart variance() {
    List<AuditResult.Drawn> random =
        result.drawn().stream()
            .filter(d -> d.coupling() instanceof Coupling.Randomised r && !r.perLane())
            .toList();
    double[] x = new double[random.size()];
    double[] y = new double[x.length];
    double[] noise = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      if (random.get(i).coupling() instanceof Coupling.Randomised r) {
        x[i] = r.mean();
      }
      y[i] = random.get(i).report().all().variance();
      noise[i] = result.full().all().variance() / result.setting().windows();
    }
    return LineChart.of(
        "Variance by mean length",
        Axis.log("mean length").in("steps"),
        Axis.log("variance").in("|g|²"),
        Series.of("random:MEAN", x, y),
        Series.of("windows", x, noise));
  }
}
