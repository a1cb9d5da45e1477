package dev.lookback.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lookback.cli.report.Axis;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.LineChart;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Page;
import dev.lookback.cli.report.Series;
import dev.lookback.cli.report.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The page of one training. */
final class TrainingReport {
  private TrainingReport() {}

  static String html(
      JsonObject record, List<CurvePoint> curve, Optional<Choices> choices, Material material) {
    String steps = material.steps();
    JsonObject result = record.getAsJsonObject("result");
    String coupling = record.getAsJsonObject("options").get("coupling").getAsString();
    String data = record.getAsJsonObject("data").get("name").getAsString();
    Page page = Page.titled("Training on " + data);
    page.lead(
        String.format(
            Locale.ROOT,
            "%s updates with coupling %s over %s %s.%s",
            Numbers.count(result.get("updates").getAsLong()),
            coupling,
            Numbers.count(result.get("tokens").getAsLong()),
            steps,
            against(material, result)));
    page.tiles(
        tile(
            material.score().name(),
            Numbers.significant(material.score().of(number(result, "loss")), 4),
            "at the end"),
        tile(steps + "/s", Numbers.compact(number(result, "tokens_per_second")), ""),
        tile("time", Numbers.duration(number(result, "seconds")), "without validation"),
        tile(
            "activations",
            Numbers.bytes((long) number(result, "peak_activation_bytes")),
            "longest segment " + result.get("longest_segment").getAsLong() + " steps"));
    page.section("Loss");
    page.figure(chart(curve, material), "Loss by " + steps + " learned from.");
    TrainingAuditPictures.show(page, result, steps);
    choices.ifPresent(
        all -> {
          page.section("Truncation");
          page.figure(all.chart(), all.summary(coupling));
        });
    page.section("Gradient norm");
    page.figure(
        LineChart.of(
            "Gradient norm",
            Axis.linear(steps),
            Axis.log("gradient norm before clipping"),
            series("gradient norm", curve, CurvePoint::gradientNorm)),
        "Mean norm of the updates since the point before.");
    page.section("Options");
    page.table("Every option of the run.", options(record.getAsJsonObject("options")));
    Meanings.addTo(page);
    return page.html();
  }

  private static String against(Material material, JsonObject result) {
    return material
        .task()
        .map(task -> " Loss: " + TaskNames.against(task, number(result, "loss")) + ".")
        .orElse("");
  }

  private static LineChart chart(List<CurvePoint> curve, Material material) {
    String unit = material.task().map(task -> task.form().unit()).orElse("nats");
    LineChart chart =
        LineChart.of(
            "Loss",
            Axis.linear(material.steps()),
            Axis.linear("loss").in(unit),
            series("training", curve, CurvePoint::training));
    boolean validated = curve.stream().anyMatch(point -> !Double.isNaN(point.validation()));
    if (validated) {
      chart = chart.with(series("validation", curve, CurvePoint::validation));
    }
    return TaskNames.levels(material.task(), chart);
  }

  private static Series series(
      String name, List<CurvePoint> curve, ToDoubleFunction<CurvePoint> y) {
    double[] x = curve.stream().mapToDouble(CurvePoint::tokens).toArray();
    return Series.of(name, x, curve.stream().mapToDouble(y).toArray());
  }

  private static Table options(JsonObject options) {
    Table table = Table.of(Column.text("option"), Column.text("value"));
    for (Map.Entry<String, JsonElement> entry : options.entrySet()) {
      table = table.row("--" + entry.getKey(), entry.getValue().getAsString());
    }
    return table;
  }

  private static Page.Tile tile(String label, String value, String note) {
    return new Page.Tile(label, value, note);
  }

  private static double number(JsonObject object, String key) {
    return object.get(key).getAsDouble();
  }
}
