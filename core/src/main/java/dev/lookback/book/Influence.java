package dev.lookback.book;

import java.util.Arrays;
import java.util.Locale;

/**
 * The gradient forward in time: how the state depends on the weights, as the chapter asks for it
 * before it turns to going back. One layer, one lane.
 *
 * <pre>
 *   M_t = dh_t/dw,   dL/dw = sum_t q_t M_t,   q_t = dL/dh_t through the output of step t alone
 *   recursion      M_t = J_t M_{t-1} + I_t
 *   expanded sum   M_t = sum_{i=1}^{t} (prod_{j=i+1}^{t} J_j) I_i
 *   sweep          delta_t = q_t + J_{t+1}^T delta_{t+1},   dL/dw = sum_t I_t^T delta_t
 * </pre>
 *
 * <p>w are the p = H (D + H + 1) weights of the layer: W_xh, W_hh, b_h, row-major. The three ways
 * give the same gradient; each counts the multiplications of numbers it makes from the trace and q
 * to the gradient, those of J_t and I_t included:
 *
 * <pre>
 *   recursion      T (H (D+H) + H p) + (T-1) (H^2 + H^2 p)
 *   expanded sum   T (H (D+H) + H p) + (T-1) H^2 + T(T-1)/2 H p + (T-1)(T-2)/2 H^3
 *   sweep          T (H + H (D+H)) + (T-1) H^2
 * </pre>
 *
 * <p>The counts are not padded: a product of Jacobians grows by one factor from term to term
 * instead of being multiplied out afresh, and the zeros of I_t (one number in each column is not
 * zero) are skipped.
 *
 * <p><b>Source.</b> Williams and Zipser 1989 (recursion, "real-time recurrent learning"); "Dive
 * into Deep Learning", section "Backpropagation Through Time" (expanded sum).
 */
public final class Influence {
  private final ElmanTrace trace;
  private final ElmanNetwork.Layer layer;
  private final int hidden;
  private final int parameters;

  private Influence(ElmanTrace trace) {
    this.trace = trace;
    this.layer = trace.network().layers().get(0);
    this.hidden = layer.hidden();
    this.parameters = hidden * (layer.inputs() + hidden + 1);
  }

  /** The influence of the weights on the states of {@code trace}. */
  public static Influence of(ElmanTrace trace) {
    if (trace.h().length != 1 || trace.lanes() != 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the trace has %d layers and %d lanes but influence is of one layer and one lane",
              trace.h().length,
              trace.lanes()));
    }
    return new Influence(trace);
  }

  /**
   * A gradient and what it took.
   *
   * @param gradient dL/dw, {@code [p]}
   * @param influence M_t, {@code [T][H][p]}; of length 0 for the sweep, which forms none
   * @param multiplications of numbers, counted as they were made
   */
  public record Result(double[] gradient, double[][][] influence, long multiplications) {}

  /** {@code J_t = dh_t/dh_{t-1}}, {@code [i][k] = phi'(a_i) W_hh[k][i]}; zero after a reset. */
  public double[][] jacobian(int t) {
    return jacobian(t, new Tally());
  }

  /** {@code I_t}, {@code [H][p]}: dh_t/dw with h_{t-1} held. */
  public double[][] immediate(int t) {
    return immediate(t, new Tally());
  }

  /** {@code M_t = J_t M_{t-1} + I_t}, with {@code q}, {@code [T][H]}. */
  public Result byRecursion(double[][] q) {
    double[] whole = new double[trace.steps()];
    Arrays.fill(whole, 1);
    return byRecursion(q, whole);
  }

  /** {@code M_t = xi_t J_t M_{t-1} + I_t}: the randomised z_t of the chapter, as it can be run. */
  public Result byRecursion(double[][] q, double[] xi) {
    Tally tally = new Tally();
    double[][][] m = new double[trace.steps()][][];
    for (int t = 0; t < m.length; t++) {
      m[t] = immediate(t, tally);
      if (t > 0) {
        double[][] jacobian = jacobian(t, tally);
        for (int i = 0; i < hidden; i++) {
          for (int k = 0; k < hidden; k++) {
            for (int w = 0; w < parameters; w++) {
              m[t][i][w] += xi[t] * tally.times(jacobian[i][k], m[t - 1][k][w]);
            }
          }
        }
      }
    }
    return new Result(gradient(q, m, tally), m, tally.count);
  }

  /** {@code M_t = sum_i (prod_j J_j) I_i} with every term. */
  public Result byExpandedSum(double[][] q) {
    return byExpandedSum(q, trace.steps());
  }

  /** The same sum stopped after its {@code tau} most recent terms: lags 0 to tau - 1. */
  public Result byExpandedSum(double[][] q, int tau) {
    Tally tally = new Tally();
    int steps = trace.steps();
    double[][][] jacobians = new double[steps][][];
    double[][][] immediates = new double[steps][][];
    double[][][] m = new double[steps][][];
    for (int t = 0; t < steps; t++) {
      jacobians[t] = t == 0 ? new double[hidden][hidden] : jacobian(t, tally);
      immediates[t] = immediate(t, tally);
    }
    for (int t = 0; t < steps; t++) {
      m[t] = new double[hidden][];
      for (int i = 0; i < hidden; i++) {
        m[t][i] = immediates[t][i].clone();
      }
      double[][] product = jacobians[t];
      for (int i = t - 1; i >= 0 && t - i < tau; i--) {
        if (i < t - 1) {
          product = multiply(product, jacobians[i + 1], tally);
        }
        addTerm(m[t], product, immediates[i], tally);
      }
    }
    return new Result(gradient(q, m, tally), m, tally.count);
  }

  /** {@code delta_t = q_t + J_{t+1}^T delta_{t+1}} from the last step to the first. */
  public Result bySweep(double[][] q) {
    Tally tally = new Tally();
    double[] gradient = new double[parameters];
    double[] sent = new double[hidden];
    for (int t = trace.steps() - 1; t >= 0; t--) {
      double[] da = new double[hidden];
      for (int i = 0; i < hidden; i++) {
        da[i] = tally.times(q[t][i] + sent[i], slope(t, i));
      }
      double[] in = in(t);
      for (int i = 0; i < hidden; i++) {
        for (int r = 0; r < in.length; r++) {
          gradient[r * hidden + i] += tally.times(in[r], da[i]);
        }
        gradient[in.length * hidden + i] += da[i];
      }
      sent = new double[hidden];
      for (int k = 0; t > 0 && !trace.reset()[t][0] && k < hidden; k++) {
        for (int i = 0; i < hidden; i++) {
          sent[k] += tally.times(layer.whh()[k][i], da[i]);
        }
      }
    }
    return new Result(gradient, new double[0][][], tally.count);
  }

  private double[][] jacobian(int t, Tally tally) {
    double[][] jacobian = new double[hidden][hidden];
    for (int i = 0; i < hidden; i++) {
      for (int k = 0; k < hidden; k++) {
        double whole = tally.times(slope(t, i), layer.whh()[k][i]);
        jacobian[i][k] = trace.reset()[t][0] ? 0 : whole;
      }
    }
    return jacobian;
  }

  private double[][] immediate(int t, Tally tally) {
    double[][] immediate = new double[hidden][parameters];
    double[] in = in(t);
    for (int i = 0; i < hidden; i++) {
      for (int r = 0; r < in.length; r++) {
        immediate[i][r * hidden + i] = tally.times(slope(t, i), in[r]);
      }
      immediate[i][in.length * hidden + i] = slope(t, i);
    }
    return immediate;
  }

  /** {@code sum_t q_t M_t}. */
  private double[] gradient(double[][] q, double[][][] m, Tally tally) {
    double[] gradient = new double[parameters];
    for (int t = 0; t < m.length; t++) {
      for (int i = 0; i < hidden; i++) {
        for (int w = 0; w < parameters; w++) {
          gradient[w] += tally.times(q[t][i], m[t][i][w]);
        }
      }
    }
    return gradient;
  }

  /** {@code sum += product I}; only row w mod H of I has a number in column w. */
  private void addTerm(double[][] sum, double[][] product, double[][] immediate, Tally tally) {
    for (int i = 0; i < hidden; i++) {
      for (int w = 0; w < parameters; w++) {
        sum[i][w] += tally.times(product[i][w % hidden], immediate[w % hidden][w]);
      }
    }
  }

  private static double[][] multiply(double[][] a, double[][] b, Tally tally) {
    double[][] product = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        for (int k = 0; k < a.length; k++) {
          product[i][j] += tally.times(a[i][k], b[k][j]);
        }
      }
    }
    return product;
  }

  /** {@code phi'(a_i)} at step t. */
  private double slope(int t, int i) {
    return trace.network().phi().derivativeAt(trace.h()[0][t][0][i]);
  }

  /** {@code [x_t, h_{t-1}]}: what the rows of [W_xh; W_hh] multiply. */
  private double[] in(int t) {
    return Matrices.flatten(new double[][] {trace.inputs()[t][0], trace.entering(0, t, 0)});
  }

  /** Multiplies, and counts it. */
  private static final class Tally {
    private long count;

    double times(double a, double b) {
      count++;
      return a * b;
    }
  }
}
