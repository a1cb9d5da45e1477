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
          Panels b = packed(team, numbers(2, 21 * n), 21, n, false);
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
    try (Team scalar = Team.scalar(1);
        Team simd = Team.of(1)) {
      Panels one = packed(simd, w, 19, 37, false);
      Panels other = packed(simd, turned, 19, 37, true);
      assertThat(other.panels()).isEqualTo(one.panels());
      one = packed(scalar, w, 19, 37, false);
      other = packed(scalar, turned, 19, 37, true);
      assertThat(other.rows()).isDeepEqualTo(one.rows());
    }
  }

  /** Beyond the pieces that the kernels cut products into, and with every kind of leftover row. */
  @Test
  void simdProductsHaveTheBitsOfTheDefinitionPastEveryBlock() {
    try (Team scalar = Team.scalar(1);
        Team simd = Team.of(1)) {
      for (int rows : new int[] {1, 2, 3, 10, 11, 13, 95, 97, 103, 193}) {
        for (int k : new int[] {255, 257, 700}) {
          assertThat(product(simd, rows, k, 33)).isEqualTo(product(scalar, rows, k, 33));
          assertThat(product(simd, rows, k, 300)).isEqualTo(product(scalar, rows, k, 300));
        }
      }
    }
  }

  @Test
  void simdOuterProductsHaveTheBitsOfTheDefinition() {
    try (Team scalar = Team.scalar(1);
        Team simd = Team.of(1);
        Team several = Team.of(3)) {
      for (int m : SIZES) {
        for (int n : SIZES) {
          for (int rows : new int[] {1, 40}) {
            float[] expected = outer(scalar, m, n, rows);
            assertThat(outer(simd, m, n, rows)).isEqualTo(expected);
            assertThat(outer(several, m, n, rows)).isEqualTo(expected);
          }
        }
      }
      // Large enough to be shared among the threads.
      assertThat(outer(several, 300, 170, 300)).isEqualTo(outer(scalar, 300, 170, 300));
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
      scalar.worker().exp(expected, 0, x.length);
      simd.worker().exp(found, 0, x.length);
      assertThat(found).isEqualTo(expected);
      expected = x.clone();
      found = x.clone();
      scalar.worker().sigmoid(expected, 0, x.length);
      simd.worker().sigmoid(found, 0, x.length);
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void activationsAreWithinThreeUlp() {
    double worstExp = 0;
    double worstTanh = 0;
    double worstSigmoid = 0;
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
    for (float x : sweep()) {
      double exact = 1 / (1 + StrictMath.exp(-x));
      double error = Math.abs(Polynomials.sigmoid(x) - exact);
      if (x < -87.3) {
        assertThat(error).isLessThanOrEqualTo(6.1e-39);
      } else {
        worstSigmoid = Math.max(worstSigmoid, error / Math.ulp((float) exact));
      }
    }
    assertThat(worstSigmoid).isLessThanOrEqualTo(3);
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
    assertThat(Polynomials.tanh(-0.0f)).isZero();
    assertThat(Polynomials.sigmoid(0)).isEqualTo(0.5f);
    assertThat(Polynomials.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Polynomials.sigmoid(Float.NEGATIVE_INFINITY)).isBetween(0f, 6.1e-39f);
    assertThat(Polynomials.sigmoid(Float.NaN)).isNaN();
    assertThat(Worker.log(1)).isZero();
    assertThat(Worker.log(Double.POSITIVE_INFINITY)).isInfinite();
    assertThat(Worker.log(Double.NaN)).isNaN();
    assertThat(Polynomials.tanh(Float.NaN)).isNaN();
  }

  @Test
  void logIsWithinOneUlp() {
    Randomness r = Randomness.of(8);
    for (int i = 0; i < 200_000; i++) {
      double x = StrictMath.exp(i % 2 == 0 ? 12 * r.uniform(i) : 1400 * r.uniform(i) - 700);
      double exact = StrictMath.log(x);
      assertThat(Math.abs(Worker.log(x) - exact)).isLessThanOrEqualTo(Math.ulp(exact));
    }
  }

  /** Every loop of the gates, over lengths that hit every tail. */
  @Test
  void simdGatesHaveTheBitsOfTheDefinition() {
    Gates definition = new Gates();
    Gates simd = new VectorGates();
    for (int n : SIZES) {
      float[][] expected = gates(definition, n);
      float[][] found = gates(simd, n);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).as("array %d, %d numbers", i, n).isEqualTo(expected[i]);
      }
    }
  }

  private static float[][] gates(Gates gates, int n) {
    float[][] x = new float[20][];
    for (int i = 0; i < x.length; i++) {
      x[i] = numbers(20 + i, n + 5);
    }
    float[][] planes = {x[0], x[1], x[2], x[3], x[4]};
    float[][] d = {x[5], x[6], x[7], x[8]};
    float[][] carry = {x[9], x[10]};
    gates.lstmState(planes, 1, x[11], 2, x[12], 3, n);
    gates.lstmBackward(planes, 1, x[11], 2, x[13], carry, 4, d, n);
    gates.gruCandidate(planes, 2, n);
    gates.gruState(planes, 2, x[11], 1, x[14], 3, n);
    gates.gruBackward(planes, 2, x[11], 1, x[13], x[15], 3, d, n);
    gates.gruResetAfter(planes, 2, d, n);
    gates.gruResetBefore(planes, 2, x[11], 1, x[16], x[15], 3, d, n);
    gates.multiply(x[11], 1, x[13], 2, x[17], 3, n);
    gates.tanhBackward(x[0], 1, x[13], 2, x[15], 3, x[18], n);
    return x;
  }

  @Test
  void everyPartOfAPartitionIsComputedOnceAndWaitsForTheOthers() {
    for (int threads : new int[] {1, 2, 4}) {
      try (Team team = Team.of(threads)) {
        for (int[] size : new int[][] {{1, 3}, {1, 1024}, {3, 512}, {64, 512}, {9, 64}}) {
          Partition partition = Partition.of(team, size[0], size[1], 4L * size[1] * size[1]);
          int[][] steps = new int[50][size[0] * size[1]];
          team.run(
              partition,
              1L << 40,
              (worker, part, barrier) -> {
                for (int t = 0; t < steps.length; t++) {
                  if (t > 0 && partition.inStep()) {
                    assertThat(steps[t - 1]).containsOnly(1);
                  }
                  for (int b = part.b0(); b < part.b1(); b++) {
                    for (int u = part.u0(); u < part.u1(); u++) {
                      steps[t][b * size[1] + u]++;
                    }
                  }
                  barrier.await();
                }
              });
          assertThat(steps[49]).containsOnly(1);
        }
      }
    }
  }

  @Test
  void aFailureOfOneThreadDoesNotLeaveTheOthersWaiting() {
    try (Team team = Team.of(3)) {
      Partition partition = Partition.of(team, 1, 1024, 4L << 20);
      assertThat(partition.inStep()).isTrue();
      assertThatThrownBy(
              () ->
                  team.run(
                      partition,
                      1L << 40,
                      (worker, part, barrier) -> {
                        barrier.await();
                        if (part.u0() > 0) {
                          throw new IllegalStateException("a part failed");
                        }
                        barrier.await();
                      }))
          .hasMessage("a part failed");
    }
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

  private static Panels packed(Team team, float[] w, int k, int n, boolean transposed) {
    Panels panels = new Panels(k, n);
    Packing packing = new Packing();
    if (transposed) {
      packing.addTransposed(panels, 0, k);
    } else {
      packing.add(panels, 0, n);
    }
    packing.run(w, team);
    return panels;
  }

  private static float[] product(Team team, int rows, int k, int n) {
    float[] c = numbers(3, rows * n);
    Panels b = packed(team, numbers(2, k * n), k, n, false);
    team.worker().multiplyAdd(numbers(1, rows * k), 0, rows, b, c, 0);
    return c;
  }

  // Two products with one left matrix, and the sum of the rows, into rows that stand apart.
  private static float[] outer(Team team, int m, int n, int rows) {
    float[] c = numbers(5, 3 + m * (n + 2) + m + n);
    OuterProducts products =
        new OuterProducts(
            new int[] {m},
            new int[] {n, 1},
            List.of(
                new OuterProducts.Term(0, 0, 3, n + 2),
                new OuterProducts.Term(0, 1, 3 + n, n + 2),
                new OuterProducts.Term(OuterProducts.ONES, 0, 3 + m * (n + 2), 0)));
    products.left(0, numbers(6, (rows + 2) * m), 2);
    products.right(0, numbers(7, (rows + 1) * n), 1);
    products.right(1, numbers(8, rows), 0);
    products.addTo(c, rows, team);
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
