package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lookback.cli.report.Axis;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.LineChart;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Page;
import dev.lookback.cli.report.Series;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalChart;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.cli.words.Brief;
import dev.lookback.cli.words.Wrapped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Two runs: what differed, and how each went.
 *
 * @param a one
 * @param b the other
 */
record RunsComparison(RunSummary a, RunSummary b) {
  private static final int ROWS = 8;
  private static final int SPARKS = 24;
  private static final int TEXT_WIDTH = 79;

  /** What is neither an option nor of the data, nor a matter of when. */
  private static final List<String> MADE =
      List.of(
          "version",
          "commit",
          "java",
          "java_vendor",
          "system",
          "architecture",
          "processor",
          "simd",
          "threads");

  /** A difference in words; what one of them lacks is a dash. */
  private record Difference(String a, String b) {}

  private Map<String, Difference> options() {
    return differences(
        a.record().getAsJsonObject("options"), b.record().getAsJsonObject("options"));
  }

  private Map<String, Difference> data() {
    return differences(a.record().getAsJsonObject("data"), b.record().getAsJsonObject("data"));
  }

  private Map<String, Difference> made() {
    Map<String, Difference> all = differences(a.record(), b.record());
    all.keySet().retainAll(MADE);
    return all;
  }

  private static Map<String, Difference> differences(JsonObject a, JsonObject b) {
    Set<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    Map<String, Difference> differences = new LinkedHashMap<>();
    for (String name : names) {
      String left = RunSummary.text(a.get(name));
      String right = RunSummary.text(b.get(name));
      if (!left.equals(right)) {
        differences.put(name, new Difference(left, right));
      }
    }
    return differences;
  }

  /** Why the two losses cannot be held against each other, if that is so. */
  private Optional<String> caution() {
    Map<String, Difference> data = data();
    Map<String, Difference> options = options();
    Difference symbols = data.get("vocabulary");
    if (symbols != null || options.containsKey("normalise")) {
      String sizes =
          symbols == null
              ? "differently normalised text"
              : "vocabularies of " + symbols.a() + " and " + symbols.b() + " symbols";
      return Optional.of(
          "These losses cannot be compared: they are of "
              + sizes
              + ", and fewer symbols are easier to tell apart, whatever the model. Train both on"
              + " the same text with the same --normalise.");
    }
    for (String other : List.of("task", "fingerprint", "tokens")) {
      if (data.containsKey(other)) {
        return Optional.of(
            "These losses are of different data, so they do not say which model is better. lookback"
                + " evaluate measures both on the same.");
      }
    }
    for (String other : List.of("split", "max-tokens")) {
      if (options.containsKey(other)) {
        return Optional.of(
            "These runs were judged on different parts of the text (--"
                + other
                + "), so small differences of loss say nothing. lookback evaluate measures both on"
                + " the same.");
      }
    }
    return Optional.empty();
  }

  private String name(RunSummary run) {
    boolean alike = String.valueOf(a.folder().getFileName()).equals(file(b));
    return alike ? run.folder().toString() : file(run);
  }

  private static String file(RunSummary run) {
    return String.valueOf(run.folder().getFileName());
  }

  private Table different() {
    Table table = Table.of(Column.text(""), Column.text(name(a)), Column.text(name(b)));
    table = with(table, options(), "--");
    table = with(table, data(), "data: ");
    return with(table, made(), "");
  }

  private static Table with(Table table, Map<String, Difference> differences, String before) {
    Table more = table;
    for (Map.Entry<String, Difference> entry : differences.entrySet()) {
      Difference values = entry.getValue();
      more = more.row(before + Brief.of(entry.getKey()), shown(values.a()), shown(values.b()));
    }
    return more;
  }

  // Of a digest the start tells it from another.
  private static String shown(String value) {
    return value.isEmpty()
        ? "-"
        : value.matches("[0-9a-f]{40,}.*") ? value.substring(0, 12) : Brief.of(value);
  }

  private Table results() {
    Table table =
        Table.of(
            Column.text("run"),
            Column.text("state"),
            Column.number("updates"),
            Column.number("loss"),
            Column.text("course"));
    for (RunSummary run : List.of(a, b)) {
      double[] course = run.curve().stream().mapToDouble(RunSummary.Point::judged).toArray();
      table =
          table.row(
              name(run),
              Brief.of(run.state()),
              Numbers.count(run.updates()),
              loss(run.loss()),
              TerminalChart.sparkline(course, SPARKS));
    }
    return table;
  }

  private static String loss(double value) {
    return Double.isFinite(value) ? Numbers.fixed(value, 4) : "-";
  }

  // Both at the same amounts of data: what each had at its last point before.
  private Table courses() {
    Table table =
        Table.of(
            Column.number("learned from", "steps"), Column.number(name(a)), Column.number(name(b)));
    double most = Math.max(last(a), last(b));
    for (int row = 1; row <= ROWS; row++) {
      double tokens = most * row / ROWS;
      table =
          table.row(Numbers.count(Math.round(tokens)), loss(at(a, tokens)), loss(at(b, tokens)));
    }
    return table;
  }

  private static double last(RunSummary run) {
    return run.curve().isEmpty() ? 0 : run.curve().get(run.curve().size() - 1).tokens();
  }

  private static double at(RunSummary run, double tokens) {
    double loss = Double.NaN;
    for (RunSummary.Point point : run.curve()) {
      loss = point.tokens() <= tokens ? point.judged() : loss;
    }
    return tokens > last(run) ? Double.NaN : loss;
  }

  /** For a terminal. */
  String text() {
    StringBuilder text = new StringBuilder();
    boolean same = different().rows().isEmpty();
    text.append(same ? "Nothing differs: same options, data and program.\n" : "")
        .append(same ? "" : TerminalTable.render(different()))
        .append('\n')
        .append(TerminalTable.render(results()));
    caution()
        .ifPresent(why -> text.append('\n').append(Wrapped.of(why, TEXT_WIDTH, "")).append('\n'));
    if (last(a) > 0 || last(b) > 0) {
      text.append('\n').append("Loss:\n").append(TerminalTable.render(courses()));
    }
    return text.toString();
  }

  /** For a browser. */
  String page() {
    Page page = Page.titled(name(a) + " and " + name(b));
    page.lead("Two trainings: on " + a.data() + ", and on " + b.data() + ".");
    page.section("What differed");
    if (different().rows().isEmpty()) {
      page.paragraph("Nothing: same options, data and program.");
    } else {
      page.table("Options, data and program, where they were not the same.", different());
    }
    page.section("Loss");
    caution().ifPresent(page::paragraph);
    page.table("How they ended, or stand.", results());
    page.figure(chart("Training loss", RunSummary.Point::loss), "Mean since the point before.");
    boolean validated =
        a.curve().stream().anyMatch(point -> !Double.isNaN(point.validation()))
            || b.curve().stream().anyMatch(point -> !Double.isNaN(point.validation()));
    if (validated) {
      page.figure(chart("Validation loss", RunSummary.Point::validation), "On held-out data.");
    }
    return page.html();
  }

  private LineChart chart(String title, ToDoubleFunction<RunSummary.Point> y) {
    List<Series> both = new ArrayList<>();
    for (RunSummary run : List.of(a, b)) {
      double[] x = run.curve().stream().mapToDouble(RunSummary.Point::tokens).toArray();
      both.add(Series.of(name(run), x, run.curve().stream().mapToDouble(y).toArray()));
    }
    return LineChart.of(
        title,
        Axis.linear("steps learned from"),
        Axis.linear(title.toLowerCase(Locale.ROOT)),
        both.toArray(Series[]::new));
  }

  /** For a program. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.add("a", run(a));
    json.add("b", run(b));
    json.add("options", json(options()));
    json.add("data", json(data()));
    json.add("program", json(made()));
    caution().ifPresent(why -> json.addProperty("caution", why));
    return json;
  }

  private static JsonElement json(Map<String, Difference> differences) {
    JsonObject json = new JsonObject();
    differences.forEach(
        (name, values) -> {
          JsonArray both = new JsonArray();
          both.add(values.a());
          both.add(values.b());
          json.add(name, both);
        });
    return json;
  }

  private static JsonObject run(RunSummary run) {
    JsonObject json = run.json();
    JsonArray curve = new JsonArray();
    for (RunSummary.Point point : run.curve()) {
      JsonObject one = new JsonObject();
      one.addProperty("update", point.update());
      one.addProperty("tokens", (long) point.tokens());
      one.addProperty("loss", point.loss());
      one.addProperty("validation_loss", point.validation());
      curve.add(one);
    }
    json.add("curve", curve);
    return json;
  }
}
