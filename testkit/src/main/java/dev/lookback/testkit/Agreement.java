package dev.lookback.testkit;

import dev.lookback.network.State;
import dev.lookback.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Two answers to one question, number by number.
 *
 * @param about what was asked of which network
 * @param remedy where to look where they differ
 */
record Agreement(String about, String remedy) {

  /** Of what, number by number, and how far apart it may be. */
  private record Numbers(String name, double[] found, double[] expected, double tolerance) {
    boolean agree(int i) {
      // Not the other way round: NaN is not within anything.
      return Math.abs(found[i] - expected[i]) <= tolerance;
    }
  }

  /** Gradients by the weights, tensor by tensor, within a share of each one's largest number. */
  void weights(List<Tensor> tensors, double[] found, double[] expected, double share) {
    for (Tensor tensor : tensors) {
      double[] part = Arrays.copyOfRange(found, tensor.offset(), tensor.end());
      double[] of = Arrays.copyOfRange(expected, tensor.offset(), tensor.end());
      check(new Numbers(tensor.name(), part, of, tolerance(of, share)), tensor.columns());
    }
  }

  /** The same for what belongs to the states of each layer. */
  void state(String what, State found, double[][][] expected, double share) {
    for (int l = 0; l < expected.length; l++) {
      for (int p = 0; p < expected[l].length; p++) {
        String name = what + " of layer " + l + ", plane " + p;
        double[] of = expected[l][p];
        double[] part = doubles(found.layer(l)[p]);
        check(new Numbers(name, part, of, tolerance(of, share)), of.length / found.lanes());
      }
    }
  }

  /** The same for rows of so many numbers. */
  void rows(String name, double[] found, double[] expected, int width, double share) {
    check(new Numbers(name, found, expected, tolerance(expected, share)), width);
  }

  /** One number. */
  void number(String name, double found, double expected, double tolerance) {
    check(new Numbers(name, new double[] {found}, new double[] {expected}, tolerance), 1);
  }

  /** The same bits. */
  void bits(String name, float[] found, float[] expected, int width) {
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToRawIntBits(found[i]) != Float.floatToRawIntBits(expected[i])) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "%s: %s is %s but has to have the bits of %s. %s",
                about,
                place(name, i, width),
                found[i],
                expected[i],
                remedy));
      }
    }
  }

  /** The same bits in every plane. */
  void bits(String name, State found, State expected, int layers) {
    for (int l = 0; l < layers; l++) {
      for (int p = 0; p < expected.layer(l).length; p++) {
        float[] of = expected.layer(l)[p];
        String plane = name + " of layer " + l + ", plane " + p;
        bits(plane, found.layer(l)[p], of, of.length / expected.lanes());
      }
    }
  }

  private void check(Numbers n, int width) {
    int off = 0;
    int worst = -1;
    double most = -1;
    for (int i = 0; i < n.expected.length; i++) {
      if (!n.agree(i)) {
        off++;
        double by = Math.abs(n.found[i] - n.expected[i]);
        if (worst < 0 || Double.isNaN(by) || by > most) {
          worst = i;
          most = Double.isNaN(by) ? Double.POSITIVE_INFINITY : by;
        }
      }
    }
    if (off > 0) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%s: %s is %.6g but has to be %.6g: off by %.2g where %.2g is allowed, and %d of %d"
                  + " numbers of it are off. %s",
              about,
              place(n.name, worst, width),
              n.found[worst],
              n.expected[worst],
              Math.abs(n.found[worst] - n.expected[worst]),
              n.tolerance,
              off,
              n.expected.length,
              remedy));
    }
  }

  private static String place(String name, int i, int width) {
    return width == 1 ? name : name + "[" + i / width + ", " + i % width + "]";
  }

  private static double tolerance(double[] expected, double share) {
    double largest = 0;
    for (double x : expected) {
      largest = Math.max(largest, Math.abs(x));
    }
    // Where a gradient is zero there is rounding all the same.
    return share * Math.max(largest, 0.02);
  }

  static double[] doubles(float[] numbers) {
    double[] doubles = new double[numbers.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = numbers[i];
    }
    return doubles;
  }
}
