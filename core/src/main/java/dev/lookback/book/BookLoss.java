package dev.lookback.book;

/**
 * The loss l(o_t, y_t) of one step of one lane, targets included. What a window's losses are
 * divided by is the caller's business.
 */
public sealed interface BookLoss {

  /** {@code l(o, y)} at step t of lane b, the steps counted from 0. */
  double value(int t, int b, double[] o);

  /** {@code dl/do} at step t of lane b. */
  double[] derivative(int t, int b, double[] o);

  /** Cross-entropy of one lane's classes. */
  static BookLoss classes(int... ids) {
    int[][] column = new int[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      column[t] = new int[] {ids[t]};
    }
    return new CrossEntropy(column);
  }

  /** Half the squared distance from one lane's rows {@code [T][O]}. */
  static BookLoss values(double[]... rows) {
    double[][][] column = new double[rows.length][][];
    for (int t = 0; t < rows.length; t++) {
      column[t] = new double[][] {rows[t]};
    }
    return new HalfSquaredError(column);
  }

  /**
   * Cross-entropy of a softmax, in nats.
   *
   * <pre>
   *   l = log sum_k exp(o_k) - o_y
   *   dl/do_k = exp(o_k) / sum_j exp(o_j) - [k = y]
   * </pre>
   *
   * @param ids the class y of each step and lane, {@code [T][B]}
   */
  record CrossEntropy(int[][] ids) implements BookLoss {
    @Override
    public double value(int t, int b, double[] o) {
      double largest = largest(o);
      double sum = 0;
      for (double logit : o) {
        sum += Math.exp(logit - largest);
      }
      return largest + Math.log(sum) - o[ids[t][b]];
    }

    @Override
    public double[] derivative(int t, int b, double[] o) {
      double largest = largest(o);
      double sum = 0;
      for (double logit : o) {
        sum += Math.exp(logit - largest);
      }
      double[] derivative = new double[o.length];
      for (int k = 0; k < o.length; k++) {
        derivative[k] = Math.exp(o[k] - largest) / sum;
      }
      derivative[ids[t][b]] -= 1;
      return derivative;
    }

    // Taken off every logit, it changes no result and keeps exp from overflowing.
    private static double largest(double[] o) {
      double largest = Double.NEGATIVE_INFINITY;
      for (double logit : o) {
        largest = Math.max(largest, logit);
      }
      return largest;
    }
  }

  /**
   * Half the squared error, summed over the outputs.
   *
   * <pre>
   *   l = 1/2 sum_k (o_k - y_k)^2
   *   dl/do_k = o_k - y_k
   * </pre>
   *
   * @param targets the row y of each step and lane, {@code [T][B][O]}
   */
  record HalfSquaredError(double[][][] targets) implements BookLoss {
    @Override
    public double value(int t, int b, double[] o) {
      double[] difference = derivative(t, b, o);
      return Matrices.dot(difference, difference) / 2;
    }

    @Override
    public double[] derivative(int t, int b, double[] o) {
      return Matrices.add(o, Matrices.scale(-1, targets[t][b]));
    }
  }

  /**
   * Another loss times a weight for each step and lane; 0 masks it.
   *
   * @param loss the loss that is weighted
   * @param weight {@code [T][B]}
   */
  record Weighted(BookLoss loss, double[][] weight) implements BookLoss {
    @Override
    public double value(int t, int b, double[] o) {
      return weight[t][b] * loss.value(t, b, o);
    }

    @Override
    public double[] derivative(int t, int b, double[] o) {
      return Matrices.scale(weight[t][b], loss.derivative(t, b, o));
    }
  }
}
