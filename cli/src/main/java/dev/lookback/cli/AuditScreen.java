package dev.lookback.cli;

import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.cli.words.Wrapped;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The audit in a terminal.
 *
 * @param result what was measured
 * @param bias the tolerance
 * @param terminal where it stands
 */
record AuditScreen(AuditResult result, double bias, Terminal terminal) {
  private static final int WIDTH = 79;

  void show(Recommendation recommendation) {
    setting();
    terminal.out().println();
    table(AuditTable.lags(result));
    say(
        "Half-life: the steps after which the norm has halved. Effective memory: the sum of the"
            + " norms of all lags in units of the first. From these norms alone, before anything"
            + " is truncated, the steps that every loss has to go back are estimated as:");
    table(AuditTable.bounds(result));
    say(
        "every-loss-at-least:K (every K steps the last K losses go back 2K-1, so that each of an"
            + " endless stream looks back over K to 2K-1 steps), and the bias of fixed:2K-1, which"
            + " remembers as many:");
    table(AuditTable.everyLoss(result, false));
    say("fixed:K (segments of K steps: a loss looks back over 1 to K):");
    table(AuditTable.fixed(result, shown(), false));
    if (!result.others().isEmpty()) {
      table(AuditTable.others(result));
    }
    if (!result.drawn().isEmpty()) {
      table(AuditTable.drawn(result));
    }
    say(recommendation.headline());
    recommendation.reasons().forEach(this::point);
    unbounded().ifPresent(warning -> point("Beware: " + warning));
  }

  private void setting() {
    AuditResult.Setting s = result.setting();
    say(
        String.format(
            Locale.ROOT,
            "Against the exact gradient over %s steps of %d windows of %d %s: %s; intervals are"
                + " the jackknife's over the windows. Activations took %s.",
            Numbers.count(s.steps()),
            s.windows(),
            s.lanes(),
            s.lanes() == 1 ? "stream" : "streams",
            s.data(),
            result.room().sentence()));
  }

  // The powers of two and the one that is good enough: the rest stands in the files.
  private Predicate<Integer> shown() {
    int chosen =
        Recommendation.smallest(result, Truncation.FIXED, bias).map(Map.Entry::getKey).orElse(1);
    return k -> Integer.bitCount(k) == 1 || k == chosen;
  }

  // Of the couplings whose variance has no bound, what is to be said of the longest.
  private Optional<String> unbounded() {
    double decay = result.lags().decay().value();
    return result.drawn().stream()
        .flatMap(drawn -> VarianceWarning.of(drawn.coupling(), decay).stream())
        .reduce((one, next) -> next);
  }

  private void table(Table table) {
    terminal.out().print(TerminalTable.render(table));
    terminal.out().println();
  }

  private void say(String sentence) {
    terminal.out().println(Wrapped.of(sentence, WIDTH, ""));
  }

  private void point(String sentence) {
    terminal.out().println(Wrapped.of(sentence, WIDTH, "- "));
  }
}
