package dev.lookback.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.GruLayer.Reset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step forward of each cell, unit by unit, with every place in the weights spelled out. */
class LayerTest {
  private static final int D = 2;
  private static final int H = 3;

  private final Cases cases = new Cases(5);
  private final double[] x = cases.row(D);
  private final CellState before = new CellState(cases.row(H), cases.row(H));

  private LayerWeights weights(int gates) {
    int columns = gates * H;
    double[] none = new double[0];
    return new LayerWeights(
        cases.matrix(D, columns),
        cases.matrix(H, columns),
        cases.row(columns),
        cases.row(columns),
        none,
        none);
  }

  private double fromInput(LayerWeights w, int gate, int j) {
    double a = w.bih()[gate * H + j];
    for (int i = 0; i < D; i++) {
      a += x[i] * w.wxh()[i][gate * H + j];
    }
    return a;
  }

  private static double fromState(LayerWeights w, int gate, int j, double[] h) {
    double u = w.bhh()[gate * H + j];
    for (int i = 0; i < H; i++) {
      u += h[i] * w.whh()[i][gate * H + j];
    }
    return u;
  }

  private double a(LayerWeights w, int gate, int j) {
    return fromInput(w, gate, j) + fromState(w, gate, j, before.h());
  }

  private static double sigmoid(double a) {
    return (1 + Math.tanh(a / 2)) / 2;
  }

  @ParameterizedTest
  @EnumSource
  void elman(Phi phi) {
    LayerWeights w = weights(1);
    CellState after = new ElmanLayer(phi, w).forward(x, CellState.of(before.h()));
    for (int j = 0; j < H; j++) {
      assertThat(after.h()[j]).isCloseTo(phi.apply(a(w, 0, j)), within(1e-14));
    }
    assertThat(after.c()).isEmpty();
  }

  @Test
  void lstmGatesAreInputForgetCandidateOutput() {
    LayerWeights w = weights(4);
    CellState after = new LstmLayer(w).forward(x, before);
    for (int j = 0; j < H; j++) {
      double kept = sigmoid(a(w, 1, j)) * before.c()[j];
      double c = kept + sigmoid(a(w, 0, j)) * Math.tanh(a(w, 2, j));
      assertThat(after.c()[j]).isCloseTo(c, within(1e-14));
      assertThat(after.h()[j]).isCloseTo(sigmoid(a(w, 3, j)) * Math.tanh(c), within(1e-14));
    }
  }

  @Test
  void gruGatesAreResetUpdateCandidateAndTheResetIsAfterTheProduct() {
    LayerWeights w = weights(3);
    CellState after = new GruLayer(Reset.AFTER_PRODUCT, w).forward(x, CellState.of(before.h()));
    for (int j = 0; j < H; j++) {
      double r = sigmoid(a(w, 0, j));
      double n = Math.tanh(fromInput(w, 2, j) + r * fromState(w, 2, j, before.h()));
      assertThat(after.h()[j]).isCloseTo(mixed(w, j, n), within(1e-14));
    }
    assertThat(after.c()).isEmpty();
  }

  @Test
  void gruWithTheResetBeforeTheProduct() {
    LayerWeights w = weights(3);
    CellState after = new GruLayer(Reset.BEFORE_PRODUCT, w).forward(x, CellState.of(before.h()));
    double[] seen = new double[H];
    for (int j = 0; j < H; j++) {
      seen[j] = sigmoid(a(w, 0, j)) * before.h()[j];
    }
    for (int j = 0; j < H; j++) {
      double n = Math.tanh(fromInput(w, 2, j) + fromState(w, 2, j, seen));
      assertThat(after.h()[j]).isCloseTo(mixed(w, j, n), within(1e-14));
    }
  }

  private double mixed(LayerWeights w, int j, double n) {
    double z = sigmoid(a(w, 1, j));
    return (1 - z) * n + z * before.h()[j];
  }

  @Test
  void gatesThatAreFarOpenOrShutGiveNoNaN() {
    LayerWeights w = weights(4);
    Arrays.fill(w.bih(), -1e4);
    LstmLayer layer = new LstmLayer(w);
    assertThat(Matrices.norm(layer.forward(x, before).h())).isZero();
    LayerWeights gradient = w.zeros();
    Layer.Sent sent = layer.backward(x, before, before, gradient);
    assertThat(Matrices.norm(sent.x())).isZero();
    assertThat(Matrices.norm(sent.before().c())).isZero();
  }

  @Test
  void saysWhichShapesDoNotFit() {
    assertThatThrownBy(() -> new LstmLayer(weights(3)))
        .hasMessage("W_hh is [3][9] but an LSTM needs [H][4H]");
    assertThatThrownBy(() -> new GruLayer(Reset.AFTER_PRODUCT, weights(4)))
        .hasMessage("W_hh is [3][12] but a GRU needs [H][3H]");
    assertThatThrownBy(() -> new ElmanLayer(Phi.TANH, weights(3)))
        .hasMessage("W_hh is [3][9] but an Elman layer needs [H][H]");
    assertThatThrownBy(() -> new LstmLayer(learned(4, H, 0)))
        .hasMessage("h0 has 3 numbers and c0 has 0 but an LSTM learns both");
    assertThatThrownBy(() -> new GruLayer(Reset.BEFORE_PRODUCT, learned(3, H, H)))
        .hasMessage("h0 has 3 numbers and c0 has 3 but a GRU has no c0");
    assertThatThrownBy(() -> learned(3, 2, 0)).hasMessage("h0 has 2 numbers but needs 3, or none");
    double[] none = new double[0];
    assertThatThrownBy(
            () -> new LayerWeights(new double[2][3], new double[3][6], none, none, none, none))
        .hasMessage("W_xh is [2][3] and W_hh is [3][6] but both need a row and the same columns");
  }

  private static LayerWeights learned(int gates, int h0, int c0) {
    LayerWeights w = LayerWeights.zeros(D, H, gates);
    return new LayerWeights(w.wxh(), w.whh(), w.bih(), w.bhh(), new double[h0], new double[c0]);
  }
}
