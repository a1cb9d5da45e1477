package dev.lookback.cli.explain;

import dev.lookback.cli.report.Numbers;
import dev.lookback.math.Team;
import dev.lookback.window.Targets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All that {@code explain} has to say about a subject. */
public final class Lesson {
  private static final double ENGINE = 1e-5;
  private static final double DIFFERENCES = 1e-8;

  private final List<Section> sections;
  private final Subject subject;

  private Lesson(Subject subject, List<Section> sections) {
    this.subject = subject;
    this.sections = sections;
  }

  /** Computes everything. */
  public static Lesson about(Subject subject, Team team) {
    Engine engine = new Engine(team);
    Outline out = new Outline();
    introduction(subject, out);
    new LinearSection(subject, engine, out).write();
    Unit unit = Unit.of(subject);
    new ScalarSection(unit, subject, engine, out).write();
    new RandomSection(unit, subject, engine, out).write();
    new InfluenceSection(subject, engine, out).write();
    new CouplingSection(subject, engine, out).write();
    return new Lesson(subject, out.sections());
  }

  List<Section> sections() {
    return sections;
  }

  Subject subject() {
    return subject;
  }

  /** The largest distance of any side of that source from its reference. */
  double largest(Side like) {
    double largest = 0;
    for (Section section : sections) {
      for (Part part : section.parts()) {
        if (part instanceof Part.Values values && values.reference().isPresent()) {
          for (Side side : values.sides()) {
            boolean counts = side.source().equals(like.source());
            largest = counts ? Math.max(largest, values.distance(side)) : largest;
          }
        }
      }
    }
    return largest;
  }

  /** The largest distance between the engine and the book. */
  double engine() {
    return largest(Side.engine());
  }

  /** The largest distance between the book and its differences. */
  double differences() {
    return largest(Side.differences());
  }

  /** Whether they are where rounding puts them. */
  boolean agrees() {
    return engine() <= ENGINE && differences() <= DIFFERENCES;
  }

  /** What the comparison of all quantities came to. */
  String verdict() {
    return agrees()
        ? "Engine, book and differences agree."
        : "Engine, book and differences do not agree: this is a mistake in Lookback.";
  }

  /** The same in numbers. */
  String reasons() {
    return "Largest disagreement of the engine (float) with the book (double): "
        + Numbers.significant(engine(), 2)
        + ". Of the book with finite differences: "
        + Numbers.significant(differences(), 2)
        + ".";
  }

  private static void introduction(Subject subject, Outline out) {
    Setup setup = subject.setup();
    out.section("network", "What goes in");
    out.words(
        "D = "
            + setup.network().inputs()
            + " inputs, H = "
            + setup.hidden()
            + " hidden units, O = "
            + setup.network().readout().outputs()
            + " outputs, T = "
            + subject.steps()
            + (subject.steps() == 1 ? " step" : " steps")
            + ". The weights have two or three decimals, drawn with seed "
            + subject.seed()
            + ", so that you can calculate along.");
    if (subject.isText()) {
      text(subject, out);
    } else {
      out.values(
          "x_t and y_t",
          Outline.steps(subject.steps()),
          Side.of("x_t", subject.x()),
          Side.of("y_t", targets(setup)));
    }
    out.values("W_xh  [D, H]; W_hx is its transpose", List.of(), side(setup, "rnn.weight_ih_l0"));
    out.values(
        "W_hh  [H, H]; where columns are multiplied, in section 2, its transpose",
        List.of(),
        side(setup, "rnn.weight_hh_l0"));
    out.values("b_h   [H]", List.of(), side(setup, "rnn.bias_ih_l0"));
    out.values("W_hq  [H, O]; W_qh is its transpose", List.of(), side(setup, "decoder.weight"));
    out.values("b_q   [O]", List.of(), side(setup, "decoder.bias"));
    out.words(
        "Each quantity below stands side by side as the engine computes it (float, what trains),"
            + " as the book's equation gives it (double, plain loops), and, where it is a"
            + " derivative, as finite differences of the loss have it, which know nothing of"
            + " backpropagation. What the engine does not hand out, such as dL/dh_t, is asked of"
            + " it as the gradient of a weight that stands in the same place.");
  }

  private static void text(Subject subject, Outline out) {
    List<String> symbols = subject.symbols();
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < symbols.size(); i++) {
      shown.add(i + " " + visible(symbols.get(i)));
    }
    out.words(
        "The text \""
            + subject.text().orElse("")
            + "\": x_t is a 1 in the place of its character and zeros elsewhere, y_t is the next"
            + " character. The vocabulary: "
            + String.join(", ", shown)
            + ".");
    String[] characters =
        subject.text().orElse("").codePoints().mapToObj(Character::toString).toArray(String[]::new);
    StringBuilder x = new StringBuilder("x_t ");
    StringBuilder y = new StringBuilder("y_t ");
    for (int t = 0; t < characters.length - 1; t++) {
      x.append(' ').append(visible(characters[t]));
      y.append(' ').append(visible(characters[t + 1]));
    }
    if (x.length() <= 76) {
      out.lines(Arrays.asList(x.toString(), y.toString()));
    }
  }

  private static String visible(String symbol) {
    return symbol.isBlank() ? "_" : symbol;
  }

  private static double[][] targets(Setup setup) {
    return setup.window().targets() instanceof Targets.Values values
        ? Setup.rows(values.values(), values.width())
        : new double[0][];
  }

  private static Side side(Setup setup, String name) {
    return Side.of("", setup.matrix(name));
  }
}
