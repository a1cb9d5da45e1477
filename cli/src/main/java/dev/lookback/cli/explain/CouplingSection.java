package dev.lookback.cli.explain;

import static dev.lookback.cli.explain.Outline.steps;

import com.google.gson.JsonObject;
import dev.lookback.book.ElmanGradient;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.RandomTruncation;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.book.Sweep;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The Elman network itself: one sweep, one vector xi, and what each coupling makes of them. */
final class CouplingSection {
  private static final List<String> SYMBOLS = List.of("W_xh", "W_hh", "b_h", "W_hq", "b_q");

  private static final int MOST_STEPS = 11;
  private static final int LINE = 76;

  private final Subject subject;
  private final Setup setup;
  private final Engine engine;
  private final Outline out;
  private final ElmanTrace trace;
  private final ElmanGradient exact;

  CouplingSection(Subject subject, Engine engine, Outline out) {
    this.subject = subject;
    this.setup = subject.setup();
    this.engine = engine;
    this.out = out;
    this.trace = setup.trace(subject.x());
    this.exact = ElmanGradient.full(trace, subject.loss());
  }

  void write() {
    out.section("couplings", "One sweep, one vector xi: full, truncated, randomised");
    out.words(
        "The network with its biases and phi = "
            + setup.activation().label()
            + ". Its matrices multiply rows, as in code: [inputs, outputs].");
    forward();
    out.equation(
        """
        q_t     = dL/do_t W_hq^T
        delta_t = q_t + xi_{t+1} da_{t+1} W_hh^T
        da_t    = delta_t * phi'(a_t)""",
        "what reaches step t: its own loss, and what step t+1 sends back times xi on the link");
    out.equation(
        """
        dW_hq = sum_t h_t^T dL/do_t      db_q = sum_t dL/do_t
        dW_xh = sum_t x_t^T da_t         db_h = sum_t da_t
        dW_hh = sum_t h_{t-1}^T da_t""",
        "xi changes da alone: the gradient of the readout is exact under every coupling");
    out.words(
        "The differences are those of a loss whose links carry hbar + xi (h - hbar), where hbar is"
            + " the state as it is, held fixed: at xi = 0 nothing goes back, at xi = 1 all does.");
    out.words(
        "What xi cuts, over "
            + (subject.isText() ? "the text" : "a text")
            + ": a stroke for every link where xi = 0.");
    out.lines(new Pictures(subject).strokes());
    JsonObject numbers = new JsonObject();
    Table table =
        Table.of(
            Column.text("coupling"),
            Column.number("segments"),
            Column.number("longest", "steps"),
            Column.number("|g|"),
            Column.number("|g - exact|", "of |exact|"),
            Column.number("cosine"));
    for (Coupling coupling : subject.couplings()) {
      table = coupled(coupling, table, numbers);
    }
    out.figures(
        "How far each gradient g, all weights together, is from the exact one. A truncated gradient"
            + " is off in the same way at every update; a random one is off by chance, and right"
            + " on average.",
        table,
        numbers);
  }

  private void forward() {
    out.equation(
        """
        h_t = phi(a_t),   a_t = x_t W_xh + h_{t-1} W_hh + b_h
        o_t = h_t W_hq + b_q""",
        "the network that is trained");
    Side h = Side.book(lane(trace.h()[0]));
    out.agree("h_t", steps(trace.steps()), h, Side.engine(engine.states(setup)), h);
    Side o = Side.book(lane(trace.o()));
    out.agree("o_t", steps(trace.steps()), o, Side.engine(engine.outputs(setup)), o);
    Side loss = Side.book(new double[] {trace.loss(subject.loss())});
    double found = engine.gradient(setup, subject.drawn(Coupling.full(), trace.steps())).loss();
    out.agree("L", List.of(), loss, Side.engine(new double[] {found}), loss);
  }

  private static double[][] lane(double[][][] values) {
    double[][] lane = new double[values.length][];
    for (int t = 0; t < lane.length; t++) {
      lane[t] = values[t][0];
    }
    return lane;
  }

  private Table coupled(Coupling coupling, Table table, JsonObject numbers) {
    Coupled drawn = subject.drawn(coupling, trace.steps());
    ElmanGradient book = book(drawn);
    out.subheading(coupling.label());
    out.lines(xi(drawn));
    ElmanNetwork judged = differences(drawn);
    double[][] da = engine.byPreActivation(setup, subject.x(), drawn);
    Side step = Side.book(byPreActivation(book));
    out.agree("da_t", steps(trace.steps()), step, Side.engine(da), step);
    Engine.Found found = engine.gradient(setup, drawn);
    for (int i = 0; i < SYMBOLS.size(); i++) {
      // The readout's gradient is the same under all of them: once is enough.
      if (i < 3 || coupling.equals(subject.couplings().get(0))) {
        Side side = Side.book(tensor(book.weights(), i));
        out.agree(
            "d" + SYMBOLS.get(i),
            List.of(),
            side,
            Side.engine(found.matrix(setup.network().layout().tensors().get(i).name())),
            side,
            Side.differences(tensor(judged, i)));
      }
    }
    if (coupling instanceof Coupling.Randomised random && trace.steps() <= MOST_STEPS) {
      expectation(random);
    }
    return row(coupling, drawn, book, table, numbers);
  }

  private void expectation(Coupling.Randomised random) {
    List<Outcome> outcomes =
        RandomTruncation.shared(trace.steps(), 1, (t, since) -> random.keep().at(t, since));
    double[] mean =
        RandomTruncation.moments(
                outcomes,
                xi -> ElmanGradient.coupled(trace, subject.loss(), trace.steps(), xi).parameters())
            .mean();
    Side whole = Side.of("exact dW_hh", tensor(exact.weights(), 1));
    out.agree(
        "E[dW_hh] over all " + Numbers.count(outcomes.size()) + " outcomes of xi: unbiased",
        List.of(),
        whole,
        Side.of("E[dW_hh]", tensor(trace.network().withParameters(mean), 1)),
        whole);
  }

  private ElmanGradient book(Coupled drawn) {
    double[][] xi = new double[trace.steps()][1];
    for (int t = 0; t < xi.length; t++) {
      xi[t][0] = drawn.links().at(t, 0);
    }
    List<Sweep> sweeps =
        drawn.sweeps().stream()
            .map(sweep -> new Sweep(sweep.injectFrom(), sweep.to(), sweep.backTo()))
            .toList();
    return ElmanGradient.of(trace, subject.loss(), trace.steps(), xi, sweeps);
  }

  /** da_t = delta_t phi'(a_t). */
  private double[][] byPreActivation(ElmanGradient gradient) {
    double[][] da = new double[trace.steps()][setup.hidden()];
    for (int t = 0; t < da.length; t++) {
      for (int i = 0; i < da[t].length; i++) {
        double slope = trace.network().phi().derivativeAt(trace.h()[0][t][0][i]);
        da[t][i] = gradient.delta()[0][t][0][i] * slope;
      }
    }
    return da;
  }

  private ElmanNetwork differences(Coupled drawn) {
    double[][] by =
        Judge.derivative(
            trace.network().phi(),
            w -> Judge.loss(trace.network().withParameters(w[0]), trace, subject.loss(), drawn),
            trace.network().parameters());
    return trace.network().withParameters(by[0]);
  }

  /** W_xh, W_hh, b_h, W_hq or b_q. */
  private static double[][] tensor(ElmanNetwork of, int i) {
    ElmanNetwork.Layer layer = of.layers().get(0);
    return switch (i) {
      case 0 -> layer.wxh();
      case 1 -> layer.whh();
      case 2 -> new double[][] {layer.bh()};
      case 3 -> of.whq();
      default -> new double[][] {of.bq()};
    };
  }

  private List<String> xi(Coupled drawn) {
    List<String> factors = new ArrayList<>();
    for (int t = 0; t < trace.steps(); t++) {
      factors.add(factor(drawn.links().at(t, 0)));
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder("xi_1 .. xi_" + trace.steps() + " =");
    int lead = line.length();
    for (String factor : factors) {
      if (line.length() + 1 + factor.length() > LINE) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(lead));
      }
      line.append(' ').append(factor);
    }
    lines.add(line.toString());
    boolean sliding =
        drawn.sweeps().stream().anyMatch(sweep -> sweep.backTo() < sweep.injectFrom());
    for (int i = 0; sliding && i < drawn.sweeps().size(); i++) {
      dev.lookback.gradient.Sweep sweep = drawn.sweeps().get(i);
      String losses =
          sweep.to() - sweep.injectFrom() == 1
              ? "the loss of t=" + sweep.to() + " goes"
              : "the losses of t=" + (sweep.injectFrom() + 1) + ".." + sweep.to() + " go";
      lines.add("sweep " + (i + 1) + ": " + losses + " back to t=" + (sweep.backTo() + 1));
    }
    return lines;
  }

  private static String factor(float xi) {
    return xi == Math.rint(xi)
        ? Integer.toString(Math.round(xi))
        : String.format(Locale.ROOT, "%.2f", xi);
  }

  private Table row(
      Coupling coupling, Coupled drawn, ElmanGradient book, Table table, JsonObject numbers) {
    double[] g = book.parameters();
    double[] e = exact.parameters();
    double norm = Matrices.norm(g);
    double length = Matrices.norm(e);
    double off = Matrices.norm(Matrices.add(g, Matrices.scale(-1, e))) / length;
    double cosine = Matrices.dot(g, e) / (norm * length);
    JsonObject one = new JsonObject();
    one.addProperty("segments", drawn.sweeps().size());
    one.addProperty("longest_segment", drawn.longestSegment());
    one.addProperty("gradient_norm", norm);
    one.addProperty("relative_distance", off);
    one.addProperty("cosine", cosine);
    numbers.add(coupling.label(), one);
    return table.row(
        coupling.label(),
        Integer.toString(drawn.sweeps().size()),
        Integer.toString(drawn.longestSegment()),
        Numbers.significant(norm, 4),
        off == 0 ? "0" : Numbers.percent(off),
        Numbers.fixed(cosine, 4));
  }
}
