package dev.lookback.book;

import static dev.lookback.book.Matrices.addTo;
import static dev.lookback.book.Matrices.multiply;
import static dev.lookback.book.Matrices.outer;
import static dev.lookback.book.Matrices.scale;

import java.util.List;

/**
 * The gradient of an Elman network's loss, by backpropagation through time with the coupling xi,
 * and what it is made of.
 *
 * <pre>
 *   q_t     = dL/do_t W_hq^T                        what the loss of step t asks of h_t
 *   delta_t = q_t + xi_{t+1} da_{t+1} W_hh^T        in a lower layer q_t is da_t W_xh^T of the one above
 *   da_t    = delta_t * phi'(a_t)                   elementwise
 *   dW_hq   = sum_t h_t^T dL/do_t                   db_q = sum_t dL/do_t
 *   dW_xh   = sum_t x_t^T da_t                      db_h = sum_t da_t
 *   dW_hh   = sum_t h_{t-1}^T da_t                  dh0  = xi_1 da_1 W_hh^T
 * </pre>
 *
 * <p>All sums run over the lanes too. xi acts on each layer's own link through time and never on
 * the path through depth. Of several sweeps every number is the sum.
 *
 * <p><b>Source.</b> Werbos 1990, "Backpropagation through time: what it does and how to do it"; xi
 * as in Tallec and Ollivier 2017, "Unbiasing Truncated Backpropagation Through Time".
 *
 * @param weights dL/dw in the place of each weight
 * @param h0 dL/dh0, {@code [layers][B][H]}; zero where credit does not go back that far
 * @param inputs dL/dx, {@code [T][B][D]}
 * @param delta dL/dh, {@code [layers][T][B][H]}
 * @param outputs dL/do, {@code [T][B][O]}
 */
public record ElmanGradient(
    ElmanNetwork weights,
    double[][][] h0,
    double[][][] inputs,
    double[][][][] delta,
    double[][][] outputs) {

  /** The exact gradient of the mean loss. */
  public static ElmanGradient full(ElmanTrace trace, BookLoss loss) {
    return of(
        trace,
        loss,
        (double) trace.steps() * trace.lanes(),
        Xi.whole(trace.steps(), trace.lanes()),
        List.of(Sweep.full(trace.steps())));
  }

  /** One sweep over all steps with the coupling {@code xi}, {@code [T][B]}. */
  public static ElmanGradient coupled(
      ElmanTrace trace, BookLoss loss, double denominator, double[][] xi) {
    return of(trace, loss, denominator, xi, List.of(Sweep.full(trace.steps())));
  }

  /** The sum of the sweeps of {@link Sweep#sliding}, no link cut within a sweep. */
  public static ElmanGradient sliding(
      ElmanTrace trace, BookLoss loss, double denominator, int k1, int k2) {
    return of(
        trace,
        loss,
        denominator,
        Xi.whole(trace.steps(), trace.lanes()),
        Sweep.sliding(trace.steps(), k1, k2));
  }

  /** The sum of {@code sweeps}, each with the coupling {@code xi}, {@code [T][B]}. */
  public static ElmanGradient of(
      ElmanTrace trace, BookLoss loss, double denominator, double[][] xi, List<Sweep> sweeps) {
    Xi.requireFits(xi, trace.steps(), trace.lanes());
    ElmanGradient gradient = zeros(trace);
    for (Sweep sweep : sweeps) {
      for (int b = 0; b < trace.lanes(); b++) {
        gradient.addSweep(trace, loss, denominator, xi, sweep, b);
      }
    }
    return gradient;
  }

  /** dL/dw as one array, in the order of {@link ElmanNetwork#parameters}. */
  public double[] parameters() {
    return weights.parameters();
  }

  private static ElmanGradient zeros(ElmanTrace trace) {
    ElmanNetwork network = trace.network();
    int steps = trace.steps();
    int lanes = trace.lanes();
    double[][][][] delta = new double[network.layers().size()][steps][lanes][];
    for (int l = 0; l < delta.length; l++) {
      delta[l] = new double[steps][lanes][network.layers().get(l).hidden()];
    }
    return new ElmanGradient(
        network.zeros(),
        network.zeroState(lanes),
        new double[steps][lanes][network.layers().get(0).inputs()],
        delta,
        new double[steps][lanes][network.bq().length]);
  }

  private void addSweep(
      ElmanTrace trace, BookLoss loss, double denominator, double[][] xi, Sweep sweep, int b) {
    ElmanNetwork network = trace.network();
    int top = network.layers().size() - 1;
    // What step t + 1 sends back to step t in each layer, already times xi_{t+1}.
    double[][] sent = new double[top + 1][];
    for (int l = 0; l <= top; l++) {
      sent[l] = new double[network.layers().get(l).hidden()];
    }
    for (int t = sweep.to() - 1; t >= sweep.back(); t--) {
      double[] q = new double[network.layers().get(top).hidden()];
      if (t >= sweep.from()) {
        q = addReadout(trace, t, b, scale(1 / denominator, loss.derivative(t, b, trace.o()[t][b])));
      }
      for (int l = top; l >= 0; l--) {
        double[] deltaT = Matrices.add(q, sent[l]);
        addTo(delta[l][t][b], deltaT);
        double[] da = addLayer(trace, l, t, b, deltaT);
        ElmanNetwork.Layer layer = network.layers().get(l);
        // A state that starts afresh has no past to send anything to.
        sent[l] = scale(trace.reset()[t][b] ? 0 : xi[t][b], multiply(layer.whh(), da));
        q = multiply(layer.wxh(), da);
      }
      addTo(inputs[t][b], q);
    }
    if (sweep.back() == 0) {
      for (int l = 0; l <= top; l++) {
        addTo(h0[l][b], sent[l]);
      }
    }
  }

  /** Adds to dW_hq and db_q; returns q_t. */
  private double[] addReadout(ElmanTrace trace, int t, int b, double[] byOutput) {
    int top = trace.h().length - 1;
    addTo(outputs[t][b], byOutput);
    addTo(weights.whq(), outer(trace.h()[top][t][b], byOutput));
    addTo(weights.bq(), byOutput);
    return multiply(trace.network().whq(), byOutput);
  }

  /** Adds to dW_xh, dW_hh and db_h of layer l; returns da_t. */
  private double[] addLayer(ElmanTrace trace, int l, int t, int b, double[] deltaT) {
    double[] da = new double[deltaT.length];
    for (int i = 0; i < da.length; i++) {
      da[i] = deltaT[i] * trace.network().phi().derivativeAt(trace.h()[l][t][b][i]);
    }
    ElmanNetwork.Layer sum = weights.layers().get(l);
    addTo(sum.wxh(), outer(trace.layerInput(l, t, b), da));
    addTo(sum.whh(), outer(trace.entering(l, t, b), da));
    addTo(sum.bh(), da);
    return da;
  }
}
