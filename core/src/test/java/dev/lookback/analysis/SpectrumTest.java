package dev.lookback.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cell.Elman;
import dev.lookback.math.Randomness;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpectrumTest {

  private static void assertSpectrum(double radius, double norm, float... w) {
    int n = (int) Math.sqrt(w.length);
    assertThat(Spectrum.radius(w, n)).isCloseTo(radius, within(2e-6 * radius));
    assertThat(Spectrum.norm(w, n)).isCloseTo(norm, within(1e-6 * norm));
  }

  @Test
  void aComplexPairHasItsModulus() {
    float cos = (float) (0.9 * Math.cos(1));
    float sin = (float) (0.9 * Math.sin(1));
    assertSpectrum(0.9, 0.9, cos, -sin, sin, cos);
    // Eigenvalues +- 2i, singular values 4 and 1.
    assertSpectrum(2, 4, 0, -4, 1, 0);
  }

  @Test
  void aJordanBlockHasTheRadiusOfItsDiagonal() {
    // |[[a, 1], [0, a]]| = (1 + sqrt(1 + 4 a^2)) / 2.
    double norm = (1 + Math.sqrt(1 + 4 * 0.25)) / 2;
    assertSpectrum(0.5, norm, 0.5f, 1, 0, 0.5f);
    // Nilpotent: it forgets everything after three steps, whatever its norm.
    assertSpectrum(0, 5, 0, 5, 0, 0, 0, 3, 0, 0, 0);
  }

  @Test
  void diagonalZeroAndOneNumber() {
    assertSpectrum(3, 3, 1, 0, 0, 0, -3, 0, 0, 0, 2);
    assertSpectrum(0, 0, 0, 0, 0, 0);
    assertSpectrum(0.25, 0.25, -0.25f);
    // Far from 1 in either direction nothing overflows or vanishes.
    assertSpectrum(1e30, 1e30, 1e30f, 0, 0, 1e-30f);
    assertSpectrum(1e-30, 1e-30, 1e-30f, 0, 0, 0);
  }

  /** Where (1, 1, ..) lies in the null space, or is another singular vector. */
  @Test
  void noDirectionIsOverlooked() {
    assertSpectrum(2, 2, 1, -1, -1, 1);
    // Eigenvalue 1 for (1, 1, 1), 4 for what is orthogonal to it.
    assertSpectrum(4, 4, 3, -1, -1, -1, 3, -1, -1, -1, 3);
    assertSpectrum(0, 3, 0, 0, 3, 0, 0, 0, 0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 32, 33})
  void orthogonalRecurrentWeightsHaveBothAtOne(int hidden) {
    Network network = Network.of(Elman.of(3, hidden), Readout.linear(1));
    float[] w = network.initialize(Initialization.orthogonal(), 5).of("rnn.weight_hh_l0");
    assertSpectrum(1, 1, w);
  }

  @Test
  void theRadiusIsAtMostTheNormAndScalesWithTheMatrix() {
    int n = 24;
    float[] w = new float[n * n];
    float[] half = new float[n * n];
    float[] transposed = new float[n * n];
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) Randomness.of(9).gaussian(i);
      half[i] = w[i] / 2;
    }
    for (int i = 0; i < w.length; i++) {
      transposed[i] = w[i % n * n + i / n];
    }
    double radius = Spectrum.radius(w, n);
    double norm = Spectrum.norm(w, n);
    assertThat(radius).isLessThan(norm);
    // Circular law and Marchenko-Pastur edge, roughly.
    assertThat(radius).isBetween(0.7 * Math.sqrt(n), 1.3 * Math.sqrt(n));
    assertThat(norm).isBetween(1.6 * Math.sqrt(n), 2.2 * Math.sqrt(n));
    assertSpectrum(radius / 2, norm / 2, half);
    assertSpectrum(radius, norm, transposed);
  }

  @Test
  void onlySquareMatricesHaveASpectrum() {
    assertThatThrownBy(() -> Spectrum.radius(new float[6], 2))
        .hasMessage("the matrix has 6 numbers but [2, 2] needs 4");
    assertThatThrownBy(() -> Spectrum.norm(new float[6], 2))
        .hasMessage("the matrix has 6 numbers but [2, 2] needs 4");
  }
}
