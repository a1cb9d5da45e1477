package dev.lookback.cli.explain;

import static dev.lookback.cli.explain.Outline.steps;

import dev.lookback.cli.report.Numbers;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** "Analysis of Gradients in RNNs": how the state depends on one weight, in full and truncated. */
final class ScalarSection {
  private static final int MOST_TERMS = 4;
  private static final double ROUNDING = 1e-13;

  private final Unit unit;
  private final Subject subject;
  private final Engine engine;
  private final Outline out;

  ScalarSection(Unit unit, Subject subject, Engine engine, Outline out) {
    this.unit = unit;
    this.subject = subject;
    this.engine = engine;
    this.out = out;
  }

  /** A column of one number a step. */
  static double[][] column(double... values) {
    double[][] column = new double[values.length][];
    for (int t = 0; t < values.length; t++) {
      column[t] = new double[] {values[t]};
    }
    return column;
  }

  void write() {
    out.section("scalar", "How far back one weight reaches: a_t = b_t + c_t a_{t-1}");
    out.words(
        "One unit, so that every derivative is a number: h_t = phi(w_x x_t + w h_{t-1} + b) with"
            + " w_x and b of the first unit above, w = 0.9 and h_0 = 0.5; phi is "
            + unit.setup().activation().label()
            + ". It asks how h_t moves with w, on which every step before it depends too.");
    recursion();
    expanded();
    truncated();
  }

  private void recursion() {
    out.equation(
        """
        dh_t/dw = df/dw + df/dh_{t-1} dh_{t-1}/dw
        a_t     = b_t   + c_t         a_{t-1},      a_0 = 0""",
        "w acts now, and through the state that all steps before have left");
    out.values(
        "h_t, b_t = phi' h_{t-1}, c_t = phi' w",
        steps(unit.steps()),
        Side.of("h_t", column(unit.states())),
        Side.of("b_t", column(unit.recursion().b())),
        Side.of("c_t", column(unit.recursion().c())));
    Side book = Side.book(column(unit.recursion().recursive()));
    double[] whole = new double[unit.steps()];
    Arrays.fill(whole, 1);
    out.agree(
        "a_t = dh_t/dw",
        steps(unit.steps()),
        book,
        Side.engine(column(unit.byEngine(engine, drawn(Coupling.full())))),
        book,
        Side.differences(column(unit.byDifferences(whole))));
  }

  private Coupled drawn(Coupling coupling) {
    return coupling.couple(unit.steps(), 1, Randomness.of(0));
  }

  private void expanded() {
    out.equation(
        "a_t = b_t + sum_{i=1}^{t-1} ( prod_{j=i+1}^{t} c_j ) b_i",
        "the same with a_{t-1} put in again and again: a chain of factors c for every step back");
    out.lines(terms());
    Side recursion = Side.of("recursion (book)", column(unit.recursion().recursive()));
    out.agree(
        "a_t",
        steps(unit.steps()),
        recursion,
        Side.of("every term (book)", column(unit.recursion().expanded())),
        recursion);
  }

  /** The terms of a_T in letters and numbers. */
  private List<String> terms() {
    int last = unit.steps();
    List<String> letters = new ArrayList<>();
    List<String> numbers = new ArrayList<>();
    StringBuilder factors = new StringBuilder();
    double product = 1;
    for (int i = last; i >= 1 && last - i < MOST_TERMS; i--) {
      letters.add(factors + "b_" + i);
      numbers.add(number(product * unit.recursion().b()[i - 1]));
      factors.append("c_").append(i).append(' ');
      product *= unit.recursion().c()[i - 1];
    }
    if (last > MOST_TERMS) {
      letters.add("..");
      numbers.add("..");
    }
    String left = "a_" + last;
    double a = unit.recursion().recursive()[last - 1];
    return List.of(
        left + " = " + String.join(" + ", letters),
        " ".repeat(left.length())
            + " = "
            + String.join(" + ", numbers).replace("+ -", "- ")
            + " = "
            + number(a));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private void truncated() {
    int tau = tau();
    out.equation(
        "a_t ~ sum_{i=t-tau+1}^{t} ( prod_{j=i+1}^{t} c_j ) b_i",
        "truncated: stop after tau terms, here tau = "
            + tau
            + "; short memory, bounded cost, and an error");
    Side book = Side.book(column(unit.recursion().truncated(tau)));
    out.agree(
        "a_t after " + tau + " terms",
        steps(unit.steps()),
        book,
        Side.engine(column(unit.byEngine(engine, drawn(Coupling.sliding(1, tau))))),
        book);
    List<String> errors = new ArrayList<>();
    int last = unit.steps() - 1;
    double exact = unit.recursion().recursive()[last];
    for (int k = 1; k <= Math.min(unit.steps(), 6); k++) {
      double error = exact - unit.recursion().truncated(k)[last];
      errors.add(Math.abs(error) < ROUNDING ? "0" : Numbers.significant(error, 2));
    }
    out.words(
        "What is missing from a_"
            + unit.steps()
            + " after tau = 1, 2, .. terms: "
            + String.join(", ", errors)
            + (unit.steps() <= 6 ? ". At tau = T nothing is." : ", .."));
  }

  private int tau() {
    return subject.couplings().stream()
        .filter(Coupling.Fixed.class::isInstance)
        .map(c -> Math.min(unit.steps(), ((Coupling.Fixed) c).tau()))
        .findFirst()
        .orElse(Math.min(unit.steps(), 2));
  }
}
