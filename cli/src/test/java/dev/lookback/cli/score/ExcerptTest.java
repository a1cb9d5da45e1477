package dev.lookback.cli.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.score.LineScore;
import org.junit.jupiter.api.Test;

/** The part that surprises most is what is seen. */
class ExcerptTest {
  private static final String[] LETTERS = "abcdefghijklmnop".split("");

  private static LineScore surprising(int length, int at, double nats) {
    double[] all = new double[length];
    all[at] = nats;
    return new LineScore(all, new double[length]);
  }

  @Test
  void aLineThatFitsIsWhole() {
    assertThat(Excerpt.of(LETTERS, surprising(17, 3, 9), 16, false)).isEqualTo("abcdefghijklmnop");
  }

  @Test
  void aLineThatDoesNotIsCutAroundItsSurprise() {
    assertThat(Excerpt.of(LETTERS, surprising(17, 1, 9), 8, false)).isEqualTo("abcdef…");
    assertThat(Excerpt.of(LETTERS, surprising(17, 9, 9), 8, false)).isEqualTo("…efghij…");
    assertThat(Excerpt.of(LETTERS, surprising(17, 15, 9), 8, false)).isEqualTo("…klmnop");
  }

  // An escape takes six cells and an ideograph two: what is shown never takes more than there is.
  @Test
  void whatTakesSeveralCellsIsCountedSo() {
    String[] escapes = "ab-cd-efghij".split("");
    escapes[2] = "\\u001b";
    escapes[5] = "\\u202e";
    assertThat(Excerpt.of(escapes, surprising(13, 3, 9), 12, false)).isEqualTo("ab\\u001bcd…");
    assertThat(Excerpt.of(escapes, surprising(13, 5, 9), 12, false)).isEqualTo("…cd\\u202eef…");
    assertThat(Excerpt.of(escapes, surprising(13, 11, 9), 12, false)).isEqualTo("…efghij");
    String[] ideographs = "時間機械時間機械".split("");
    assertThat(Excerpt.of(ideographs, surprising(9, 0, 9), 16, false)).isEqualTo("時間機械時間機械");
    assertThat(Excerpt.of(ideographs, surprising(9, 4, 9), 8, false)).isEqualTo("…機械時…");
  }

  @Test
  void charactersAreColouredByTheirProbability() {
    double[] nats = {0, Excerpt.UNLIKELY + 0.1, Excerpt.UNLIKELY + 0.2, 0, 8, 0};
    String[] letters = "abcde".split("");
    assertThat(Excerpt.of(letters, new LineScore(nats, new double[6]), 9, true))
        .isEqualTo("a\u001B[33mbc\u001B[0md\u001B[1;31me\u001B[0m");
    // Nothing predicted the first character: four scores belong to the last four.
    double[] four = {0, 8, 0, 0};
    assertThat(Excerpt.of(letters, new LineScore(four, new double[4]), 9, true))
        .isEqualTo("ab\u001B[1;31mc\u001B[0mde");
  }
}
