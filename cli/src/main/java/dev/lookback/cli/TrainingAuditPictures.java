package dev.lookback.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lookback.cli.report.Axis;
import dev.lookback.cli.report.LineChart;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Page;
import dev.lookback.cli.report.Series;
import java.util.List;
import java.util.Locale;

/** The audits of a training on its page. */
final class TrainingAuditPictures {
  private TrainingAuditPictures() {}

  /** Adds them where a run's result has any. */
  static void show(Page page, JsonObject result, String steps) {
    if (!result.has("audits")) {
      return;
    }
    JsonObject audits = result.getAsJsonObject("audits");
    List<JsonObject> points =
        audits.getAsJsonArray("points").asList().stream()
            .map(JsonElement::getAsJsonObject)
            .toList();
    String coupling = audits.get("coupling").getAsString();
    page.section("Truncation");
    page.figure(
        chart(
            "Relative bias",
            steps,
            Axis.linear("relative bias").as(Axis.Kind.PERCENT),
            series(coupling, points, AuditSeries.BIAS)),
        String.format(
            Locale.ROOT,
            "How far %s is off the exact gradient over %s steps, on the same %d held-out windows"
                + " each time. Bars: 95%% interval over the windows; of random couplings, two"
                + " standard errors of the draws.",
            coupling,
            Numbers.count(audits.get("horizon").getAsInt()),
            audits.get("windows").getAsInt()));
    page.figure(
        chart(
            "Half-life of credit",
            steps,
            Axis.linear("half-life").in("steps"),
            series("half-life", points, "half_life")),
        "Steps after which a loss's gradient has halved, with its 95% interval over the windows.");
  }

  private static LineChart chart(String title, String steps, Axis y, Series series) {
    return LineChart.of(title, Axis.linear(steps), y, series);
  }

  private static Series series(String name, List<JsonObject> points, String number) {
    double[] x = column(points, "tokens");
    double[] y = column(points, number);
    double[] low = column(points, number + "_low");
    double[] high = column(points, number + "_high");
    for (int i = 0; i < y.length; i++) {
      // An end that nothing is known of has no bar.
      if (!Double.isFinite(low[i]) || !Double.isFinite(high[i])) {
        low[i] = y[i];
        high[i] = y[i];
      }
    }
    return Series.of(name, x, y).withBars(low, high);
  }

  private static double[] column(List<JsonObject> points, String number) {
    return points.stream().mapToDouble(point -> point.get(number).getAsDouble()).toArray();
  }
}
