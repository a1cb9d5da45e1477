package dev.lookback.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TicksTest {
  private static final Axis LINEAR = Axis.linear("x");
  private static final Axis LOG = Axis.log("x");

  @Test
  void stepsAreOneTwoOrFive() {
    assertThat(labels(LINEAR, 0, 1, 5)).containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1.0");
    assertThat(labels(LINEAR, 3, 47, 5)).containsExactly("0", "10", "20", "30", "40", "50");
    assertThat(labels(LINEAR, -1.2, 1.2, 5))
        .containsExactly("−1.5", "−1.0", "−0.5", "0", "0.5", "1.0", "1.5");
  }

  @Test
  void valuesAreExactMultiples() {
    assertThat(Ticks.of(LINEAR, 0, 1, 10, true).values())
        .containsExactly(0., .1, .2, .3, .4, .5, .6, .7, .8, .9, 1.);
  }

  @Test
  void largeNumbersShareAPrefix() {
    assertThat(labels(LINEAR, 0, 200_000, 4)).containsExactly("0", "50k", "100k", "150k", "200k");
    assertThat(labels(LINEAR, 0, 1_500_000, 3)).containsExactly("0", "0.5M", "1.0M", "1.5M");
    assertThat(labels(LINEAR, 0, 4000, 4)).containsExactly("0", "1,000", "2,000", "3,000", "4,000");
    assertThat(labels(LINEAR, 1_000_000, 1_000_040, 4)).contains("1,000,010", "1,000,040");
    assertThat(labels(LINEAR, 0, 4e-6, 4))
        .containsExactly("0", "10⁻⁶", "2×10⁻⁶", "3×10⁻⁶", "4×10⁻⁶");
  }

  @Test
  void equalValuesStandInTheMiddle() {
    for (double value : new double[] {0, 7, -3e9, 1e-320, 1e299}) {
      Ticks ticks = Ticks.of(LINEAR, value, value, 5, true);
      assertThat(ticks.low()).isLessThan(value);
      assertThat(ticks.high()).isGreaterThan(value);
      assertThat(ticks.values()).hasSizeBetween(2, 7).isSorted().doesNotHaveDuplicates();
      assertThat(ticks.labels()).doesNotHaveDuplicates();
    }
    Ticks log = Ticks.of(LOG, 7, 7, 5, true);
    assertThat(log.low()).isEqualTo(3.5);
    assertThat(log.high()).isEqualTo(14);
  }

  @Test
  void zeroIsOnTheAxisWhereAsked() {
    assertThat(Ticks.of(LINEAR.withZero(), 90, 100, 5, true).low()).isZero();
    assertThat(Ticks.of(LINEAR.withZero(), -9, -8, 5, true).high()).isZero();
  }

  @Test
  void logarithmicTicksAreRoundFactors() {
    assertThat(labels(LOG, 1, 60, 8)).containsExactly("1", "2", "5", "10", "20", "50");
    assertThat(labels(LOG, 7, 9, 5)).containsExactly("7.0", "7.5", "8.0", "8.5", "9.0");
    assertThat(labels(LOG, .0001, 10, 7))
        .containsExactly("10⁻⁴", "0.001", "0.01", "0.1", "1", "10");
    assertThat(labels(LOG, 1e-12, 1e12, 6)).hasSizeBetween(3, 6).contains("1");
    assertThat(labels(LOG, .01, .46, 4)).containsExactly("0.01", "0.03", "0.1", "0.3");
  }

  @Test
  void bytesAreRoundInPowersOfTwo() {
    Axis bytes = LINEAR.as(Axis.Kind.BYTES);
    assertThat(labels(bytes, 0, 20 << 20, 6))
        .containsExactly("0 B", "4 MiB", "8 MiB", "12 MiB", "16 MiB", "20 MiB");
    assertThat(labels(LOG.as(Axis.Kind.BYTES), 1024, 16 << 10, 6))
        .containsExactly("1 KiB", "2 KiB", "4 KiB", "8 KiB", "16 KiB");
  }

  @Test
  void secondsAreRoundOnAClock() {
    Axis seconds = LINEAR.as(Axis.Kind.SECONDS);
    assertThat(labels(seconds, 0, 120, 4)).containsExactly("0", "30 s", "1 m", "1 m 30 s", "2 m");
    assertThat(labels(seconds, 0, 1, 2)).containsExactly("0 s", "0.5 s", "1.0 s");
    assertThat(labels(seconds, 0, 7200, 4)).contains("1 h", "2 h");
  }

  @Test
  void percentagesAreFractions() {
    assertThat(labels(LINEAR.as(Axis.Kind.PERCENT), 0, 1, 2)).containsExactly("0%", "50%", "100%");
  }

  @Test
  void everyRangeHasTicksInOrder() {
    for (int exponent = -300; exponent <= 299; exponent += 7) {
      double size = Math.pow(10, exponent);
      for (Axis axis : List.of(LINEAR, LOG)) {
        Ticks ticks = Ticks.of(axis, size, size * 3.7, 6, true);
        assertThat(ticks.values()).hasSizeBetween(2, 9).isSorted();
        assertThat(ticks.labels()).doesNotHaveDuplicates().hasSameSizeAs(ticks.values());
        assertThat(ticks.values().get(0)).isGreaterThanOrEqualTo(ticks.low());
        assertThat(ticks.values().get(ticks.values().size() - 1)).isLessThanOrEqualTo(ticks.high());
      }
    }
  }

  private static List<String> labels(Axis axis, double low, double high, int most) {
    boolean outward = axis.scale() == Axis.Scale.LINEAR;
    return Ticks.of(axis, low, high, most, outward).labels();
  }
}
