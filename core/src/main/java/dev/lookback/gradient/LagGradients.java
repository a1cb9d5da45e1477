package dev.lookback.gradient;

import dev.lookback.cell.Adjoint;
import java.util.Arrays;
import java.util.List;

/**
 * The last step's loss gradient with respect to the states before it, by lag: what it measures at
 * each lag, and what it sums to.
 *
 * <pre>
 *   phi_k = mean over the lanes of |dl_T / dh_{T-k}|,  k = 0..T
 *   G_k   = | sum of k' = 0..k of the mean over the lanes of dl_T / dh_{T-k'} |
 * </pre>
 *
 * <p>The state is that of all layers, h and c alike. Lag 0 is what the readout sends into the top
 * layer's h, the only thing that the loss reads.
 *
 * @param phi norms, entry k for lag k
 * @param cumulative G, entry k for the lags 0 to k
 */
public record LagGradients(double[] phi, double[] cumulative) {

  /** Checks that there is a lag and that both have the same ones. */
  public LagGradients {
    if (phi.length == 0 || phi.length != cumulative.length) {
      throw new IllegalArgumentException(
          "there are "
              + phi.length
              + " norms by lag and "
              + cumulative.length
              + " cumulated ones: there have to be as many, one or more");
    }
  }

  /** The mean, lag by lag, over several windows of the same length. */
  public static LagGradients average(List<LagGradients> windows) {
    int lags = windows.get(0).phi.length;
    double[] phi = new double[lags];
    double[] cumulative = new double[lags];
    for (LagGradients window : windows) {
      for (int k = 0; k < lags; k++) {
        phi[k] += window.phi[k] / windows.size();
        cumulative[k] += window.cumulative[k] / windows.size();
      }
    }
    return new LagGradients(phi, cumulative);
  }

  /** The norms without lag 0. */
  public LagNorms norms() {
    return new LagNorms(Arrays.copyOfRange(phi, 1, phi.length));
  }

  /** Follows one way back. */
  static final class Recorder {
    private final double[] phi;
    private final double[] cumulative;
    private final int lanes;
    // The sum over the lags so far, all layers' planes on end, [H] each.
    private double[] sum = new double[0];
    // Lag 0's part of it, until the first carry tells how many planes there are.
    private double[] entered = new double[0];

    Recorder(int steps, int lanes) {
      this.phi = new double[steps + 1];
      this.cumulative = new double[steps + 1];
      this.lanes = lanes;
    }

    // What went into the last step, from above: h of the top layer only.
    void first(Adjoint top) {
      float[] q = Arrays.copyOf(top.q(), top.carry()[0].length);
      double[] squares = new double[lanes];
      double[] mean = new double[q.length / lanes];
      add(q, squares, mean, 0);
      phi[0] = meanRoot(squares);
      cumulative[0] = norm(mean);
      entered = mean;
    }

    void crossed(int lag, Adjoint[] all) {
      if (sum.length == 0) {
        begin(all);
      }
      double[] squares = new double[lanes];
      int at = 0;
      for (Adjoint adjoint : all) {
        for (float[] plane : adjoint.carry()) {
          add(plane, squares, sum, at);
          at += plane.length / lanes;
        }
      }
      phi[lag] = meanRoot(squares);
      cumulative[lag] = norm(sum);
    }

    private void begin(Adjoint[] all) {
      int size = 0;
      int top = 0;
      for (Adjoint adjoint : all) {
        top = size;
        for (float[] plane : adjoint.carry()) {
          size += plane.length / lanes;
        }
      }
      sum = new double[size];
      System.arraycopy(entered, 0, sum, top, entered.length);
    }

    private void add(float[] plane, double[] squares, double[] into, int at) {
      int hidden = plane.length / lanes;
      for (int b = 0; b < lanes; b++) {
        for (int j = 0; j < hidden; j++) {
          double value = plane[b * hidden + j];
          squares[b] += value * value;
          // The pass divides by the lanes already: their sum is the mean.
          into[at + j] += value;
        }
      }
    }

    // The mean over the lanes of norms that the pass has divided by the lanes.
    private double meanRoot(double[] squares) {
      double total = 0;
      for (double square : squares) {
        total += Math.sqrt(square);
      }
      return total;
    }

    private static double norm(double[] vector) {
      double square = 0;
      for (double value : vector) {
        square += value * value;
      }
      return Math.sqrt(square);
    }

    LagGradients recorded() {
      return new LagGradients(phi, cumulative);
    }
  }
}
