package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyNotationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "adaptive:0.1",
        "adaptive:0.5,min=5",
        "adaptive:0.5,max=40",
        "adaptive:0.9,min=1,max=400",
        "auto",
        "random:measured",
        "full",
        "fixed:35",
        "random:50,alpha=4,floor=20,stratified"
      })
  void aLabelReadsAsWhatItNames(String text) {
    assertThat(PolicyNotation.parse(text).label()).isEqualTo(text);
  }

  @Test
  void adaptiveHasTheRangeItSays() {
    assertThat(PolicyNotation.parse("adaptive:0.2, max = 9 ,min=3"))
        .isEqualTo(new CouplingPolicy.Adaptive(0.2, 3, OptionalInt.of(9)));
    assertThat(PolicyNotation.parse("adaptive:0.2")).isEqualTo(new CouplingPolicy.Adaptive(0.2));
  }

  @Test
  void listsKeepArgumentsTogether() {
    assertThat(
            PolicyNotation.parseList("auto,adaptive:0.1,max=40,min=3,sliding:4,8,random:measured"))
        .extracting(CouplingPolicy::label)
        .containsExactly("auto", "adaptive:0.1,min=3,max=40", "sliding:4,8", "random:measured");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adaptive:0|above 0 and below 1",
        "adaptive:1|above 0 and below 1",
        "adaptive:2|above 0 and below 1",
        "adaptive:-0.1|above 0 and below 1",
        "adaptive:NaN|above 0 and below 1",
        "adaptive:x|\"x\" is not a number",
        "adaptive|write the tolerance",
        "adaptive:|write the tolerance",
        "adaptive:0.1,5|write the tolerance",
        "adaptive:0.1,max=5,max=6|write the tolerance",
        "adaptive:0.1,min=0|1 or more",
        "adaptive:0.1,min=9,max=8|no smaller",
        "auto:0.1|takes no number",
        "random:measured,alpha=4|nothing more",
      })
  void mistakesSayWhatIsNeeded(String text, String part) {
    assertThatThrownBy(() -> PolicyNotation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(part);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adaptive:0.1", "auto", "random:measured", "adaptive:x"})
  void whatMeasuresIsNoCoupling(String text) {
    assertThatThrownBy(() -> CouplingNotation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only train and compare");
  }
}
