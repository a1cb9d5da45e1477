package dev.lookback.cli.explain;

import com.google.gson.JsonObject;
import dev.lookback.book.ElmanGradient;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Influence;
import dev.lookback.book.Matrices;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.gradient.Coupling;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** dh_t/dw of all weights at once, and why nobody computes it: the operations counted. */
final class InfluenceSection {
  private static final double PER_SECOND = 1e9;

  private final Subject subject;
  private final Engine engine;
  private final Outline out;
  private final ElmanTrace trace;

  InfluenceSection(Subject subject, Engine engine, Outline out) {
    this.subject = subject;
    this.engine = engine;
    this.out = out;
    this.trace = subject.setup().trace(subject.x());
  }

  void write() {
    out.section("influence", "All weights at once: the gradient forward in time");
    out.words(
        "The same question for the whole network with phi = "
            + subject.setup().activation().label()
            + ": the H = "
            + hidden()
            + " numbers of h_t by the p = H (D + H + 1) = "
            + parameters()
            + " weights of the layer, a matrix M_t. J_t = dh_t/dh_{t-1}, and I_t is dh_t/dw with"
            + " h_{t-1} held.");
    double[][] q = q();
    Influence influence = Influence.of(trace);
    Influence.Result recursion = influence.byRecursion(q);
    Influence.Result expanded = influence.byExpandedSum(q);
    Influence.Result sweep = influence.bySweep(q);
    double[][] last = recursion.influence()[trace.steps() - 1];
    out.equation("M_t = J_t M_{t-1} + I_t", "a matrix carried along with the state, H times p");
    Side book = Side.book(last);
    out.agree(
        "M_T = dh_T/dw: a row for each unit, a column for each weight",
        List.of(),
        book,
        Side.engine(byEngine()),
        book,
        Side.differences(byDifferences()));
    out.equation(
        "M_t = sum_{i=1}^{t} ( prod_{j=i+1}^{t} J_j ) I_i",
        "every path through time by itself, a product of Jacobians for each");
    Side recursive = Side.of("recursion (book)", last);
    out.agree(
        "M_T",
        List.of(),
        recursive,
        Side.of("every term (book)", expanded.influence()[trace.steps() - 1]),
        recursive);
    out.equation(
        """
        dL/dw = sum_t q_t M_t                            forward in time
        dL/dw = sum_t I_t^T delta_t                      backward in time
        delta_t = q_t + J_{t+1}^T delta_{t+1}""",
        "the same gradient; backward in time a vector does what forward takes a matrix");
    Side backward = Side.of("backward sweep", sweep.gradient());
    out.agree(
        "dL/dw of the layer",
        List.of(),
        backward,
        Side.of("recursion", recursion.gradient()),
        Side.of("every term", expanded.gradient()),
        backward);
    counts(recursion, expanded, sweep);
  }

  private int hidden() {
    return subject.setup().hidden();
  }

  private int parameters() {
    return hidden() * (subject.setup().network().inputs() + hidden() + 1);
  }

  /** q_t = dL/do_t W_hq^T. */
  private double[][] q() {
    double[][] byOutput = new double[trace.steps()][];
    ElmanGradient gradient = ElmanGradient.full(trace, subject.loss());
    for (int t = 0; t < byOutput.length; t++) {
      byOutput[t] = Matrices.multiply(trace.network().whq(), gradient.outputs()[t][0]);
    }
    return byOutput;
  }

  private double[][] byEngine() {
    double[][] rows = new double[hidden()][];
    for (int i = 0; i < rows.length; i++) {
      Engine.Found found =
          engine.byWeights(
              subject.setup(), trace.steps() - 1, i, subject.drawn(Coupling.full(), trace.steps()));
      rows[i] = Arrays.copyOf(doubles(found.gradient().values()), parameters());
    }
    return rows;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  private double[][] byDifferences() {
    ElmanNetwork network = trace.network();
    double[] layer = Arrays.copyOf(network.parameters(), parameters());
    // All units ask for the state at the same moved weights.
    Map<DoubleBuffer, double[]> states = new HashMap<>();
    double[][] rows = new double[hidden()][];
    for (int i = 0; i < rows.length; i++) {
      int unit = i;
      rows[i] =
          Judge.derivative(
              network.phi(),
              moved ->
                  states
                      .computeIfAbsent(DoubleBuffer.wrap(moved[0]), weights -> lastState(moved[0]))[
                      unit],
              layer)[0];
    }
    return rows;
  }

  /** h_T with other weights in the layer. */
  private double[] lastState(double[] layer) {
    double[] all = trace.network().parameters();
    System.arraycopy(layer, 0, all, 0, layer.length);
    ElmanTrace moved = trace.network().withParameters(all).forward(trace.inputs(), trace.h0());
    return moved.h()[0][trace.steps() - 1][0];
  }

  private void counts(
      Influence.Result recursion, Influence.Result expanded, Influence.Result sweep) {
    Size here = new Size(trace.steps(), subject.setup().network().inputs(), hidden());
    Size large = new Size(35, 28, 512);
    Table table =
        Table.of(
            Column.text("dL/dw by"),
            Column.number("multiplications here"),
            Column.number("at T=35, D=28, H=512"),
            Column.number("at a billion a second"),
            Column.number("numbers carried there"));
    JsonObject numbers = new JsonObject();
    long[] counted = {
      recursion.multiplications(), expanded.multiplications(), sweep.multiplications()
    };
    double[] there = {large.recursion(), large.expanded(), large.sweep()};
    double[] carried = {
      (double) large.hidden() * large.parameters(),
      (large.steps() + large.inputs() + large.hidden() + 1.0) * large.hidden() * large.hidden(),
      (double) large.steps() * large.hidden()
    };
    String[] names = {"recursion M_t", "every term", "backward sweep"};
    String[] keys = {"recursion", "expanded", "sweep"};
    for (int i = 0; i < names.length; i++) {
      table =
          table.row(
              names[i],
              Numbers.count(counted[i]),
              Numbers.compact(there[i]),
              Numbers.duration(there[i] / PER_SECOND),
              Numbers.compact(carried[i]));
      JsonObject one = new JsonObject();
      one.addProperty("multiplications", counted[i]);
      one.addProperty("multiplications_at_35_28_512", there[i]);
      numbers.add(keys[i], one);
    }
    out.figures(
        "\"Practically impossible\", in numbers: one gradient of one lane, here (T="
            + here.steps()
            + ", D="
            + here.inputs()
            + ", H="
            + here.hidden()
            + ", counted as they were made) and for the chapter's own network on The Time"
            + " Machine (by formula).",
        table,
        numbers);
    out.words(
        "There the sweep makes "
            + Numbers.compact(there[0] / there[2])
            + " times fewer multiplications than the recursion and "
            + Numbers.compact(there[1] / there[2])
            + " times fewer than the sum of every term, which skips the zeros of I_t but grows with"
            + " T^2. What it pays is memory: the states of all T steps, until truncation cuts"
            + " them.");
  }

  /** The counts that {@link Influence} states. */
  record Size(int steps, int inputs, int hidden) {
    double parameters() {
      return (double) hidden * (inputs + hidden + 1);
    }

    private double jacobians() {
      return (steps - 1.0) * hidden * hidden;
    }

    private double immediates() {
      return (double) steps * hidden * (inputs + hidden);
    }

    double recursion() {
      double square = (double) hidden * hidden;
      return immediates()
          + steps * hidden * parameters()
          + jacobians()
          + (steps - 1.0) * square * parameters();
    }

    double expanded() {
      double cube = (double) hidden * hidden * hidden;
      return immediates()
          + steps * hidden * parameters()
          + jacobians()
          + steps * (steps - 1.0) / 2 * hidden * parameters()
          + (steps - 1.0) * (steps - 2.0) / 2 * cube;
    }

    double sweep() {
      return steps * (hidden + (double) hidden * (inputs + hidden)) + jacobians();
    }
  }
}
