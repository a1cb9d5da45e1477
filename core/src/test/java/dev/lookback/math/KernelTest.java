package dev.lookback.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scalar is the definition; SIMD and threads agree with it bit for bit. */
class KernelTest {
  private static final int[] SIZES = {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65};

  @Test
  void simdProductsHaveTheBitsOfTheDefinition() {
    try (Team scalar = Team.scalar(1);
        Team simd = Team.of(1)) {
      assertThat(simd.describe()).as("tests run with the vector module").contains("SIMD");
      for (int rows : SIZES) {
        for (int k : new int[] {1, 2, 17, 33}) {
          for (int n : SIZES) {
            assertThat(product(simd, rows, k, n)).isEqualTo(product(scalar, rows, k, n));
          }
        }
      }
    }
  }

  @Test
  void aProductOfOneRowHasTheBitsOfThatRowInAnyProduct() {
    try (Team team = Team.of(1)) {
      for (int n : SIZES) {
        float[] whole = product(team, 13, 21, n);
        for (int row = 0; row < 13; row++) {
          float[] a = numbers(1, 13 * 21);
          Panels b = new Panels(21, n);
          b.pack(numbers(2, 21 * n), 0);
          float[] c = numbers(3, 13 * n);
          team.worker().multiplyAdd(a, row, 1, b, c, row);
          for (int j = 0; j < n; j++) {
            assertThat(c[row * n + j]).isEqualTo(whole[row * n + j]);
          }
        }
      }
    }
  }

  @Test
  void productsAgreeWithDoublePrecision() {
    try (Team team = Team.of(1)) {
      float[] a = numbers(1, 9 * 65);
      float[] b = numbers(2, 65 * 33);
      float[] c = numbers(3, 9 * 33);
      float[] found = product(team, 9, 65, 33);
      for (int i = 0; i < 9; i++) {
        for (int j = 0; j < 33; j++) {
          double sum = c[i * 33 + j];
          for (int l = 0; l < 65; l++) {
            sum += (double) a[i * 65 + l] * b[l * 33 + j];
          }
          assertThat((double) found[i * 33 + j]).isCloseTo(sum, within(1e-5));
        }
      }
    }
  }

  @Test
  void packingTheTransposeIsPackingWhatIsTransposed() {
    float[] w = numbers(4, 19 * 37);
    float[] turned = new float[w.length];
    for (int i = 0; i < 19; i++) {
      for (int j = 0; j < 37; j++) {
        turned[j * 19 + i] = w[i * 37 + j];
      }
    }
    Panels one = new Panels(19, 37);
    one.pack(w, 0);
    Panels other = new Panels(19, 37);
    other.packTransposed(turned, 0);
    assertThat(other.values()).isEqualTo(one.values());
  }

  @Test
  void simdOuterProductsHaveTheBitsOfTheDefinition() {
    try (Team scalar = Team.scalar(1);
        Team simd = Team.of(1);
        Team several = Team.of(3)) {
      for (int m : SIZES) {
        for (int n : SIZES) {
          for (int rows : new int[] {1, 2, 40}) {
            float[] expected = outer(scalar, m, n, rows);
            assertThat(outer(simd, m, n, rows)).isEqualTo(expected);
            assertThat(outer(several, m, n, rows)).isEqualTo(expected);
          }
        }
      }
      // Large enough to be shared among the threads.
      assertThat(outer(several, 300, 70, 200)).isEqualTo(outer(scalar, 300, 70, 200));
    }
  }

  @Test
  void simdActivationsHaveTheBitsOfTheDefinition() {
    float[] x = sweep();
    try (Team scalar = Team.scalar(1);
        Team simd = Team.of(1)) {
      float[] expected = x.clone();
      float[] found = x.clone();
      scalar.worker().tanh(expected, 0, x.length);
      simd.worker().tanh(found, 0, x.length);
      assertThat(found).isEqualTo(expected);
      expected = x.clone();
      found = x.clone();
      scalar.worker().exp(expected, 0, x.length, 0.25f);
      simd.worker().exp(found, 0, x.length, 0.25f);
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void activationsAreWithinThreeUlp() {
    double worstExp = 0;
    double worstTanh = 0;
    for (float x : sweep()) {
      if (x > -103 && x < 88.7f) {
        double exact = StrictMath.exp(x);
        worstExp =
            Math.max(worstExp, Math.abs(Polynomials.exp(x) - exact) / Math.ulp((float) exact));
      }
      double exact = StrictMath.tanh(x);
      worstTanh =
          Math.max(worstTanh, Math.abs(Polynomials.tanh(x) - exact) / Math.ulp((float) exact));
    }
    assertThat(worstExp).isLessThanOrEqualTo(3);
    assertThat(worstTanh).isLessThanOrEqualTo(3);
  }

  @Test
  void activationsHaveTheirLimits() {
    assertThat(Polynomials.exp(0)).isEqualTo(1);
    assertThat(Polynomials.exp(200)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Polynomials.exp(-200)).isZero();
    assertThat(Polynomials.exp(Float.NaN)).isNaN();
    assertThat(Polynomials.tanh(50)).isEqualTo(1);
    assertThat(Polynomials.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(Polynomials.tanh(-0.0f)).isEqualTo(-0.0f);
    assertThat(Polynomials.tanh(Float.NaN)).isNaN();
  }

  @Test
  void aTeamRunsEveryItemOnceAndPassesOnFailures() {
    try (Team team = Team.of(4)) {
      for (int n : new int[] {1, 3, 4, 1001}) {
        int[] seen = new int[n];
        team.split(
            n,
            1_000_000,
            (worker, from, to) -> {
              for (int i = from; i < to; i++) {
                seen[i]++;
              }
            });
        assertThat(seen).containsOnly(1);
      }
      assertThatThrownBy(
              () ->
                  team.split(
                      8,
                      1_000_000,
                      (worker, from, to) -> {
                        if (to == 8) {
                          throw new IllegalStateException("the last part failed");
                        }
                      }))
          .hasMessage("the last part failed");
    }
    assertThatThrownBy(() -> Team.of(0)).hasMessageContaining("0 threads");
  }

  private static org.assertj.core.data.Offset<Double> within(double x) {
    return org.assertj.core.data.Offset.offset(x);
  }

  private static float[] product(Team team, int rows, int k, int n) {
    Panels b = new Panels(k, n);
    b.pack(numbers(2, k * n), 0);
    float[] c = numbers(3, rows * n);
    team.worker().multiplyAdd(numbers(1, rows * k), 0, rows, b, c, 0);
    return c;
  }

  private static float[] outer(Team team, int m, int n, int rows) {
    float[] c = numbers(5, 3 + m * n);
    Rows a = new Rows(numbers(6, (rows + 2) * m), m, 2, rows);
    Rows b = new Rows(numbers(7, (rows + 1) * n), n, 1, rows);
    team.addOuter(a, b, c, 3);
    return c;
  }

  private static float[] numbers(int seed, int count) {
    Randomness randomness = Randomness.of(seed);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) randomness.gaussian(i);
    }
    return x;
  }

  /** Numbers over the whole range of float, dense where the functions bend. */
  private static float[] sweep() {
    List<Float> x = new ArrayList<>();
    for (float v = -110; v < 95; v += 0.00317f) {
      x.add(v);
    }
    for (int exponent = -126; exponent < 127; exponent++) {
      float base = Math.scalb(1.37f, exponent);
      x.add(base);
      x.add(-base);
    }
    x.add(0f);
    x.add(-0f);
    float[] array = new float[x.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = x.get(i);
    }
    return array;
  }
}
