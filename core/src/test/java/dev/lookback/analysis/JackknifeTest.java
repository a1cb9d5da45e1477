package dev.lookback.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

class JackknifeTest {
  private static ToDoubleFunction<double[]> mean(double... x) {
    return w -> {
      double sum = 0;
      double total = 0;
      for (int i = 0; i < x.length; i++) {
        sum += w[i] * x[i];
        total += w[i];
      }
      return sum / total;
    };
  }

  /** Of a mean the jackknife's standard error is s / sqrt(N): s^2 = 5/3, t_3 = 3.18245. */
  @Test
  void ofAMeanItIsTheIntervalOfTheTextbooks() {
    Estimate found = Jackknife.of(4, mean(1, 2, 3, 4));
    double radius = 3.18245 * Math.sqrt(5.0 / 3 / 4);
    assertThat(found.value()).isEqualTo(2.5);
    assertThat(found.low()).isCloseTo(2.5 - radius, within(1e-5));
    assertThat(found.high()).isCloseTo(2.5 + radius, within(1e-5));
  }

  @Test
  void ofARatioItIsTheIntervalOfTheLogarithm() {
    Estimate log = Jackknife.of(3, w -> Math.log(mean(1, 2, 4).applyAsDouble(w)));
    Estimate found = Jackknife.ratio(3, mean(1, 2, 4));
    assertThat(found.low()).isCloseTo(Math.exp(log.low()), within(1e-12)).isPositive();
    assertThat(found.high()).isCloseTo(Math.exp(log.high()), within(1e-12));
    assertThat(found.high() / found.value()).isCloseTo(found.value() / found.low(), within(1e-9));
  }

  @Test
  void whatIsOnlyPartlyZeroIsOnlyNotNegative() {
    assertThat(Jackknife.ratio(3, mean(0, 0, 0))).isEqualTo(Estimate.certain(0));
    Estimate found = Jackknife.ratio(3, mean(0, 0, 3));
    assertThat(found).isEqualTo(new Estimate(1, 0, Double.POSITIVE_INFINITY));
    assertThat(Jackknife.bounded(3, 0, 1, mean(0, 0, 1)).low()).isZero();
    assertThat(Jackknife.of(1, mean(2)).low()).isNaN();
  }

  /**
   * Windows that are one of three kinds, with numbers g and errors d, the first with a probability
   * p and the others with half the rest each: over all sets of N of them, each with its
   * probability, the interval of |mean d| / |mean g| holds the true ratio about as often as it
   * says. Where the kinds differ by factors, eight windows are few and it is too narrow; sixteen
   * are enough.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1.2, 0.8, 0.1, 0.15, 0.12, 8, 0.33, 0.95, 0.965",
    "1, 1.2, 0.8, 0.2, 0.3, 0.1, 8, 0.4, 0.945, 0.96",
    "1, 2, 0.5, 0.1, 0.1, 0.3, 8, 0.5, 0.89, 0.90",
    "1, 1.2, 0.8, 0.1, 0.15, 0.12, 16, 0.33, 0.945, 0.96",
    "1, 1.2, 0.8, 0.2, 0.3, 0.1, 16, 0.4, 0.945, 0.96",
    "1, 2, 0.5, 0.1, 0.1, 0.3, 16, 0.5, 0.94, 0.95",
  })
  void theIntervalHoldsTheTruthAboutAsOftenAsItSays(ArgumentsAccessor row) {
    double[] numbers = IntStream.range(0, 10).mapToDouble(row::getDouble).toArray();
    double[] g = Arrays.copyOfRange(numbers, 0, 3);
    double[] d = Arrays.copyOfRange(numbers, 3, 6);
    double p = numbers[7];
    double rest = (1 - p) / 2;
    double truth = (p * d[0] + rest * (d[1] + d[2])) / (p * g[0] + rest * (g[1] + g[2]));
    int n = (int) numbers[6];
    double covered = 0;
    double total = 0;
    for (int first = 0; first <= n; first++) {
      for (int second = 0; first + second <= n; second++) {
        double probability =
            multinomial(n, first, second) * Math.pow(p, first) * Math.pow(rest, n - first);
        Estimate found = interval(g, d, new int[] {first, second, n - first - second});
        total += probability;
        covered += found.low() <= truth && truth <= found.high() ? probability : 0;
      }
    }
    assertThat(total).isCloseTo(1, within(1e-12));
    assertThat(covered).isBetween(numbers[8], numbers[9]);
  }

  private static Estimate interval(double[] g, double[] d, int[] counts) {
    List<float[]> exact = new ArrayList<>();
    List<float[]> off = new ArrayList<>();
    for (int kind = 0; kind < 3; kind++) {
      for (int i = 0; i < counts[kind]; i++) {
        exact.add(new float[] {(float) g[kind]});
        off.add(new float[] {(float) d[kind]});
      }
    }
    return Jackknife.ratio(exact.size(), Products.of(exact, off, 0, 1)::relativeBias);
  }

  // n! / (a! b! (n - a - b)!)
  private static double multinomial(int n, int a, int b) {
    double ways = 1;
    for (int i = 0; i < a; i++) {
      ways *= (double) (n - i) / (i + 1);
    }
    for (int i = 0; i < b; i++) {
      ways *= (double) (n - a - i) / (i + 1);
    }
    return ways;
  }
}
