package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.book.BookLoss;
import dev.lookback.book.ElmanGradient;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.Phi;
import dev.lookback.book.Sweep;
import dev.lookback.math.Randomness;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * The papers' protocol, a segment for each update, over all ways to cut a short stream at fixed
 * weights. Its gradients add up to the exact one, in expectation, if the sum of a segment's losses
 * is divided by a constant; divided by the segment's own length, which depends on the draw, they do
 * not even point where the exact one does.
 */
class OwnStrideTest {
  private static final int STEPS = 9;
  private static final int MEAN = 2;
  // pi = 1/2, so that xi = 2 is the same in float and double.
  private static final Coupling.Randomised RANDOM =
      new Coupling.Randomised(KeepProbability.geometric(MEAN), MEAN, false);

  private final ElmanNetwork network;
  private final double[][][] x;
  private final double[][] y;
  private final ElmanTrace stream;

  OwnStrideTest() {
    Randomness r = Randomness.of(3);
    ElmanNetwork shape = ElmanNetwork.zeros(Phi.TANH, 2, 3, 1);
    double[] w = new double[shape.parameters().length];
    Arrays.setAll(w, i -> 0.6 * r.with("w").gaussian(i));
    network = shape.withParameters(w);
    x = new double[STEPS][1][2];
    y = new double[STEPS][1];
    for (int t = 0; t < STEPS; t++) {
      x[t][0][0] = r.with("x").gaussian(t);
      x[t][0][1] = 1;
      y[t][0] = r.with("y").gaussian(t);
    }
    stream = network.forward(x, network.zeroState(1));
  }

  /** The gradient of the sum of a segment's losses, divided; its state enters as a constant. */
  private double[] gradient(int from, Coupled segment, double divisor) {
    int steps = segment.links().steps();
    double[][] entering = {from == 0 ? new double[3] : stream.h()[0][from - 1][0]};
    ElmanTrace trace =
        network.forward(Arrays.copyOfRange(x, from, from + steps), new double[][][] {entering});
    BookLoss loss = BookLoss.values(Arrays.copyOfRange(y, from, from + steps));
    double[][] xi = new double[steps][1];
    for (int t = 0; t < steps; t++) {
      xi[t][0] = segment.links().at(t, 0);
    }
    return ElmanGradient.of(trace, loss, divisor, xi, List.of(Sweep.full(steps))).parameters();
  }

  /** A draw of the length asked for. */
  private static Coupled segment(int length, int atMost) {
    long seed = 0;
    while (true) {
      Coupled segment = RANDOM.segment(Randomness.of(seed++), atMost);
      if (segment.links().steps() == length) {
        return segment;
      }
    }
  }

  /** E of the sum over segments, each divided as its length says. */
  private double[] expectation(IntToDoubleFunction divisor) {
    double pi = 1 - 1.0 / MEAN;
    double[] expected = new double[network.parameters().length];
    // Whether a segment begins at a step: surely at the first, then wherever one ended.
    double[] begins = new double[STEPS + 1];
    begins[0] = 1;
    for (int from = 0; from < STEPS; from++) {
      int rest = STEPS - from;
      for (int length = 1; length <= rest; length++) {
        double p = begins[from] * Math.pow(pi, length - 1) * (length == rest ? 1 : 1 - pi);
        double[] g = gradient(from, segment(length, rest), divisor.applyAsDouble(length));
        expected = Matrices.add(expected, Matrices.scale(p, g));
        begins[from + length] += p;
      }
    }
    assertThat(begins[STEPS]).isEqualTo(1);
    return expected;
  }

  private double[] exact() {
    return ElmanGradient.full(stream, BookLoss.values(y)).parameters();
  }

  @Test
  void dividingByTheMeanLengthKeepsTheExpectation() {
    double[] found = Matrices.scale((double) MEAN / STEPS, expectation(length -> MEAN));
    assertThat(Matrices.norm(difference(found, exact()))).isLessThan(1e-12);
  }

  @Test
  void dividingByTheSegmentsOwnLengthTurnsIt() {
    double[] exact = exact();
    double[] found = expectation(length -> length);
    // No constant factor mends it: what the best one leaves is no rounding.
    double factor = Matrices.dot(found, exact) / Matrices.dot(found, found);
    assertThat(Matrices.norm(difference(Matrices.scale(factor, found), exact)))
        .isGreaterThan(0.02 * Matrices.norm(exact));
  }

  private static double[] difference(double[] a, double[] b) {
    return Matrices.add(a, Matrices.scale(-1, b));
  }
}
