package dev.lookback.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MatricesTest {
  private static final double[][] A = {{1, 2}, {3, 4}, {5, 6}};
  private static final double[][] M = {{2, 1}, {1, 2}};

  @Test
  void products() {
    assertThat(Matrices.multiply(A, M)).isDeepEqualTo(new double[][] {{4, 5}, {10, 11}, {16, 17}});
    assertThat(Matrices.multiply(A, new double[] {1, -1})).containsExactly(-1, -1, -1);
    assertThat(Matrices.multiply(new double[] {1, 0, -1}, A)).containsExactly(-4, -4);
    assertThat(Matrices.transpose(A)).isDeepEqualTo(new double[][] {{1, 3, 5}, {2, 4, 6}});
    assertThat(Matrices.outer(new double[] {1, 2}, new double[] {3, 4}))
        .isDeepEqualTo(new double[][] {{3, 4}, {6, 8}});
    assertThat(Matrices.norm(new double[][] {{1, 2}, {2, 4}})).isEqualTo(5);
    assertThatThrownBy(() -> Matrices.multiply(A, A)).hasMessageContaining("2, the right one rows");
  }

  /** Exercise 1 of the chapter: M^k x turns to the eigenvector of the largest eigenvalue. */
  @Test
  void powersAlignWithTheLeadingEigenvector() {
    assertThat(Matrices.power(M, 0)).isDeepEqualTo(Matrices.identity(2));
    assertThat(Matrices.power(M, 3)).isDeepEqualTo(new double[][] {{14, 13}, {13, 14}});
    double[] v = Matrices.multiply(Matrices.power(M, 40), new double[] {1, 0});
    assertThat(v[1] / v[0]).isCloseTo(1, within(1e-15));
    assertThat(Matrices.norm(v)).isCloseTo(Math.pow(3, 40) / Math.sqrt(2), within(1e5));
  }

  @Test
  void oneHotRows() {
    assertThat(Matrices.oneHot(new int[][] {{1, 0}}, 2)[0])
        .isDeepEqualTo(new double[][] {{0, 1}, {1, 0}});
    assertThatThrownBy(() -> Matrices.oneHot(new int[][] {{0, 2}}, 2))
        .hasMessage("the id of step 0, lane 1 is 2 but has to be in 0 to 1");
  }
}
