package dev.lookback.cli.explain;

import dev.lookback.book.BookLoss;
import dev.lookback.book.Differences;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.Phi;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Sweep;
import java.util.function.ToDoubleFunction;

/** Derivatives by finite differences of the book's loss. */
final class Judge {
  // Small enough for a function of the fortieth power of a weight; relu has kinks besides, over
  // which the extrapolation must not reach.
  private static final double STEP = 0x1p-8;
  private static final double SMALL_STEP = 0x1p-13;

  private Judge() {}

  /** {@code df/dw}, in the shape of w. */
  static double[][] derivative(Phi phi, ToDoubleFunction<double[][]> f, double[]... w) {
    double[] flat = Matrices.flatten(w);
    int columns = w[0].length;
    ToDoubleFunction<double[]> g = v -> f.applyAsDouble(shaped(v, columns));
    return shaped(extrapolated(g, flat, phi == Phi.RELU ? SMALL_STEP : STEP), columns);
  }

  /** Central differences at three steps, extrapolated to step 0 (Richardson 1911). */
  private static double[] extrapolated(ToDoubleFunction<double[]> f, double[] w, double step) {
    double[] whole = Differences.gradient(f, w, step);
    double[] half = Differences.gradient(f, w, step / 2);
    double[] quarter = Differences.gradient(f, w, step / 4);
    double[] by = new double[w.length];
    for (int i = 0; i < by.length; i++) {
      double coarse = (4 * half[i] - whole[i]) / 3;
      double fine = (4 * quarter[i] - half[i]) / 3;
      by[i] = (16 * fine - coarse) / 15;
    }
    return by;
  }

  /**
   * A loss whose exact gradient is the coupled one: a link carries {@code held + xi (h - held)},
   * where {@code held} is the state as it is, kept from moving with the weights.
   *
   * @param trace where {@code held} is from
   */
  static double loss(ElmanNetwork network, ElmanTrace trace, BookLoss loss, Coupled coupled) {
    double sum = 0;
    for (Sweep sweep : coupled.sweeps()) {
      double[] h = trace.entering(0, sweep.backTo(), 0);
      for (int t = sweep.backTo(); t < sweep.to(); t++) {
        double[] before = t == sweep.backTo() ? h : link(trace, coupled, t, h);
        h = network.layers().get(0).step(network.phi(), trace.inputs()[t][0], before);
        if (t >= sweep.injectFrom()) {
          double[] o = Matrices.add(Matrices.multiply(h, network.whq()), network.bq());
          sum += loss.value(t, 0, o);
        }
      }
    }
    return sum / trace.steps();
  }

  private static double[] link(ElmanTrace trace, Coupled coupled, int t, double[] h) {
    double[] held = trace.entering(0, t, 0);
    double xi = coupled.links().at(t, 0);
    return Matrices.add(Matrices.scale(1 - xi, held), Matrices.scale(xi, h));
  }

  private static double[][] shaped(double[] flat, int columns) {
    double[][] rows = new double[flat.length / columns][columns];
    for (int i = 0; i < flat.length; i++) {
      rows[i / columns][i % columns] = flat[i];
    }
    return rows;
  }
}
