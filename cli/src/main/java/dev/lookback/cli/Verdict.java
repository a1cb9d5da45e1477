package dev.lookback.cli;

import dev.lookback.analysis.Student;
import dev.lookback.cli.report.Numbers;
import dev.lookback.data.task.Baseline;
import dev.lookback.data.task.Task;
import dev.lookback.gradient.Coupling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the numbers of a comparison say, in words.
 *
 * @param headline the one sentence
 * @param reasons the sentences behind it
 */
record Verdict(String headline, List<String> reasons) {
  // Blocks are whole, so that equal needs come out a block apart.
  private static final double SAME_MEMORY = 1.1;

  /** Of contenders on a text, or on a task with its known optimum. */
  static Verdict of(List<Contender> contenders, Optional<Task> task) {
    Contender best =
        contenders.stream().min(Comparator.comparingDouble(Contender::result)).orElseThrow();
    List<String> reasons = new ArrayList<>();
    for (Contender c : contenders) {
      reasons.add(describe(c));
    }
    Optional<String> unlearned = task.flatMap(t -> unlearned(t, best));
    if (unlearned.isEmpty()) {
      howFarBack(contenders, best).ifPresent(reasons::add);
    }
    reasons.addAll(fixedAgainstRandom(contenders));
    reasons.addAll(slidingAgainstFixed(contenders));
    recomputed(contenders).ifPresent(reasons::add);
    for (Contender c : contenders) {
      VarianceWarning.of(c.coupling(), c.mean(run -> run.lags().decay()))
          .ifPresent(warning -> reasons.add("Warning: " + warning));
    }
    if (best.runs().size() == 1) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "One seed each: differences of %s may be chance. --seeds 5 shows the spread.",
              best.score().perplexity()
                  ? "a per cent or two"
                  : Numbers.significant(best.score().indistinct(best.result()), 1) + " or less"));
    }
    return new Verdict(unlearned.orElse(headline(contenders, best)), reasons);
  }

  private static String headline(List<Contender> contenders, Contender best) {
    Contender cheapest =
        contenders.stream()
            .filter(c -> !isWorse(c, best) && bytes(c) < bytes(best))
            .min(Comparator.comparingDouble(Verdict::bytes))
            .orElse(best);
    String what =
        String.format(
            Locale.ROOT,
            "%s ends with the lowest validation %s, %s",
            best.label(),
            best.score().name(),
            result(best));
    if (cheapest.equals(best)) {
      return what + ", and needs the least memory of those that are as good.";
    }
    return String.format(
        Locale.ROOT,
        "%s; %s cannot be told from it (%s) and needs %s of its activation memory.",
        what,
        cheapest.label(),
        result(cheapest),
        Numbers.percent(bytes(cheapest) / bytes(best)));
  }

  /** Whether c's result lies above best's beyond chance (95 %), or, of one run, by two per cent. */
  private static boolean isWorse(Contender c, Contender best) {
    double difference = c.result() - best.result();
    if (Math.min(c.runs().size(), best.runs().size()) == 1) {
      return difference > best.score().indistinct(best.result());
    }
    int freedom = c.runs().size() + best.runs().size() - 2;
    return difference > Student.quantile(0.95, freedom) * standardError(c, best);
  }

  private static double standardError(Contender a, Contender b) {
    double sa = a.spread(a::result);
    double sb = b.spread(b::result);
    return Math.sqrt(sa * sa / a.runs().size() + sb * sb / b.runs().size());
  }

  private static double bytes(Contender c) {
    return c.mean(run -> run.outcome().peakActivationBytes());
  }

  private static String result(Contender c) {
    return c.runs().size() > 1
        ? Numbers.plusMinus(c.result(), c.spread(c::result))
        : Numbers.significant(c.result(), 4);
  }

  private static String describe(Contender c) {
    double bias = c.mean(run -> run.lastFinding().relativeBias());
    double error = c.mean(run -> run.lastFinding().standardError());
    double variance = c.mean(run -> run.lastFinding().variance());
    double descends = c.mean(run -> run.lastFinding().descends());
    String gradient =
        switch (c.coupling().promise()) {
          case EXACT -> "its gradient is exact";
          case BIASED ->
              String.format(
                  Locale.ROOT,
                  "its gradient is off by %s of the exact one's length (cosine %s), every time",
                  Numbers.percent(bias),
                  Numbers.fixed(c.mean(run -> run.lastFinding().cosine()), 3));
          case UNBIASED ->
              String.format(
                  Locale.ROOT,
                  "its gradient is unbiased (measured %s, %s expected from chance alone) but one"
                      + " draw, averaged over the audit's windows, varies by %s |g|² and points"
                      + " downhill %s of the time",
                  Numbers.percent(bias),
                  Numbers.percent(error),
                  Numbers.significant(variance, 2),
                  Numbers.percent(descends));
        };
    return String.format(
        Locale.ROOT,
        "%s: %s %s in %s with %s of activations; %s.",
        c.label(),
        c.score().name(),
        result(c),
        Numbers.duration(c.mean(run -> run.outcome().seconds())),
        Numbers.bytes(Math.round(bytes(c))),
        gradient);
  }

  /** The chapter's claim, on this text: random truncation against fixed of the same mean length. */
  private static List<String> fixedAgainstRandom(List<Contender> contenders) {
    List<String> sentences = new ArrayList<>();
    for (Contender random : contenders) {
      for (Contender fixed : contenders) {
        if (random.coupling() instanceof Coupling.Randomised drawn
            && fixed.coupling() instanceof Coupling.Fixed cut
            && cut.tau() == drawn.mean()) {
          sentences.add(against(random, fixed, cut.tau()));
        }
      }
    }
    return sentences;
  }

  /** On a task the best may still know nothing, and then the ranks mean nothing. */
  private static Optional<String> unlearned(Task task, Contender best) {
    double above = best.result() - task.optimum();
    Baseline worst = task.baselines().get(0);
    if (above > worst.loss() - task.optimum() - best.score().indistinct(best.result())) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "No coupling learned the task: the best, %s, ends at %s, and \"%s\" is %s. Train"
                  + " longer: who ends as well as whom means nothing yet.",
              best.label(),
              result(best),
              worst.name(),
              TaskNames.number(worst.loss())));
    }
    return Optional.empty();
  }

  /** At about the same memory: one stretch that moves along against one that is cut. */
  private static List<String> slidingAgainstFixed(List<Contender> contenders) {
    List<String> sentences = new ArrayList<>();
    for (Contender sliding : contenders) {
      for (Contender fixed : contenders) {
        double ratio = bytes(sliding) / bytes(fixed);
        if (sliding.coupling() instanceof Coupling.Sliding
            && fixed.coupling() instanceof Coupling.Fixed
            && Math.max(ratio, 1 / ratio) <= SAME_MEMORY) {
          sentences.add(
              String.format(
                  Locale.ROOT,
                  "%s, whose losses look back %s or more, %s %s, which remembers as many"
                      + " bytes and whose losses look back 1 or more: %s against %s, in %s against"
                      + " %s.",
                  sliding.label(),
                  steps(sliding.reach().fewest()),
                  outcome(sliding, fixed),
                  fixed.label(),
                  result(sliding),
                  result(fixed),
                  seconds(sliding),
                  seconds(fixed)));
        }
      }
    }
    return sentences;
  }

  /** What a memory budget cost. */
  private static Optional<String> recomputed(List<Contender> contenders) {
    List<String> all =
        contenders.stream()
            .filter(c -> c.mean(Contender.Run::computed) > 1)
            .map(
                c ->
                    c.label()
                        + " computed each step "
                        + Numbers.significant(c.mean(Contender.Run::computed), 3)
                        + " times")
            .toList();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of("To keep to the memory, " + String.join(", ", all) + " on average.");
  }

  private static String outcome(Contender a, Contender b) {
    String verb = a.runs().size() == 1 ? "ended " : "is ";
    return verb
        + (isWorse(a, b)
            ? "worse than"
            : isWorse(b, a) ? "better than" : "not distinguishable from");
  }

  private static String steps(int count) {
    return Numbers.count(count) + (count == 1 ? " step" : " steps");
  }

  private static String seconds(Contender c) {
    return Numbers.duration(c.mean(run -> run.outcome().seconds()));
  }

  /** The question people come with: the shortest segments that are good enough, and why. */
  private static Optional<String> howFarBack(List<Contender> contenders, Contender best) {
    Optional<Coupling.Fixed> shortest =
        contenders.stream()
            .filter(c -> !isWorse(c, best))
            .map(Contender::coupling)
            .filter(Coupling.Fixed.class::isInstance)
            .map(Coupling.Fixed.class::cast)
            .min(Comparator.comparingInt(Coupling.Fixed::tau));
    Contender first = contenders.get(0);
    String halfLife =
        String.format(
            Locale.ROOT,
            "In the network trained with %s, credit halves every %s steps.",
            first.label(),
            Numbers.significant(first.mean(run -> run.lags().halfLife()), 2));
    return shortest.map(
        fixed ->
            "How far back? Segments of "
                + fixed.tau()
                + " steps are the shortest tried that end as well as the best. "
                + halfLife);
  }

  private static String against(Contender random, Contender fixed, int length) {
    boolean plain = random.label().equals("random:" + length);
    return String.format(
        Locale.ROOT,
        "%s %s fixed truncation of that length here: %s against %s.",
        (plain ? "Random truncation with" : random.label() + " with") + " mean length " + length,
        outcome(random, fixed),
        result(random),
        result(fixed));
  }
}
