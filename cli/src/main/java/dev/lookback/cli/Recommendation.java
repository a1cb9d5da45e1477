package dev.lookback.cli;

import dev.lookback.analysis.Estimate;
import dev.lookback.analysis.TruncationAudit;
import dev.lookback.cli.report.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an audit comes to, in sentences.
 *
 * @param coupling the one to use; "full" where no truncation is good enough
 * @param headline the one to remember
 * @param reasons what stands behind it
 */
record Recommendation(String coupling, String headline, List<String> reasons) {
  // An interval that reaches to ten times the gradient says nothing.
  private static final double ANYTHING = 10;

  private static final double UNCERTAIN = 0.5;

  static Recommendation of(AuditResult result, double bias) {
    Optional<Map.Entry<Integer, TruncationAudit.Report>> found =
        smallest(result, Truncation.EVERY_LOSS, bias);
    List<String> reasons = new ArrayList<>();
    String coupling;
    String headline;
    if (found.isPresent()) {
      coupling = Truncation.EVERY_LOSS.label(found.get().getKey());
      headline = keeps(result, found.get());
      fixed(result, bias).ifPresent(reasons::add);
      nearHorizon(result, found.get().getKey()).ifPresent(reasons::add);
    } else {
      coupling = "full";
      headline = nothingKeeps(result, bias);
      reasons.add(instead(result));
      noRoom(result).ifPresent(reasons::add);
    }
    if (!(result.uncertainty() <= UNCERTAIN)) {
      reasons.add(
          "These windows themselves determine the exact gradient only to "
              + Numbers.percent(result.uncertainty())
              + " of its length, so its bias is one of a noisy mean: more --windows or a larger"
              + " --batch say more.");
    }
    return new Recommendation(coupling, headline, reasons);
  }

  /** The shortest measured length below the horizon that keeps to the tolerance. */
  static Optional<Map.Entry<Integer, TruncationAudit.Report>> smallest(
      AuditResult result, Truncation truncation, double bias) {
    return result.lengths(truncation).entrySet().stream()
        .filter(e -> e.getKey() < result.setting().steps())
        .filter(e -> e.getValue().all().relativeBias().value() <= bias)
        .findFirst();
  }

  private static String keeps(
      AuditResult result, Map.Entry<Integer, TruncationAudit.Report> found) {
    int k = found.getKey();
    String memory =
        result
            .of(Truncation.FIXED, 2 * k - 1)
            .map(
                r ->
                    "; "
                        + Truncation.FIXED.label(2 * k - 1)
                        + ", the same memory, has "
                        + bias(r.all().relativeBias()))
            .orElse("");
    TruncationAudit.Cost cost = found.getValue().cost();
    return String.format(
        Locale.ROOT,
        "%s keeps the bias at %s, remembering %s steps (%s) and going back %s steps for each"
            + " step%s.",
        Truncation.EVERY_LOSS.label(k),
        bias(found.getValue().all().relativeBias()),
        Numbers.count(cost.longestSegment()),
        Numbers.bytes(cost.activationBytes()),
        Numbers.fixed(cost.backwardSteps(), 2),
        memory);
  }

  private static Optional<String> fixed(AuditResult result, double bias) {
    return Optional.of(
        smallest(result, Truncation.FIXED, bias)
            .map(
                e ->
                    String.format(
                        Locale.ROOT,
                        "At one step back for each step, %s keeps it at %s, remembering %s steps"
                            + " (%s).",
                        Truncation.FIXED.label(e.getKey()),
                        bias(e.getValue().all().relativeBias()),
                        Numbers.count(e.getValue().cost().longestSegment()),
                        Numbers.bytes(e.getValue().cost().activationBytes())))
            .orElse(
                "No fixed truncation below the horizon keeps it at "
                    + Numbers.percent(bias)
                    + "."));
  }

  private static Optional<String> nearHorizon(AuditResult result, int k) {
    int steps = result.setting().steps();
    if (2 * k <= steps) {
      return Optional.empty();
    }
    return Optional.of(
        "That is more than half the horizon of "
            + Numbers.count(steps)
            + " steps, beyond which nothing was measured: ask again with a larger --steps.");
  }

  private static String nothingKeeps(AuditResult result, double bias) {
    String longest =
        result.lengths(Truncation.EVERY_LOSS).entrySet().stream()
            .filter(e -> e.getKey() < result.setting().steps())
            .reduce((a, b) -> b)
            .map(
                e ->
                    ": "
                        + Truncation.EVERY_LOSS.label(e.getKey())
                        + " has "
                        + bias(e.getValue().all().relativeBias()))
            .orElse("");
    return "No truncation below the horizon of "
        + Numbers.count(result.setting().steps())
        + " steps keeps the bias at "
        + Numbers.percent(bias)
        + longest
        + ".";
  }

  private static Optional<String> noRoom(AuditResult result) {
    if (result.room().tooLong().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Truncation.EVERY_LOSS.label(result.room().tooLong().getAsInt())
            + " and longer ones have no room in "
            + Numbers.bytes(result.room().memory().bytes())
            + " and were not measured: what they remember is not computed again.");
  }

  private static String instead(AuditResult result) {
    long bytes = result.full().cost().activationBytes();
    long most = result.room().memory().bytes();
    String full =
        String.format(
            Locale.ROOT,
            "What would: full over %s steps (%s%s)",
            Numbers.count(result.setting().steps()),
            Numbers.bytes(bytes),
            bytes > most ? ", or " + Numbers.bytes(most) + " where blocks are recomputed" : "");
    double decay = result.lags().decay().value();
    return result.drawn().stream()
        .filter(d -> VarianceWarning.of(d.coupling(), decay).isEmpty())
        .min((a, b) -> Double.compare(a.report().all().variance(), b.report().all().variance()))
        .map(
            d ->
                full
                    + "; or "
                    + d.coupling().label()
                    + ", which has no bias: "
                    + Numbers.compact(
                        result.drawsToNoise(
                            d.report().all().variance(), result.full().all().variance()))
                    + " of its draws averaged are no noisier than one window's exact gradient.")
        .orElse(full + ". Every random coupling that was measured has unbounded variance here.");
  }

  /** 9.8% (8.1% to 12.3%); or that the windows leave it open. */
  static String bias(Estimate e) {
    if (e.high() > ANYTHING) {
      return Numbers.percent(e.value()) + " (so few windows leave it open: use more, --windows)";
    }
    return Numbers.percent(e.value())
        + " ("
        + Numbers.percent(e.low())
        + " to "
        + Numbers.percent(e.high())
        + ")";
  }
}
