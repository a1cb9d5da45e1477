package dev.lookback.bench.peers;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A run as one line of JSON. */
final class Report {
  private final Map<String, String> members = new LinkedHashMap<>();

  /** A report of a library's run. */
  static Report of(Library library, Options options, Times times) {
    Shape shape = options.shape();
    int tokens = options.mode() == Mode.TRAIN ? shape.batch() * shape.steps() : shape.batch();
    return new Report()
        .text("peer", library.name())
        .text("version", library.version())
        .text("backend", library.backend())
        .text("cell", options.cell().name().toLowerCase(Locale.ROOT))
        .text("mode", options.mode().name().toLowerCase(Locale.ROOT))
        .number("vocabulary", shape.vocabulary(), 0)
        .number("hidden", shape.hidden(), 0)
        .number("batch", shape.batch(), 0)
        .number("steps", shape.steps(), 0)
        .number("layers", shape.layers(), 0)
        .number("threads", options.threads(), 0)
        .number("median_ms", times.median(), 6)
        .number("min_ms", times.min(), 6)
        .number("p90_ms", times.p90(), 6)
        .number("tokens_per_second", tokens / (times.median() / 1e3), 0)
        .number("iterations", times.milliseconds().length, 0)
        .number("loss_first", times.lossFirst(), 6)
        .number("loss_last", times.lossLast(), 6)
        .number("first_ms_since_start", times.firstMs(), 0)
        .number("tenth_ms_since_start", times.tenthMs(), 0)
        .number("peak_rss_mb", Self.peakResidentMebibytes(), 0);
  }

  private Report text(String name, String value) {
    members.put(name, "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    return this;
  }

  // JSON has no NaN.
  private Report number(String name, double value, int decimals) {
    members.put(
        name,
        Double.isFinite(value)
            ? BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString()
            : "null");
    return this;
  }

  /** The line, without its end. */
  String json() {
    return members.entrySet().stream()
        .map(member -> "\"" + member.getKey() + "\":" + member.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
