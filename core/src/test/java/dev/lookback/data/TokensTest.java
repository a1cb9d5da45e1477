package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokensTest {
  private static final Tokens TEN = Tokens.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

  @Test
  void aSliceOfASliceIsAViewThatEndsWhereItSays() {
    Tokens slice = TEN.slice(2, 9).slice(1, 5);
    assertThat(slice.length()).isEqualTo(4);
    assertThat(slice.toArray(0, 4)).containsExactly(3, 4, 5, 6);
    int[] into = new int[6];
    assertThat(slice.read(2, into, 1, 5)).isEqualTo(2);
    assertThat(into).containsExactly(0, 5, 6, 0, 0, 0);
    assertThat(slice.read(4, into, 0, 1)).isZero();
    assertThatThrownBy(() -> slice.slice(0, 5))
        .hasMessage("a slice from 0 to 5 does not lie in a text of 4 characters");
    assertThatThrownBy(() -> slice.toArray(0, 5)).hasMessageContaining("were asked of 4 ids");
  }

  @Test
  void fractionsAreTakenFromTheEnd() {
    Split split = Split.byFraction(TEN, 0.25, 0.1);
    assertThat(split.training().toArray(0, 7)).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(split.validation().toArray(0, 2)).containsExactly(7, 8);
    assertThat(split.test().toArray(0, 1)).containsExactly(9);
    assertThat(split.validation().what()).isEqualTo("validation text");
    assertThat(Split.none(TEN).training().length()).isEqualTo(10);
  }

  @Test
  void countsAreTakenFromTheStart() {
    Split split = Split.byCount(TEN, 4, 3, 0);
    assertThat(split.validation().toArray(0, 3)).containsExactly(4, 5, 6);
    assertThat(split.test().length()).isZero();
  }

  @Test
  void impossibleSplitsAreRefused() {
    assertThatThrownBy(() -> Split.byFraction(TEN, 0.9, 0.1))
        .hasMessageContaining("leave something to train on");
    assertThatThrownBy(() -> Split.byFraction(TEN, Double.NaN, 0)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Split.byCount(TEN, 4, -1, 0)).hasMessageContaining("negative");
    assertThatThrownBy(() -> Split.byCount(TEN, 8, 2, 1))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "the text has 10 characters but the split asks for 8 + 2 + 1. Ask for fewer, or pass"
                + " more text.");
  }
}
