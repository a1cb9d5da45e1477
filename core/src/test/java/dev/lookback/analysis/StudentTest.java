package dev.lookback.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentTest {
  /** The two-sided 95 % and 99 % points of the printed tables. */
  @ParameterizedTest
  @CsvSource({
    "1, 12.7062, 63.6567",
    "2, 4.30265, 9.92484",
    "3, 3.18245, 5.84091",
    "4, 2.77645, 4.60409",
    "7, 2.36462, 3.49948",
    "15, 2.13145, 2.94671",
    "30, 2.04227, 2.75000",
    "120, 1.97993, 2.61742"
  })
  void quantilesAreThoseOfTheTables(int freedom, double five, double one) {
    assertThat(Student.quantile(0.95, freedom)).isCloseTo(five, within(6e-6 * five));
    assertThat(Student.quantile(0.99, freedom)).isCloseTo(one, within(6e-6 * one));
    assertThat(Student.within(Student.quantile(0.95, freedom), freedom))
        .isCloseTo(0.95, within(1e-12));
  }
}
