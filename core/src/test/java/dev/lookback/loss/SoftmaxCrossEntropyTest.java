package dev.lookback.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.BookLoss;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import dev.lookback.window.Targets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxCrossEntropyTest {
  private static final Team TEAM = Team.of(1);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  // Around the eight chains and the 256 outputs that are summed at a time.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 9, 16, 255, 256, 257, 264, 513})
  void agreesWithTheBook(int width) {
    int[] ids = {0, width - 1, width / 2};
    float[] o = new float[3 * width];
    for (int i = 0; i < o.length; i++) {
      o[i] = (float) (3 * Randomness.of(1).with("o").gaussian(i));
    }
    BookLoss book = BookLoss.classes(ids);
    double expected = 0;
    double[] gradient = new double[o.length];
    for (int r = 0; r < 3; r++) {
      double[] row = doubles(o, r * width, width);
      expected += book.value(r, 0, row);
      double[] derivative = book.derivative(r, 0, row);
      System.arraycopy(derivative, 0, gradient, r * width, width);
    }
    assertThat(run(o, width, ids)).isCloseTo(expected, within(1e-5));
    for (int i = 0; i < o.length; i++) {
      assertThat((double) o[i]).isCloseTo(gradient[i], within(1e-6));
    }
  }

  // exp of any of these but the largest's difference overflows: every place of it is tried.
  @Test
  void theLargestOutputIsTakenOffWhereverItStands() {
    int width = 11;
    for (int largest = 0; largest < width; largest++) {
      for (int y = 0; y < width; y++) {
        float[] o = new float[width];
        Arrays.fill(o, 900);
        o[largest] = 1000;
        assertThat(run(o, width, y)).isEqualTo(y == largest ? 0 : 100);
        for (int j = 0; j < width; j++) {
          float softmax = j == largest ? 1 : 0;
          assertThat(o[j]).isCloseTo(softmax - (j == y ? 1 : 0), within(1e-30f));
        }
      }
    }
  }

  // The order of the sum is part of a loss's bits: eight chains in float over 256 outputs, added in
  // double one after another, then what is left of the 256 one by one.
  @ParameterizedTest
  @ValueSource(ints = {5, 8, 16, 250, 256, 523})
  void sumsInEightChainsOver256Outputs(int width) {
    float[] o = new float[width];
    for (int j = 0; j < width; j++) {
      o[j] = j == width / 2 ? 0 : (float) -Math.abs(Randomness.of(2).with("o").gaussian(j));
    }
    float[] e = o.clone();
    TEAM.split(1, width, (worker, from, to) -> worker.exp(e, 0, width));
    double sum = 0;
    for (int from = 0; from < width; from += 256) {
      int to = Math.min(width, from + 256);
      int whole = from + (to - from) / 8 * 8;
      float[] chains = new float[8];
      for (int j = from; j < whole; j++) {
        chains[j % 8] += e[j];
      }
      double chunk = ((double) chains[0] + chains[1]) + ((double) chains[2] + chains[3]);
      chunk = chunk + ((double) chains[4] + chains[5]) + ((double) chains[6] + chains[7]);
      for (int j = whole; j < to; j++) {
        chunk += e[j];
      }
      sum += chunk;
    }
    double expected = Worker.log(sum) - o[0];
    assertThat(run(o, width, 0)).isEqualTo(expected);
  }

  // Padding ids and NaN: neither counts nor teaches.
  @Test
  void aMaskedRowMayHoldAnything() {
    float[] o = {Float.NaN, Float.POSITIVE_INFINITY, 1, 2, 5, 5, 2, 1};
    float[] weight = {0, 1, 0, 0.5f};
    double loss =
        new SoftmaxCrossEntropy()
            .lossAndGradient(
                o,
                new Loss.RowRange(0, 4, 2),
                new Targets.Classes(new int[] {-1, 0, Integer.MAX_VALUE, 1}),
                Optional.of(weight),
                0.25,
                TEAM);
    assertThat(loss).isCloseTo(1.5 * (1 + Math.log1p(Math.exp(-1))), within(1e-6));
    float p = (float) (1 / (1 + Math.exp(1)));
    float[] expected = {0, 0, p - 1, 1 - p, 0, 0, (1 - p) / 2, (p - 1) / 2};
    for (int i = 0; i < o.length; i++) {
      assertThat(o[i]).isCloseTo(0.25f * expected[i], within(1e-7f));
    }
  }

  // 600 rows are worth sharing: a row that another thread has must not be touched.
  @Test
  void threadsShareRows() {
    int width = 50;
    int[] ids = new int[600];
    float[] alone = new float[ids.length * width];
    for (int i = 0; i < alone.length; i++) {
      alone[i] = (float) Randomness.of(3).with("o").gaussian(i);
    }
    float[] shared = alone.clone();
    double loss = run(alone, width, ids);
    try (Team team = Team.of(3)) {
      assertThat(run(shared, width, team, ids)).isEqualTo(loss);
    }
    assertThat(shared).isEqualTo(alone);
  }

  @Test
  void refusesTargetsThatAreNoOutput() {
    for (int y : new int[] {-1, 3}) {
      assertThatThrownBy(() -> run(new float[3], 3, y))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a target is class " + y + " but the network has the outputs 0 to 2");
    }
    assertThatThrownBy(
            () ->
                new SoftmaxCrossEntropy()
                    .lossAndGradient(
                        new float[2],
                        new Loss.RowRange(0, 1, 2),
                        new Targets.Values(new float[2], 2),
                        Optional.empty(),
                        1,
                        TEAM))
        .hasMessage("cross-entropy needs targets that are class ids [T, B], not rows of values");
  }

  @Test
  void isCountedInNats() {
    assertThat(new SoftmaxCrossEntropy().unit()).isEqualTo("nats");
    assertThat(new SoftmaxCrossEntropy().label()).isEqualTo("cross-entropy");
  }

  private static double run(float[] o, int width, int... ids) {
    return run(o, width, TEAM, ids);
  }

  private static double run(float[] o, int width, Team team, int... ids) {
    return new SoftmaxCrossEntropy()
        .lossAndGradient(
            o,
            new Loss.RowRange(0, ids.length, width),
            new Targets.Classes(ids),
            Optional.empty(),
            1,
            team);
  }

  private static double[] doubles(float[] x, int from, int count) {
    double[] doubles = new double[count];
    for (int i = 0; i < count; i++) {
      doubles[i] = x[from + i];
    }
    return doubles;
  }
}
