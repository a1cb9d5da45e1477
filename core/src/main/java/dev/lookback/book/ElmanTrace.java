package dev.lookback.book;

/**
 * What a forward run leaves behind.
 *
 * @param network the network that ran
 * @param inputs X, {@code [T][B][D]}
 * @param h0 the state that entered, {@code [layers][B][H]}
 * @param reset where a lane's state started afresh, {@code [T][B]}
 * @param h hidden states, {@code [layers][T][B][H]}
 * @param o outputs, {@code [T][B][O]}
 */
public record ElmanTrace(
    ElmanNetwork network,
    double[][][] inputs,
    double[][][] h0,
    boolean[][] reset,
    double[][][][] h,
    double[][][] o) {

  /** T. */
  public int steps() {
    return inputs.length;
  }

  /** B. */
  public int lanes() {
    return inputs[0].length;
  }

  /** The state {@code h_{t-1}} that enters step t of lane b in layer l. */
  public double[] entering(int l, int t, int b) {
    if (reset[t][b]) {
      return new double[h0[l][b].length];
    }
    return t == 0 ? h0[l][b] : h[l][t - 1][b];
  }

  /** The {@code x_t} of layer l: the network's own, or the hidden state of the layer below. */
  public double[] layerInput(int l, int t, int b) {
    return l == 0 ? inputs[t][b] : h[l - 1][t][b];
  }

  /** {@code L = sum_t sum_b l / (T B)}. */
  public double loss(BookLoss loss) {
    return loss(loss, (double) steps() * lanes());
  }

  /** {@code L = sum_t sum_b l / denominator}. */
  public double loss(BookLoss loss, double denominator) {
    return loss(loss, denominator, 0, steps());
  }

  /** The part of L that comes from steps {@code from} to {@code to - 1}. */
  public double loss(BookLoss loss, double denominator, int from, int to) {
    double sum = 0;
    for (int t = from; t < to; t++) {
      for (int b = 0; b < lanes(); b++) {
        sum += loss.value(t, b, o[t][b]);
      }
    }
    return sum / denominator;
  }
}
