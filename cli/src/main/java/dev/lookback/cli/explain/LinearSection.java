package dev.lookback.cli.explain;

import static dev.lookback.cli.explain.Outline.steps;

import dev.lookback.book.BookLoss;
import dev.lookback.book.LinearNetwork;
import dev.lookback.book.Matrices;
import dev.lookback.book.Phi;
import dev.lookback.cell.Activation;
import dev.lookback.cli.report.Numbers;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Randomness;
import dev.lookback.network.Network;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * "Backpropagation Through Time in Detail": the network without biases whose activation is the
 * identity, and every derivative of its loss.
 */
final class LinearSection {
  private static final int POWERS = 6;

  private final Outline out;
  private final Engine engine;
  private final Setup setup;
  private final double[][] x;
  private final BookLoss loss;
  private final LinearNetwork book;
  private final double[] h0;
  private final LinearNetwork.Derivatives exact;
  private final boolean classes;

  LinearSection(Subject subject, Engine engine, Outline out) {
    this.out = out;
    this.engine = engine;
    this.setup = setup(subject);
    this.x = subject.x();
    this.loss = subject.loss();
    this.book = book(setup);
    this.h0 = setup.h0();
    this.exact = book.derivatives(x, loss);
    this.classes = subject.isText();
  }

  /** The subject's network without phi and biases. */
  static Setup setup(Subject subject) {
    Setup whole = subject.setup();
    Network network =
        Setup.network(
            whole.network().inputs(),
            whole.hidden(),
            Activation.IDENTITY,
            whole.network().readout(),
            false);
    Weights weights = Weights.zeros(network.layout());
    for (Tensor tensor : network.layout().tensors()) {
      Setup.fill(weights, tensor.name(), whole.matrix(tensor.name()));
    }
    return Setup.of(network, weights, whole.window());
  }

  /** The book's, whose matrices multiply columns. */
  static LinearNetwork book(Setup setup) {
    return new LinearNetwork(
        Matrices.transpose(setup.matrix("rnn.weight_ih_l0")),
        Matrices.transpose(setup.matrix("rnn.weight_hh_l0")),
        Matrices.transpose(setup.matrix("decoder.weight")));
  }

  void write() {
    out.section("linear", "Backpropagation through time in detail: the linear network");
    out.words(
        "As in the chapter: no biases, and the identity for an activation. The weights are those"
            + " above, each transposed: here W_hx, W_hh and W_qh multiply columns.");
    forward();
    outputsAndReadout();
    hidden();
    weights();
  }

  private void forward() {
    out.equation(
        "h_t = W_hx x_t + W_hh h_{t-1},   h_0 = 0",
        "the state mixes this step's input with the state before");
    Side h = Side.book(exact.h());
    out.agree("h_t", steps(x.length), h, Side.engine(engine.states(setup)), h);
    out.equation("o_t = W_qh h_t", "each output is read from its own state");
    Side o = Side.book(exact.o());
    out.agree("o_t", steps(x.length), o, Side.engine(engine.outputs(setup)), o);
    out.equation(
        "L = (1/T) sum_t l(o_t, y_t),   "
            + (classes ? "l = log sum_k exp(o_k) - o_y" : "l = 1/2 |o - y|^2"),
        classes
            ? "the mean over the steps of the surprise at the next character, in nats"
            : "the mean over the steps of half the squared error");
    Side value = Side.book(new double[] {exact.loss()});
    double found = engine.gradient(setup, whole()).loss();
    out.agree("L", List.of(), value, Side.engine(new double[] {found}), value);
  }

  private Coupled whole() {
    return Coupling.full().couple(x.length, 1, Randomness.of(0));
  }

  private void outputsAndReadout() {
    out.equation(
        "dL/do_t = (1/T) dl(o_t, y_t)/do_t",
        "an output's error is its own step's, divided by the number of steps");
    Side byOutput = Side.book(exact.lossByOutput());
    out.agree(
        "dL/do_t",
        steps(x.length),
        byOutput,
        Side.engine(engine.lossByOutput(setup)),
        byOutput,
        Side.differences(differences(o -> book.loss(o, loss), exact.o())));
    out.equation(
        "dL/dW_qh = sum_t dL/do_t h_t^T",
        "the readout learns from each step, without looking back");
    weight("dL/dW_qh", "decoder.weight", exact.gradient().wqh(), 2);
  }

  private void hidden() {
    double[][] found = engine.byPreActivation(setup, x, whole());
    double[][] byHidden = exact.lossByHidden();
    double[][] judged = byHidden(byHidden.length);
    int last = x.length - 1;
    out.equation("dL/dh_T = W_qh^T dL/do_T", "the last state matters through its own output alone");
    Side lastSide = Side.book(book.lossByLastHidden(exact.lossByOutput()));
    out.agree(
        "dL/dh_T",
        List.of(Integer.toString(x.length)),
        lastSide,
        Side.engine(found[last]),
        lastSide,
        Side.differences(judged[last]));
    out.equation(
        "dL/dh_t = W_hh^T dL/dh_{t+1} + W_qh^T dL/do_t",
        "an earlier one also through the state after it: the recursion back in time");
    Side recursion = Side.book(byHidden);
    out.agree(
        "dL/dh_t",
        steps(x.length),
        recursion,
        Side.engine(found),
        recursion,
        Side.differences(judged));
    out.equation(
        "dL/dh_t = sum_{i=t}^{T} (W_hh^T)^{T-i} W_qh^T dL/do_{T+t-i}",
        "the same written out: the further away the loss, the higher the power of W_hh^T");
    Side written = Side.of("recursion (book)", byHidden);
    out.agree(
        "dL/dh_t",
        steps(x.length),
        written,
        Side.of("written out (book)", book.lossByHiddenInClosedForm(exact.lossByOutput())),
        written);
    out.words(powers());
  }

  /** dL/dh_t with h_t moved and everything after it following. */
  private double[][] byHidden(int steps) {
    double[][] by = new double[steps][];
    for (int t = 0; t < steps; t++) {
      int step = t;
      ToDoubleFunction<double[][]> rest =
          moved -> {
            double[] h = moved[0];
            double sum = 0;
            for (int s = step; s < steps; s++) {
              h = s == step ? h : book.hidden(new double[][] {x[s]}, h)[0];
              sum += loss.value(s, 0, book.outputs(new double[][] {h})[0]);
            }
            return sum / steps;
          };
      by[t] = differences(rest, new double[][] {exact.h()[t]})[0];
    }
    return by;
  }

  private String powers() {
    List<String> norms = new ArrayList<>();
    double first = 0;
    double last = 0;
    for (int k = 1; k <= POWERS; k++) {
      last = Matrices.norm(Matrices.power(book.whh(), k));
      first = k == 1 ? last : first;
      norms.add(Numbers.significant(last, 3));
    }
    String trend =
        last < first
            ? " They shrink: what is far away counts less and less, and the gradient vanishes."
            : " They do not shrink: what is far away counts as much or more, and the gradient may"
                + " explode.";
    return "The sizes |W_hh^k| (Frobenius norms) for k = 1, 2, ..: "
        + String.join(", ", norms)
        + "."
        + trend;
  }

  private void weights() {
    out.equation(
        "dL/dW_hx = sum_t dL/dh_t x_t^T", "shared by all steps, so the steps' gradients add up");
    weight("dL/dW_hx", "rnn.weight_ih_l0", exact.gradient().whx(), 0);
    out.equation("dL/dW_hh = sum_t dL/dh_t h_{t-1}^T", "likewise, with the state that came in");
    weight("dL/dW_hh", "rnn.weight_hh_l0", exact.gradient().whh(), 1);
  }

  private void weight(String name, String tensor, double[][] expected, int which) {
    Side side = Side.book(expected);
    double[][] found = engine.gradient(setup, whole()).matrix(tensor);
    double[][] at = new double[][][] {book.whx(), book.whh(), book.wqh()}[which];
    out.agree(
        name,
        List.of(),
        side,
        Side.engine(Matrices.transpose(found)),
        side,
        Side.differences(differences(w -> lossWith(which, w), at)));
  }

  private double lossWith(int which, double[][] w) {
    LinearNetwork moved =
        new LinearNetwork(
            which == 0 ? w : book.whx(), which == 1 ? w : book.whh(), which == 2 ? w : book.wqh());
    return moved.loss(moved.outputs(moved.hidden(x, h0)), loss);
  }

  private static double[][] differences(ToDoubleFunction<double[][]> f, double[][] at) {
    return Judge.derivative(Phi.IDENTITY, f, at);
  }
}
