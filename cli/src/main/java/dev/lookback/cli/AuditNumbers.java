package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.lookback.analysis.Audit;
import dev.lookback.analysis.Estimate;
import dev.lookback.analysis.TruncationAudit;
import dev.lookback.gradient.AdaptiveTruncation;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagCoverage;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The audit's numbers by name, as JSON and as CSV. */
final class AuditNumbers {
  private static final double[] TOLERANCES = {0.5, 0.1, 0.01};

  private AuditNumbers() {}

  /**
   * One coupling.
   *
   * @param coupling its name
   * @param all over all weights, with what it costs
   * @param parts tensor by tensor
   */
  private record Row(
      String coupling, Map<String, Number> all, Map<String, Map<String, Number>> parts) {}

  /** One object. */
  static JsonObject json(AuditResult result, Recommendation recommendation) {
    JsonObject json = new JsonObject();
    AuditResult.Setting setting = result.setting();
    json.addProperty("model", setting.model());
    json.addProperty("data", setting.data());
    json.addProperty("horizon", setting.steps());
    json.addProperty("windows", setting.windows());
    json.addProperty("lanes", setting.lanes());
    json.addProperty("peak_activation_bytes", result.room().peakActivationBytes());
    result.room().memory().budget().ifPresent(bytes -> json.addProperty("memory", bytes));
    json.addProperty("exact_norm", result.exactNorm());
    json.addProperty("exact_uncertainty", result.uncertainty());
    json.addProperty("batch_variance", result.full().all().variance());
    json.add("lags", lags(result));
    json.add("bounds", bounds(result));
    JsonArray couplings = new JsonArray();
    for (Row row : rows(result)) {
      JsonObject object = new JsonObject();
      object.addProperty("coupling", row.coupling());
      row.all().forEach(object::addProperty);
      JsonObject parts = new JsonObject();
      row.parts().forEach((tensor, numbers) -> parts.add(tensor, object(numbers)));
      object.add("parts", parts);
      couplings.add(object);
    }
    json.add("couplings", couplings);
    JsonObject recommended = new JsonObject();
    recommended.addProperty("coupling", recommendation.coupling());
    recommended.addProperty("says", recommendation.headline());
    JsonArray reasons = new JsonArray();
    recommendation.reasons().forEach(reasons::add);
    recommended.add("reasons", reasons);
    json.add("recommendation", recommended);
    return json;
  }

  /** A line for each coupling and each tensor, the first of them for all weights. */
  static String csv(AuditResult result) {
    List<Row> rows = rows(result);
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(row.all().keySet()));
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      List<String> header = new ArrayList<>(List.of("coupling", "tensor"));
      header.addAll(names);
      csv.writeRecord(header);
      for (Row row : rows) {
        csv.writeRecord(line(row.coupling(), "", names, row.all()));
        row.parts()
            .forEach(
                (tensor, numbers) -> csv.writeRecord(line(row.coupling(), tensor, names, numbers)));
      }
    } catch (IOException e) {
      throw Failure.running("the CSV file could not be made: " + e.getMessage(), e);
    }
    return text.toString();
  }

  private static List<String> line(
      String coupling, String tensor, Set<String> names, Map<String, Number> numbers) {
    List<String> line = new ArrayList<>(List.of(coupling, tensor));
    for (String name : names) {
      Number value = numbers.getOrDefault(name, Double.NaN);
      line.add(Double.isFinite(value.doubleValue()) ? value.toString() : "");
    }
    return line;
  }

  private static List<Row> rows(AuditResult result) {
    List<Row> rows = new ArrayList<>();
    rows.add(row("full", result.full()));
    for (Truncation truncation : Truncation.values()) {
      result.lengths(truncation).forEach((k, r) -> rows.add(row(truncation, k, r)));
    }
    result.others().forEach(report -> rows.add(row(report.coupling(), report)));
    result.drawn().forEach(drawn -> rows.add(row(result, drawn)));
    return rows;
  }

  private static Row row(String coupling, TruncationAudit.Report report) {
    Map<String, Number> all = numbers(report.all());
    all.put("longest_segment", report.cost().longestSegment());
    all.put("backward_steps", report.cost().backwardSteps());
    all.put("peak_activation_bytes", report.cost().activationBytes());
    put(all, "lags", report.cost().lags());
    Map<String, Map<String, Number>> parts = new LinkedHashMap<>();
    report.parts().forEach(part -> parts.put(part.tensor(), numbers(part.finding())));
    return new Row(coupling, all, parts);
  }

  // Where the sweeps go on through the windows' starts, every loss has its K lags.
  private static Row row(Truncation truncation, int k, TruncationAudit.Report report) {
    Row row = row(truncation.label(k), report);
    if (truncation.coupling(k) instanceof Coupling.Sliding sliding) {
      put(row.all(), "stream_lags", sliding.lagCoverageThroughWindows(sliding.k1()));
    }
    return row;
  }

  private static void put(Map<String, Number> numbers, String name, LagCoverage lags) {
    numbers.put(name + "_fewest", lags.fewest());
    numbers.put(name + "_mean", lags.mean());
    numbers.put(name + "_most", lags.most());
  }

  private static Map<String, Number> numbers(TruncationAudit.Finding finding) {
    Map<String, Number> numbers = new LinkedHashMap<>();
    put(numbers, "relative_bias", finding.relativeBias());
    put(numbers, "cosine", finding.cosine());
    numbers.put("descends", finding.descends() ? 1 : 0);
    numbers.put("descending_windows", finding.descendingWindows());
    // Nothing is drawn.
    numbers.put("variance", 0);
    return numbers;
  }

  private static Row row(AuditResult result, AuditResult.Drawn drawn) {
    Audit.Report report = drawn.report();
    double between = result.full().all().variance();
    Map<String, Number> all = numbers(report.all());
    all.put("draws", report.draws());
    all.put("draws_to_batch_noise", result.drawsToNoise(report.all().variance(), between));
    all.put("longest_segment", drawn.longestSegment());
    put(all, "lags", drawn.lags());
    all.put("backward_steps", 1);
    all.put("unbounded_variance", unbounded(result, drawn.coupling()) ? 1 : 0);
    Map<String, Map<String, Number>> parts = new LinkedHashMap<>();
    for (int i = 0; i < report.parts().size(); i++) {
      Audit.Finding finding = report.parts().get(i).finding();
      Map<String, Number> numbers = numbers(finding);
      double ofPart = result.full().parts().get(i).finding().variance();
      numbers.put("draws_to_batch_noise", result.drawsToNoise(finding.variance(), ofPart));
      parts.put(report.parts().get(i).tensor(), numbers);
    }
    return new Row(drawn.coupling().label(), all, parts);
  }

  private static boolean unbounded(AuditResult result, Coupling coupling) {
    return VarianceWarning.of(coupling, result.lags().decay().value()).isPresent();
  }

  private static Map<String, Number> numbers(Audit.Finding finding) {
    Map<String, Number> numbers = new LinkedHashMap<>();
    numbers.put("relative_bias", finding.relativeBias());
    numbers.put("relative_bias_error", finding.standardError());
    numbers.put("variance", finding.variance());
    numbers.put("cosine", finding.cosine());
    numbers.put("descends", finding.descends());
    return numbers;
  }

  private static JsonObject lags(AuditResult result) {
    Map<String, Number> numbers = new LinkedHashMap<>();
    put(numbers, "decay", result.lags().decay());
    put(numbers, "half_life", result.lags().halfLife());
    put(numbers, "effective_memory", result.lags().effectiveMemory());
    JsonObject object = object(numbers);
    JsonArray norms = new JsonArray();
    for (double phi : result.lags().mean().phi()) {
      norms.add(phi);
    }
    object.add("norms", norms);
    return object;
  }

  private static JsonArray bounds(AuditResult result) {
    AdaptiveTruncation bound = result.lags().bound();
    JsonArray array = new JsonArray();
    for (double tolerance : TOLERANCES) {
      AdaptiveTruncation.Choice choice = bound.choose(tolerance, 1, result.setting().steps());
      JsonObject object = new JsonObject();
      object.addProperty("delta", tolerance);
      object.addProperty("steps", choice.steps());
      object.addProperty("relative_error", choice.relativeError());
      object.addProperty("met", choice.met());
      array.add(object);
    }
    return array;
  }

  private static void put(Map<String, Number> numbers, String name, Estimate estimate) {
    numbers.put(name, estimate.value());
    numbers.put(name + "_low", estimate.low());
    numbers.put(name + "_high", estimate.high());
  }

  private static JsonObject object(Map<String, Number> numbers) {
    JsonObject object = new JsonObject();
    numbers.forEach(object::addProperty);
    return object;
  }
}
