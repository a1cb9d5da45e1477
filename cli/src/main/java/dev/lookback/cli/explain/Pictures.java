package dev.lookback.cli.explain;

import dev.lookback.book.LinearNetwork;
import dev.lookback.cli.report.ComputationalGraph;
import dev.lookback.cli.report.TextArrows;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Sweep;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The chapter's two pictures, drawn from the subject's own numbers. */
public final class Pictures {
  private static final int MOST_NUMBERS = 3;

  private final Subject subject;

  /** Of a subject. */
  public Pictures(Subject subject) {
    this.subject = subject;
  }

  /** How many steps the graph shows. */
  int graphSteps() {
    return Math.min(subject.steps(), ComputationalGraph.MOST_STEPS);
  }

  /** The linear network's computational graph, every link whole, as the chapter draws it. */
  public ComputationalGraph graph() {
    Setup linear = LinearSection.setup(subject);
    LinearNetwork.Derivatives exact =
        LinearSection.book(linear).derivatives(subject.x(), subject.loss());
    int steps = graphSteps();
    ComputationalGraph graph = ComputationalGraph.of(steps).value("h_0", vector(linear.h0()));
    for (int t = 0; t < steps; t++) {
      String step = "_" + (t + 1);
      graph =
          graph
              .value("x" + step, input(t))
              .value("h" + step, vector(exact.h()[t]))
              .value("o" + step, vector(exact.o()[t]))
              .value("y" + step, target(t));
    }
    return graph
        .value("L", subject.steps() > steps ? "" : number(exact.loss()))
        .value("W_hx", size(linear.hidden(), linear.network().inputs()))
        .value("W_hh", size(linear.hidden(), linear.hidden()))
        .value("W_qh", size(linear.network().readout().outputs(), linear.hidden()));
  }

  /** The first coupling that cuts or scales a link of the graph, if one does. */
  Optional<Coupling> cutting() {
    return subject.couplings().stream()
        .filter(
            coupling -> {
              Links links = subject.drawn(coupling, subject.steps()).links();
              for (int t = 1; t < graphSteps(); t++) {
                if (links.at(t, 0) != 1) {
                  return true;
                }
              }
              return false;
            })
        .reduce((first, later) -> later);
  }

  /** The same graph with the links of a coupling. */
  ComputationalGraph graph(Coupling coupling) {
    return graph().withXi(Arrays.copyOf(xi(coupling, subject.steps()), graphSteps()));
  }

  /** The text with a row for each coupling. */
  public TextArrows arrows() {
    String text = subject.arrowsText();
    int characters = text.codePointCount(0, text.length());
    TextArrows arrows = TextArrows.of(text);
    for (Coupling coupling : subject.couplings()) {
      if (!(coupling instanceof Coupling.Sliding)) {
        arrows = arrows.row(coupling.label(), xi(coupling, characters));
      }
    }
    return arrows;
  }

  /** The same in letters: a stroke at every cut. */
  List<String> strokes() {
    String text = subject.arrowsText();
    int[] characters = text.codePoints().toArray();
    int label = subject.couplings().stream().mapToInt(c -> c.label().length()).max().orElse(0);
    return subject.couplings().stream()
        .map(
            coupling -> {
              StringBuilder line = new StringBuilder(coupling.label());
              line.append(" ".repeat(label + 2 - line.length()));
              if (coupling instanceof Coupling.Sliding) {
                return line.append(slides(coupling, characters.length)).toString();
              }
              float[] xi = xi(coupling, characters.length);
              for (int t = 0; t < characters.length; t++) {
                line.append(t > 0 && xi[t] == 0 ? "|" : "");
                int c = characters[t];
                line.appendCodePoint(Character.isWhitespace(c) ? '_' : c);
              }
              return line.toString();
            })
        .toList();
  }

  private String slides(Coupling coupling, int characters) {
    List<Sweep> sweeps = subject.drawn(coupling, characters).sweeps();
    return "no cuts: " + sweeps.size() + " sweeps that overlap";
  }

  private float[] xi(Coupling coupling, int steps) {
    Links links = subject.drawn(coupling, steps).links();
    float[] xi = new float[steps];
    for (int t = 0; t < steps; t++) {
      xi[t] = links.at(t, 0);
    }
    return xi;
  }

  private String input(int t) {
    return subject.isText() ? character(t) : vector(subject.x()[t]);
  }

  private String target(int t) {
    if (subject.isText()) {
      return character(t + 1);
    }
    Targets.Values values = (Targets.Values) subject.setup().window().targets();
    return vector(Setup.rows(values.values(), values.width())[t]);
  }

  private String character(int t) {
    int[] characters = subject.arrowsText().codePoints().toArray();
    return Character.isWhitespace(characters[t]) ? "space" : Character.toString(characters[t]);
  }

  private static String vector(double[] values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(values.length, MOST_NUMBERS); i++) {
      text.append(i == 0 ? "" : ", ").append(String.format(Locale.ROOT, "%.2f", values[i]));
    }
    return "[" + text + (values.length > MOST_NUMBERS ? ", …]" : "]");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String size(int rows, int columns) {
    return rows + " × " + columns;
  }
}
