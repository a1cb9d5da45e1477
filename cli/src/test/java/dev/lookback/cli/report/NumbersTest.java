package dev.lookback.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void countsHaveThousandsSeparators() {
    assertThat(Numbers.count(0)).isEqualTo("0");
    assertThat(Numbers.count(12_345)).isEqualTo("12,345");
    assertThat(Numbers.count(-1_000_000)).isEqualTo("-1,000,000");
  }

  @Test
  void compactNumbersHaveThreeDigitsAndCarry() {
    assertThat(Numbers.compact(12_345)).isEqualTo("12.3k");
    assertThat(Numbers.compact(1_200_000)).isEqualTo("1.2M");
    assertThat(Numbers.compact(999_700)).isEqualTo("1M");
    assertThat(Numbers.compact(42)).isEqualTo("42");
    assertThat(Numbers.compact(3e15)).isEqualTo("3.00e15");
  }

  @Test
  void bytesCarryToTheNextUnit() {
    assertThat(Numbers.bytes(0)).isEqualTo("0 B");
    assertThat(Numbers.bytes(512)).isEqualTo("512 B");
    assertThat(Numbers.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(Numbers.bytes(64L << 20)).isEqualTo("64 MiB");
    assertThat(Numbers.bytes((1L << 20) - 1)).isEqualTo("1 MiB");
    assertThat(Numbers.bytes(1023L << 10)).isEqualTo("1,023 KiB");
    assertThat(Numbers.bytes(Long.MAX_VALUE)).isEqualTo("8 EiB");
  }

  @Test
  void durationsCarryToTheNextUnit() {
    assertThat(Numbers.duration(0)).isEqualTo("0 s");
    assertThat(Numbers.duration(.85)).isEqualTo("850 ms");
    assertThat(Numbers.duration(.9996)).isEqualTo("1.0 s");
    assertThat(Numbers.duration(4.21)).isEqualTo("4.2 s");
    assertThat(Numbers.duration(59.7)).isEqualTo("1 m 00 s");
    assertThat(Numbers.duration(65)).isEqualTo("1 m 05 s");
    assertThat(Numbers.duration(3599.6)).isEqualTo("1 h 00 m");
    assertThat(Numbers.duration(7380)).isEqualTo("2 h 03 m");
    assertThat(Numbers.duration(100_000)).isEqualTo("1 d 04 h");
    assertThat(Numbers.duration(-65)).isEqualTo("-1 m 05 s");
    assertThat(Numbers.duration(Double.POSITIVE_INFINITY)).isEqualTo("∞ s");
    assertThat(Numbers.duration(Double.NaN)).isEqualTo("NaN s");
  }

  @Test
  void percentagesKeepSmallOnesVisible() {
    assertThat(Numbers.percent(.421)).isEqualTo("42.1%");
    assertThat(Numbers.percent(1)).isEqualTo("100.0%");
    assertThat(Numbers.percent(.0003)).isEqualTo("0.030%");
    assertThat(Numbers.percent(0)).isEqualTo("0.0%");
  }

  @Test
  void significantDigitsAreKept() {
    assertThat(Numbers.significant(7.4298, 3)).isEqualTo("7.43");
    assertThat(Numbers.significant(2, 3)).isEqualTo("2.00");
    assertThat(Numbers.significant(9.999, 3)).isEqualTo("10.0");
    assertThat(Numbers.significant(12_345, 3)).isEqualTo("12,300");
    assertThat(Numbers.significant(1.23e-7, 2)).isEqualTo("1.2e-7");
    assertThat(Numbers.significant(7.2e9, 2)).isEqualTo("7.2e9");
    assertThat(Numbers.significant(-0.0, 2)).isEqualTo("0");
    assertThat(Numbers.significant(Double.NaN, 2)).isEqualTo("NaN");
    assertThat(Numbers.significant(Double.NEGATIVE_INFINITY, 2)).isEqualTo("-∞");
    assertThat(Numbers.significant(Double.MIN_VALUE, 2)).isEqualTo("4.9e-324");
    assertThat(Numbers.significant(Double.MAX_VALUE, 2)).isEqualTo("1.8e308");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Numbers.significant(1, 0))
        .withMessage("digits is 0 but has to be 1 or more");
  }

  @Test
  void spreadsDecideHowManyDigitsAreWorthPrinting() {
    assertThat(Numbers.plusMinus(7.4298, .1234)).isEqualTo("7.43 ± 0.12");
    assertThat(Numbers.plusMinus(7.4298, .0996)).isEqualTo("7.43 ± 0.10");
    assertThat(Numbers.plusMinus(12_345, 678)).isEqualTo("12,340 ± 680");
    assertThat(Numbers.plusMinus(1.234e-6, 1.2e-8)).isEqualTo("(1.234 ± 0.012)e-6");
    assertThat(Numbers.plusMinus(7.43, 0)).isEqualTo("7.430 ± 0");
    assertThat(Numbers.plusMinus(7.43, Double.NaN)).isEqualTo("7.430 ± NaN");
  }

  @Test
  void theMachinesLanguageChangesNothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Numbers.count(12_345)).isEqualTo("12,345");
      assertThat(Numbers.fixed(1234.5, 2)).isEqualTo("1,234.50");
      assertThat(Demo.page()).contains("0.380 ± 0.030").doesNotContain("0,380");
    } finally {
      Locale.setDefault(before);
    }
  }
}
