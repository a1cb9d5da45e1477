package dev.lookback.book;

import static dev.lookback.book.Cases.distance;
import static dev.lookback.book.Cases.shaped;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearNetworkTest {

  /** A network, its inputs and its loss, drawn from a seed. */
  private record Setting(LinearNetwork network, double[][] x, double[] h0, BookLoss loss) {
    static Setting of(int seed, double scale) {
      Cases cases = new Cases(seed);
      int steps = cases.between(1, 9);
      int inputs = cases.between(1, 4);
      int hidden = cases.between(1, 5);
      int outputs = cases.between(1, 4);
      return new Setting(
          new LinearNetwork(
              cases.matrix(hidden, inputs),
              shaped(Matrices.scale(scale, cases.row(hidden * hidden)), new double[hidden][hidden]),
              cases.matrix(outputs, hidden)),
          cases.matrix(steps, inputs),
          cases.row(hidden),
          cases.loss(seed % 2 == 0, steps, 1, outputs));
    }

    double lossOf(LinearNetwork other, double[] start) {
      return other.loss(other.outputs(other.hidden(x, start)), loss);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void theClosedFormWithPowersEqualsTheRecursion(int seed) {
    Setting s = Setting.of(seed, 1);
    double[][] byOutput = s.network.derivatives(s.x, s.h0, s.loss).lossByOutput();
    double[][] recursion = s.network.lossByHidden(byOutput);
    assertThat(distance(s.network.lossByHiddenInClosedForm(byOutput), recursion)).isLessThan(1e-12);
    assertThat(s.network.lossByLastHidden(byOutput)).isEqualTo(recursion[recursion.length - 1]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyGradientEqualsDifferences(int seed) {
    Setting s = Setting.of(seed, 0.5);
    LinearNetwork n = s.network;
    LinearNetwork gradient = n.derivatives(s.x, s.h0, s.loss).gradient();
    List<double[][]> weights = List.of(n.whx(), n.whh(), n.wqh());
    List<double[][]> gradients = List.of(gradient.whx(), gradient.whh(), gradient.wqh());
    for (int k = 0; k < 3; k++) {
      int which = k;
      double[] differences =
          Differences.gradient(
              w -> {
                double[][] moved = shaped(w, weights.get(which));
                return s.lossOf(
                    new LinearNetwork(
                        which == 0 ? moved : n.whx(),
                        which == 1 ? moved : n.whh(),
                        which == 2 ? moved : n.wqh()),
                    s.h0);
              },
              Matrices.flatten(weights.get(k)));
      assertThat(distance(Matrices.flatten(gradients.get(k)), differences)).isLessThan(1e-9);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void isTheElmanNetworkWithoutBiasesTransposed(int seed) {
    Setting s = Setting.of(seed, 0.5);
    LinearNetwork n = s.network;
    double[][][] x = new double[s.x.length][][];
    for (int t = 0; t < x.length; t++) {
      x[t] = new double[][] {s.x[t]};
    }
    ElmanNetwork elman =
        new ElmanNetwork(
            Phi.IDENTITY,
            List.of(
                new ElmanNetwork.Layer(
                    Matrices.transpose(n.whx()),
                    Matrices.transpose(n.whh()),
                    new double[s.h0.length])),
            Matrices.transpose(n.wqh()),
            new double[n.wqh().length]);
    ElmanTrace trace = elman.forward(x, new double[][][] {{s.h0}});
    ElmanGradient gradient = ElmanGradient.full(trace, s.loss);
    LinearNetwork.Derivatives derivatives = n.derivatives(s.x, s.h0, s.loss);

    assertThat(trace.loss(s.loss)).isCloseTo(derivatives.loss(), within(derivatives.loss()));
    ElmanNetwork.Layer layer = gradient.weights().layers().get(0);
    LinearNetwork linear = derivatives.gradient();
    assertThat(distance(Matrices.transpose(layer.wxh()), linear.whx())).isLessThan(1e-12);
    assertThat(distance(Matrices.transpose(layer.whh()), linear.whh())).isLessThan(1e-12);
    assertThat(distance(Matrices.transpose(gradient.weights().whq()), linear.wqh()))
        .isLessThan(1e-12);
    double[][] delta = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      delta[t] = gradient.delta()[0][t][0];
    }
    assertThat(distance(delta, derivatives.lossByHidden())).isLessThan(1e-12);
  }

  private static Offset<Double> within(double size) {
    return Offset.offset(1e-12 * Math.max(1, size));
  }
}
