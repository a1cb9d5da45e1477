package dev.lookback.book;

import java.util.Arrays;

/**
 * The Elman network once more, number by number on a tape: an oracle that shares no derivative with
 * {@link ElmanGradient}.
 *
 * <p>A coupling is put into the forward pass: what crosses the link is {@code xi h + (1 - xi) k}
 * with k a constant that equals h. No value changes, every derivative over the link is times xi.
 */
final class TapedElman {
  private final Tape tape = new Tape();
  private final ElmanTrace trace;
  private final ElmanNetwork network;
  private final Tape.Scalar[] weights;
  private final Tape.Scalar[][][] h0;
  private final Tape.Scalar[][][] inputs;

  TapedElman(ElmanTrace trace) {
    this.trace = trace;
    this.network = trace.network();
    this.weights = tape.scalars(network.parameters());
    this.h0 = scalars(trace.h0());
    this.inputs = scalars(trace.inputs());
  }

  /** dL/dw, dL/dh0 and dL/dx, flat. */
  record Gradient(double[] weights, double[] h0, double[] inputs) {}

  /** The gradient of the cross-entropy (or half squared error) of steps from..to-1 with xi. */
  Gradient gradient(BookLoss loss, double denominator, double[][] xi, int from, int to) {
    Tape.Scalar sum = tape.scalar(0);
    for (int b = 0; b < trace.lanes(); b++) {
      Tape.Scalar[][] state = new Tape.Scalar[h0.length][];
      for (int l = 0; l < h0.length; l++) {
        state[l] = h0[l][b];
      }
      for (int t = 0; t < trace.steps(); t++) {
        Tape.Scalar[] row = inputs[t][b];
        int at = 0;
        for (int l = 0; l < state.length; l++) {
          state[l] = step(at, row, linked(state[l], xi[t][b], trace.reset()[t][b]));
          at += (row.length + state[l].length + 1) * state[l].length;
          row = state[l];
        }
        if (t >= from && t < to) {
          sum = sum.plus(loss(loss, t, b, affine(at, row, network.bq().length)));
        }
      }
    }
    double[] by = tape.gradient(sum.times(1 / denominator));
    return new Gradient(pick(by, weights), pick(by, flatten(h0)), pick(by, flatten(inputs)));
  }

  private Tape.Scalar[] linked(Tape.Scalar[] state, double xi, boolean reset) {
    Tape.Scalar[] linked = new Tape.Scalar[state.length];
    for (int i = 0; i < state.length; i++) {
      linked[i] =
          reset
              ? tape.scalar(0)
              : state[i].times(xi).plus(tape.scalar((1 - xi) * state[i].value()));
    }
    return linked;
  }

  private Tape.Scalar[] step(int at, Tape.Scalar[] x, Tape.Scalar[] before) {
    Tape.Scalar[] in = Arrays.copyOf(x, x.length + before.length);
    System.arraycopy(before, 0, in, x.length, before.length);
    Tape.Scalar[] h = affine(at, in, before.length);
    for (int i = 0; i < h.length; i++) {
      h[i] =
          switch (network.phi()) {
            case TANH -> h[i].tanh();
            case RELU -> h[i].relu();
            case IDENTITY -> h[i];
          };
    }
    return h;
  }

  /** in W + b, W and b from place {@code at} of the weights. */
  private Tape.Scalar[] affine(int at, Tape.Scalar[] in, int columns) {
    Tape.Scalar[] out = new Tape.Scalar[columns];
    for (int j = 0; j < columns; j++) {
      out[j] = weights[at + in.length * columns + j];
      for (int i = 0; i < in.length; i++) {
        out[j] = out[j].plus(in[i].times(weights[at + i * columns + j]));
      }
    }
    return out;
  }

  private Tape.Scalar loss(BookLoss loss, int t, int b, Tape.Scalar[] o) {
    Tape.Scalar sum = tape.scalar(0);
    if (loss instanceof BookLoss.CrossEntropy entropy) {
      for (Tape.Scalar logit : o) {
        sum = sum.plus(logit.exp());
      }
      return sum.log().plus(o[entropy.ids()[t][b]].times(-1));
    }
    if (loss instanceof BookLoss.Weighted weighted) {
      return loss(weighted.loss(), t, b, o).times(weighted.weight()[t][b]);
    }
    double[] y = ((BookLoss.HalfSquaredError) loss).targets()[t][b];
    for (int k = 0; k < o.length; k++) {
      Tape.Scalar difference = o[k].plus(tape.scalar(-y[k]));
      sum = sum.plus(difference.times(difference));
    }
    return sum.times(0.5);
  }

  private Tape.Scalar[][][] scalars(double[][][] cube) {
    return Arrays.stream(cube)
        .map(rows -> Arrays.stream(rows).map(tape::scalars).toArray(Tape.Scalar[][]::new))
        .toArray(Tape.Scalar[][][]::new);
  }

  private static Tape.Scalar[] flatten(Tape.Scalar[][][] cube) {
    return Arrays.stream(cube)
        .flatMap(Arrays::stream)
        .flatMap(Arrays::stream)
        .toArray(Tape.Scalar[]::new);
  }

  private static double[] pick(double[] by, Tape.Scalar[] scalars) {
    return Arrays.stream(scalars).mapToDouble(s -> by[s.index()]).toArray();
  }
}
