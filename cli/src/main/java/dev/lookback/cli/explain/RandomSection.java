package dev.lookback.cli.explain;

import static dev.lookback.cli.explain.Outline.steps;
import static dev.lookback.cli.explain.ScalarSection.column;

import dev.lookback.book.RandomTruncation;
import dev.lookback.book.RandomTruncation.Moments;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.book.ScalarRecursion;
import dev.lookback.cli.report.Numbers;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Randomised truncation of one number: z_t, as drawn and in expectation. */
final class RandomSection {
  private static final int MOST_STEPS = 12;

  private final Unit unit;
  private final Subject subject;
  private final Engine engine;
  private final Outline out;
  private final Coupling.Randomised coupling;

  RandomSection(Unit unit, Subject subject, Engine engine, Outline out) {
    this.unit = unit;
    this.subject = subject;
    this.engine = engine;
    this.out = out;
    this.coupling = coupling(subject);
  }

  private static Coupling.Randomised coupling(Subject subject) {
    return subject.couplings().stream()
        .filter(Coupling.Randomised.class::isInstance)
        .map(Coupling.Randomised.class::cast)
        .findFirst()
        .orElseGet(() -> (Coupling.Randomised) Coupling.random(2));
  }

  void write() {
    out.section("randomised", "Randomised truncation: cut by chance, scale what is left");
    Coupled drawn = subject.drawn(coupling, unit.steps());
    double[] xi = new double[unit.steps()];
    Arrays.setAll(xi, t -> drawn.links().at(t, 0));
    String pi = Numbers.significant(coupling.keep().at(1, 1), 4);
    String lasting = Numbers.significant(coupling.lastingPi(), 4);
    if (!lasting.equals(pi)) {
      pi = pi + " on the first link after a cut, going to " + lasting;
    }
    out.words(
        "xi_t = 0 with probability 1 - pi and else 1/pi, so that E[xi_t] = 1. Here "
            + coupling.label()
            + ", pi = "
            + pi
            + ", and xi as drawn with seed "
            + subject.seed()
            + ". xi_1 leads into h_0 and is not drawn.");
    ScalarRecursion a = unit.recursion();
    Side exact = Side.of("exact a_t", column(a.recursive()));
    out.equation(
        "z_t = b_t + xi_t c_t dh_{t-1}/dw",
        "as the chapter writes it: the exact derivative on the right, which it wants to avoid");
    out.values(
        "z_t, as written",
        steps(unit.steps()),
        Side.of("xi_t", column(xi)),
        Side.of("z_t (book)", column(a.randomizedOnce(xi))),
        exact);
    out.equation(
        "z_t = b_t + xi_t c_t z_{t-1}", "as it can be run: z itself goes on, and dies at a cut");
    Side z = Side.book(column(a.randomized(xi)));
    out.agree(
        "z_t, as run",
        steps(unit.steps()),
        z,
        Side.engine(column(unit.byEngine(engine, drawn))),
        z,
        Side.differences(column(unit.byDifferences(xi))));
    expectation();
  }

  private void expectation() {
    int few = Math.min(unit.steps(), MOST_STEPS);
    ScalarRecursion a =
        new ScalarRecursion(
            Arrays.copyOf(unit.recursion().b(), few), Arrays.copyOf(unit.recursion().c(), few));
    List<Outcome> outcomes =
        RandomTruncation.shared(few, 1, (t, since) -> coupling.keep().at(t, since));
    Moments once = moments(outcomes, a::randomizedOnce);
    Moments run = moments(outcomes, a::randomized);
    Side exact = Side.of("exact a_t", column(a.recursive()));
    out.equation(
        "E[z_t] = dh_t/dw", "right on average, in both forms: nothing is lost, it only scatters");
    out.agree(
        "E[z_t] over all " + Numbers.count(outcomes.size()) + " outcomes of xi",
        steps(few),
        exact,
        Side.of("E[z_t] as written", column(once.mean())),
        Side.of("E[z_t] as run", column(run.mean())),
        exact);
    out.values(
        "standard deviation of z_t",
        steps(few),
        Side.of("as written", column(roots(once.variance()))),
        Side.of("as run", column(roots(run.variance()))));
    if (few < unit.steps()) {
      out.words("Enumerated for the first " + few + " steps; one more doubles the outcomes.");
    }
    out.words(variance());
  }

  private String variance() {
    double c = Arrays.stream(unit.recursion().c()).map(Math::abs).max().orElse(0);
    double pi = coupling.lastingPi();
    String square = Numbers.significant(c * c, 3);
    String verdict =
        c * c < pi
            ? "and it is: the largest c_t^2 here is " + square + ", pi is "
            : "and it need not be: the largest c_t^2 here is " + square + ", pi is only ";
    return "On an endless stream the variance of z stays finite only while c^2 is below pi, "
        + verdict
        + Numbers.significant(pi, 3)
        + ".";
  }

  private static Moments moments(List<Outcome> outcomes, Function<double[], double[]> z) {
    return RandomTruncation.moments(
        outcomes, xi -> z.apply(Arrays.stream(xi).mapToDouble(lanes -> lanes[0]).toArray()));
  }

  private static double[] roots(double[] variance) {
    return Arrays.stream(variance).map(v -> Math.sqrt(Math.max(0, v))).toArray();
  }
}
