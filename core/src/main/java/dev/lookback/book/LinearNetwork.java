package dev.lookback.book;

import static dev.lookback.book.Matrices.addTo;
import static dev.lookback.book.Matrices.multiply;
import static dev.lookback.book.Matrices.outer;
import static dev.lookback.book.Matrices.power;
import static dev.lookback.book.Matrices.scale;
import static dev.lookback.book.Matrices.transpose;

/**
 * A recurrent network without biases whose activation is the identity, one lane, and every
 * derivative of its loss.
 *
 * <pre>
 *   h_t = W_hx x_t + W_hh h_{t-1},   o_t = W_qh h_t,   L = (1/T) sum_t l(o_t, y_t)
 * </pre>
 *
 * <p><b>Source.</b> "Dive into Deep Learning", section "Backpropagation Through Time in Detail".
 *
 * @param whx {@code [H][D]}
 * @param whh {@code [H][H]}
 * @param wqh {@code [O][H]}
 */
public record LinearNetwork(double[][] whx, double[][] whh, double[][] wqh) {

  /**
   * Everything the section derives, from the inputs to the weights.
   *
   * @param h hidden states, {@code [T][H]}
   * @param o outputs, {@code [T][O]}
   * @param loss L
   * @param lossByOutput dL/do_t, {@code [T][O]}
   * @param lossByHidden dL/dh_t, {@code [T][H]}
   * @param gradient dL/dW in the place of each W
   */
  public record Derivatives(
      double[][] h,
      double[][] o,
      double loss,
      double[][] lossByOutput,
      double[][] lossByHidden,
      LinearNetwork gradient) {}

  /** {@code h_t = W_hx x_t + W_hh h_{t-1}}, {@code [T][H]} from {@code x} {@code [T][D]}. */
  public double[][] hidden(double[][] x, double[] h0) {
    double[][] h = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      h[t] = Matrices.add(multiply(whx, x[t]), multiply(whh, before(h, h0, t)));
    }
    return h;
  }

  /** {@code o_t = W_qh h_t}, {@code [T][O]}. */
  public double[][] outputs(double[][] h) {
    double[][] o = new double[h.length][];
    for (int t = 0; t < h.length; t++) {
      o[t] = multiply(wqh, h[t]);
    }
    return o;
  }

  /** {@code L = (1/T) sum_t l(o_t, y_t)}. */
  public double loss(double[][] o, BookLoss loss) {
    double sum = 0;
    for (int t = 0; t < o.length; t++) {
      sum += loss.value(t, 0, o[t]);
    }
    return sum / o.length;
  }

  /** {@code dL/do_t = (1/T) dl(o_t, y_t)/do_t}. */
  public double[][] lossByOutput(double[][] o, BookLoss loss) {
    double[][] byOutput = new double[o.length][];
    for (int t = 0; t < o.length; t++) {
      byOutput[t] = scale(1.0 / o.length, loss.derivative(t, 0, o[t]));
    }
    return byOutput;
  }

  /** {@code dL/dW_qh = sum_t dL/do_t h_t^T}. */
  public double[][] lossByWqh(double[][] lossByOutput, double[][] h) {
    return sumOfOuters(lossByOutput, h);
  }

  /** {@code dL/dh_T = W_qh^T dL/do_T}. */
  public double[] lossByLastHidden(double[][] lossByOutput) {
    return multiply(transpose(wqh), lossByOutput[lossByOutput.length - 1]);
  }

  /** {@code dL/dh_t = W_hh^T dL/dh_{t+1} + W_qh^T dL/do_t}, from the last step to the first. */
  public double[][] lossByHidden(double[][] lossByOutput) {
    int last = lossByOutput.length - 1;
    double[][] byHidden = new double[lossByOutput.length][];
    byHidden[last] = lossByLastHidden(lossByOutput);
    for (int t = last - 1; t >= 0; t--) {
      byHidden[t] =
          Matrices.add(
              multiply(transpose(whh), byHidden[t + 1]), multiply(transpose(wqh), lossByOutput[t]));
    }
    return byHidden;
  }

  /**
   * {@code dL/dh_t = sum_{i=t}^{T} (W_hh^T)^{T-i} W_qh^T dL/do_{T+t-i}}: the recursion written out.
   * Powers of W_hh are why gradients vanish or explode.
   */
  public double[][] lossByHiddenInClosedForm(double[][] lossByOutput) {
    int steps = lossByOutput.length;
    double[][] byHidden = new double[steps][whh.length];
    for (int t = 1; t <= steps; t++) {
      for (int i = t; i <= steps; i++) {
        double[] direct = multiply(transpose(wqh), lossByOutput[steps + t - i - 1]);
        addTo(byHidden[t - 1], multiply(power(transpose(whh), steps - i), direct));
      }
    }
    return byHidden;
  }

  /** {@code dL/dW_hx = sum_t dL/dh_t x_t^T}. */
  public double[][] lossByWhx(double[][] lossByHidden, double[][] x) {
    return sumOfOuters(lossByHidden, x);
  }

  /** {@code dL/dW_hh = sum_t dL/dh_t h_{t-1}^T}. */
  public double[][] lossByWhh(double[][] lossByHidden, double[][] h, double[] h0) {
    double[][] before = new double[h.length][];
    for (int t = 0; t < h.length; t++) {
      before[t] = before(h, h0, t);
    }
    return sumOfOuters(lossByHidden, before);
  }

  /** All of the above in order, from {@code h0 = 0} as the section has it. */
  public Derivatives derivatives(double[][] x, BookLoss loss) {
    return derivatives(x, new double[whh.length], loss);
  }

  /** All of the above in order. */
  public Derivatives derivatives(double[][] x, double[] h0, BookLoss loss) {
    double[][] h = hidden(x, h0);
    double[][] o = outputs(h);
    double[][] byOutput = lossByOutput(o, loss);
    double[][] byHidden = lossByHidden(byOutput);
    LinearNetwork gradient =
        new LinearNetwork(
            lossByWhx(byHidden, x), lossByWhh(byHidden, h, h0), lossByWqh(byOutput, h));
    return new Derivatives(h, o, loss(o, loss), byOutput, byHidden, gradient);
  }

  private static double[] before(double[][] h, double[] h0, int t) {
    return t == 0 ? h0 : h[t - 1];
  }

  private static double[][] sumOfOuters(double[][] left, double[][] right) {
    double[][] sum = new double[left[0].length][right[0].length];
    for (int t = 0; t < left.length; t++) {
      addTo(sum, outer(left[t], right[t]));
    }
    return sum;
  }
}
