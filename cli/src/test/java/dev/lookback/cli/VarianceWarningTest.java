package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.gradient.CouplingNotation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VarianceWarningTest {
  // What counts is the probability to keep a link long after the last cut: it goes to 1 for power
  // laws, and with a floor it is that of the roulette behind it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "random:50 | 0.98 | false",
        "random:50 | 0.995 | true",
        "random:50,alpha=4 | 0.995 | false",
        "random:50,floor=40 | 0.94 | false",
        "random:50,floor=40 | 0.96 | true",
        "fixed:2 | 0.99 | false"
      })
  void warnsWhereCreditOutlastsTheLinks(String coupling, double decay, boolean warns) {
    assertThat(VarianceWarning.of(CouplingNotation.parse(coupling), decay).isPresent())
        .isEqualTo(warns);
  }
}
