package dev.lookback.book;

import dev.lookback.book.BookWindow.Inputs;

/**
 * The loss of one sweep with a coupling put into the forward pass, so that differences alone give
 * the coupled gradient: what crosses a link is {@code k + xi (s - k)} with k a constant that equals
 * the state s. No value changes; every derivative over the link is times xi. Of the network it
 * knows the forward step alone.
 */
record CoupledRun(Run run, double[][] xi, Sweep sweep) {

  double ofWeights(double[] weights) {
    RecurrentTrace trace = run.trace();
    return loss(
        trace.network().withParameters(weights),
        trace.window().inputs(),
        trace.state(),
        noPushes());
  }

  double ofInputs(double[] flat) {
    RecurrentTrace trace = run.trace();
    Inputs inputs = Run.shaped(flat, trace.window().inputs());
    return loss(trace.network(), inputs, trace.state(), noPushes());
  }

  double ofState(double[] flat) {
    RecurrentTrace trace = run.trace();
    CellState[][] state = Run.shaped(flat, trace.state());
    return loss(trace.network(), trace.window().inputs(), state, noPushes());
  }

  /** What is added to h and to c after each step: its derivative is delta. */
  double ofPushes(double[] flat) {
    RecurrentTrace trace = run.trace();
    CellState[][][] pushes = Run.shaped(flat, trace.after());
    return loss(trace.network(), trace.window().inputs(), trace.state(), pushes);
  }

  private CellState[][][] noPushes() {
    CellState[][][] after = run.trace().after();
    return Run.shaped(new double[Run.flatten(after).length], after);
  }

  private double loss(
      RecurrentNetwork network, Inputs inputs, CellState[][] state, CellState[][][] pushes) {
    BookWindow window = run.trace().window();
    BookWindow moved = new BookWindow(inputs, window.reset(), window.mask());
    CellState[][][] after = new CellState[state.length][run.steps()][run.lanes()];
    RecurrentTrace trace = new RecurrentTrace(network, moved, state, after, new double[0][][]);
    double sum = 0;
    for (int t = 0; t < sweep.to(); t++) {
      for (int b = 0; b < run.lanes(); b++) {
        for (int l = 0; l < state.length; l++) {
          after[l][t][b] =
              network
                  .layers()
                  .get(l)
                  .forward(trace.layerInput(l, t, b), entering(trace, l, t, b))
                  .plus(pushes[l][t][b]);
        }
        if (t >= sweep.from()) {
          sum += run.loss().value(t, b, network.read(after[state.length - 1][t][b].h()));
        }
      }
    }
    return sum / run.denominator();
  }

  private CellState entering(RecurrentTrace trace, int l, int t, int b) {
    CellState state = trace.entering(l, t, b);
    if (trace.window().reset()[t][b]) {
      return state;
    }
    // A constant enters the earliest step of a sweep that does not reach the window's start.
    double link = t == sweep.back() && t > 0 ? 0 : xi[t][b];
    CellState constant = run.trace().entering(l, t, b);
    return constant.plus(state.plus(constant.times(-1)).times(link));
  }
}
