package dev.lookback.book;

import static dev.lookback.book.Matrices.addTo;
import static dev.lookback.book.Matrices.multiply;
import static dev.lookback.book.Matrices.outer;
import static dev.lookback.book.Matrices.scale;

import java.util.List;

/**
 * The gradient of a recurrent network's loss, by backpropagation through time with the coupling xi,
 * and what it is made of. One recursion for layers of every kind:
 *
 * <pre>
 *   q_t     = dL/do_t W_hq^T                        what the loss of step t asks of h_t
 *   delta_t = (q_t, 0) + xi_{t+1} (dh_t, dc_t)      in a lower layer q_t is mask_t * dx_t of the one above
 *   (dx_t, dh_{t-1}, dc_{t-1}) = the layer's step back from delta_t
 *   dW_hq   = sum_t h_t^T dL/do_t                   db_q = sum_t dL/do_t
 *   dE[id]  = sum of dx_t over the steps where id came in
 * </pre>
 *
 * <p>All sums run over the lanes too. xi acts on the pair (h, c), on each layer's own link through
 * time, and never on the path through depth. Of several sweeps every number is the sum.
 *
 * <p>Where a lane starts afresh there is no link: xi counts as 0 there, whatever it is. What the
 * step sends back is owed to the state it started from and goes whole into the gradient of h0 and
 * c0 where these are learned, for they are weights that the step used like any other.
 *
 * <p><b>Source.</b> Werbos 1990, "Backpropagation through time: what it does and how to do it"; xi
 * as in Tallec and Ollivier 2017, "Unbiasing Truncated Backpropagation Through Time".
 *
 * @param weights dL/dw in the place of each weight
 * @param state dL/d(h, c) of the state that entered the window, {@code [layers][B]}, xi of the
 *     first step included; zero where credit does not go back that far
 * @param inputs dL/dx, {@code [T][B][D]}; x of a token is its row of E, or its row of zeros and a 1
 * @param delta dL/dh and dL/dc, each with the other held, {@code [layers][T][B]}
 * @param outputs dL/do, {@code [T][B][O]}
 */
public record RecurrentGradient(
    RecurrentNetwork weights,
    CellState[][] state,
    double[][][] inputs,
    CellState[][][] delta,
    double[][][] outputs) {

  /** The exact gradient of the mean loss. */
  public static RecurrentGradient full(RecurrentTrace trace, BookLoss loss) {
    double denominator = (double) trace.steps() * trace.lanes();
    return coupled(trace, loss, denominator, Xi.whole(trace.steps(), trace.lanes()));
  }

  /** One sweep over all steps with the coupling {@code xi}, {@code [T][B]}. */
  public static RecurrentGradient coupled(
      RecurrentTrace trace, BookLoss loss, double denominator, double[][] xi) {
    return of(trace, loss, denominator, xi, List.of(Sweep.full(trace.steps())));
  }

  /** The sum of {@code sweeps}, each with the coupling {@code xi}, {@code [T][B]}. */
  public static RecurrentGradient of(
      RecurrentTrace trace, BookLoss loss, double denominator, double[][] xi, List<Sweep> sweeps) {
    Xi.requireFits(xi, trace.steps(), trace.lanes());
    RecurrentGradient gradient = zeros(trace);
    for (Sweep sweep : sweeps) {
      for (int b = 0; b < trace.lanes(); b++) {
        gradient.addSweep(trace, loss, denominator, xi, sweep, b);
      }
    }
    return gradient;
  }

  /** dL/dw as one array, in the order of {@link RecurrentNetwork#parameters}. */
  public double[] parameters() {
    return weights.parameters();
  }

  private static RecurrentGradient zeros(RecurrentTrace trace) {
    RecurrentNetwork network = trace.network();
    int steps = trace.steps();
    int lanes = trace.lanes();
    CellState[][][] delta = new CellState[network.layers().size()][steps][lanes];
    for (int l = 0; l < delta.length; l++) {
      for (int t = 0; t < steps; t++) {
        for (int b = 0; b < lanes; b++) {
          delta[l][t][b] = network.layers().get(l).zeroState();
        }
      }
    }
    return new RecurrentGradient(
        network.zeros(),
        network.zeroState(lanes),
        new double[steps][lanes][network.layers().get(0).inputs()],
        delta,
        new double[steps][lanes][network.outputs()]);
  }

  private void addSweep(
      RecurrentTrace trace, BookLoss loss, double denominator, double[][] xi, Sweep sweep, int b) {
    List<Layer> layers = trace.network().layers();
    int top = layers.size() - 1;
    // What step t + 1 sends back to step t in each layer, already times xi_{t+1}.
    CellState[] sent = new CellState[top + 1];
    for (int l = 0; l <= top; l++) {
      sent[l] = layers.get(l).zeroState();
    }
    for (int t = sweep.to() - 1; t >= sweep.back(); t--) {
      double[] q = new double[layers.get(top).hidden()];
      if (t >= sweep.from()) {
        q = addReadout(trace, t, b, scale(1 / denominator, loss.derivative(t, b, trace.o()[t][b])));
      }
      for (int l = top; l >= 0; l--) {
        CellState deltaT = new CellState(Matrices.add(q, sent[l].h()), sent[l].c());
        delta[l][t][b].increaseBy(deltaT);
        Layer.Sent back = addLayer(trace, l, t, b, deltaT);
        sent[l] = addLink(trace, l, t, b, xi[t][b], back.before());
        q = l == 0 ? back.x() : trace.masked(l - 1, t, b, back.x());
      }
      addInput(trace, t, b, q);
    }
    if (sweep.back() == 0) {
      for (int l = 0; l <= top; l++) {
        state[l][b].increaseBy(sent[l]);
      }
    }
  }

  /** Adds to dW_hq and db_q; returns q_t. */
  private double[] addReadout(RecurrentTrace trace, int t, int b, double[] byOutput) {
    int top = trace.after().length - 1;
    addTo(outputs[t][b], byOutput);
    addTo(weights.whq(), outer(trace.after()[top][t][b].h(), byOutput));
    if (weights.bq().length > 0) {
      addTo(weights.bq(), byOutput);
    }
    return multiply(trace.network().whq(), byOutput);
  }

  /** Adds to the weights of layer l; returns what the step sends down and back. */
  private Layer.Sent addLayer(RecurrentTrace trace, int l, int t, int b, CellState deltaT) {
    Layer layer = trace.network().layers().get(l);
    return layer.backward(
        trace.layerInput(l, t, b),
        trace.entering(l, t, b),
        deltaT,
        weights.layers().get(l).weights());
  }

  /** What passes the link into the past; where the lane started afresh it goes to h0 and c0. */
  private CellState addLink(
      RecurrentTrace trace, int l, int t, int b, double xi, CellState byEntering) {
    if (trace.window().reset()[t][b]) {
      weights.layers().get(l).weights().addStart(byEntering);
      return byEntering.zeros();
    }
    return byEntering.times(xi);
  }

  /** Adds to dL/dx and, where a token is embedded, to its row of dE. */
  private void addInput(RecurrentTrace trace, int t, int b, double[] byInput) {
    addTo(inputs[t][b], byInput);
    if (weights.embedding().length > 0
        && trace.window().inputs() instanceof BookWindow.Tokens tokens) {
      addTo(weights.embedding()[tokens.ids()[t][b]], byInput);
    }
  }
}
