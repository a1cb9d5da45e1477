package dev.lookback.cli.explain;

import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.Phi;
import dev.lookback.book.ScalarRecursion;
import dev.lookback.gradient.Coupled;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;

/**
 * A network of one unit, whose weights and derivatives are single numbers: h_t = phi(w_x x_t + w
 * h_{t-1} + b).
 *
 * @param setup for the engine
 * @param x inputs, {@code [T][D]}
 * @param trace the book's way forward
 * @param recursion a_t = b_t + c_t a_{t-1} with a_t = dh_t/dw
 */
record Unit(Setup setup, double[][] x, ElmanTrace trace, ScalarRecursion recursion) {
  /** Large enough for far steps to count. */
  private static final float W = .9f;

  /** Not zero, so that b_1 = phi' h_0 is not. */
  private static final float H0 = .5f;

  /** The first unit of the subject's network with w set to 0.9 and h_0 to 0.5. */
  static Unit of(Subject subject) {
    Setup whole = subject.setup();
    Network network =
        Setup.network(whole.network().inputs(), 1, whole.activation(), Readout.linear(1), true);
    Weights weights = Weights.zeros(network.layout());
    double[][] in = whole.matrix("rnn.weight_ih_l0");
    double[][] first = new double[in.length][1];
    for (int i = 0; i < in.length; i++) {
      first[i][0] = in[i][0];
    }
    Setup.fill(weights, "rnn.weight_ih_l0", first);
    Setup.fill(weights, "rnn.weight_hh_l0", new double[] {W});
    Setup.fill(weights, "rnn.bias_ih_l0", new double[] {whole.matrix("rnn.bias_ih_l0")[0][0]});
    State state = State.zeros(network, 1);
    state.layer(0)[0][0] = H0;
    Setup setup = new Setup(network, weights, whole.window(), state);
    ElmanTrace trace = setup.trace(subject.x());
    return new Unit(setup, subject.x(), trace, recursion(trace));
  }

  private static ScalarRecursion recursion(ElmanTrace trace) {
    double w = trace.network().layers().get(0).whh()[0][0];
    double[] b = new double[trace.steps()];
    double[] c = new double[trace.steps()];
    for (int t = 0; t < b.length; t++) {
      double slope = trace.network().phi().derivativeAt(trace.h()[0][t][0][0]);
      b[t] = slope * trace.entering(0, t, 0)[0];
      c[t] = slope * w;
    }
    return new ScalarRecursion(b, c);
  }

  int steps() {
    return x.length;
  }

  double w() {
    return trace.network().layers().get(0).whh()[0][0];
  }

  /** h_t, by step. */
  double[] states() {
    double[] h = new double[steps()];
    for (int t = 0; t < h.length; t++) {
      h[t] = trace.h()[0][t][0][0];
    }
    return h;
  }

  /** The engine's dh_t/dw, t = 1..T, under a coupling. */
  double[] byEngine(Engine engine, Coupled coupled) {
    double[] a = new double[steps()];
    for (int t = 0; t < a.length; t++) {
      a[t] = engine.byWeights(setup, t, 0, coupled).matrix("rnn.weight_hh_l0")[0][0];
    }
    return a;
  }

  /**
   * dh_t/dw by differences with links that carry {@code held + xi (h - held)}, so that credit is
   * scaled by xi.
   */
  double[] byDifferences(double[] xi) {
    double[] a = new double[steps()];
    for (int t = 0; t < a.length; t++) {
      int step = t;
      a[t] =
          Judge.derivative(
              trace.network().phi(), w -> state(w[0][0], step, xi), new double[] {w()})[0][0];
    }
    return a;
  }

  private double state(double w, int step, double[] xi) {
    Phi phi = trace.network().phi();
    double[][] wxh = trace.network().layers().get(0).wxh();
    double bias = trace.network().layers().get(0).bh()[0];
    double h = trace.h0()[0][0][0];
    for (int t = 0; t <= step; t++) {
      double held = trace.entering(0, t, 0)[0];
      double before = t == 0 ? h : held + xi[t] * (h - held);
      h = phi.apply(Matrices.multiply(x[t], wxh)[0] + w * before + bias);
    }
    return h;
  }
}
