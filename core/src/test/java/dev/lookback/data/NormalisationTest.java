package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalisationTest {
  private static final String TEXT =
      "  The Time-Machine,\r\nby H. G. Wells [1898]\n\n\n   I\n'Épée' 42\nend ... \n";

  @Test
  void secondEditionTurnsEveryRunOfOtherCharactersIntoOneSpace() {
    assertThat(Normalisation.LETTERS.apply(TEXT))
        .isEqualTo(" the time machine by h g wells i p e end ")
        .isEqualTo(TEXT.replaceAll("[^A-Za-z]+", " ").toLowerCase(Locale.ROOT));
  }

  @Test
  void firstEditionStripsEachLineAndJoinsThemWithoutASeparator() {
    String expected =
        TEXT.lines()
            .map(line -> line.replaceAll("[^A-Za-z]+", " ").strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining());
    assertThat(Normalisation.LETTERS_BY_LINE.apply(TEXT))
        .isEqualTo("the time machineby h g wellsip eend")
        .isEqualTo(expected);
  }

  @Test
  void noneChangesNothing() {
    assertThat(Normalisation.NONE.apply(TEXT)).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 11, 1000})
  void chunkBoundariesDoNotMatter(int bytesAtATime) {
    for (Normalisation normalisation : Normalisation.values()) {
      CorpusOptions options = CorpusOptions.standard().normalisedBy(normalisation);
      try (Corpus corpus = Corpus.read(Streams.dripping(TEXT, bytesAtATime), options)) {
        assertThat(Streams.text(corpus)).isEqualTo(normalisation.apply(TEXT));
      }
    }
  }

  @Test
  void isFoundByItsNameOnTheCommandLine() {
    assertThat(Normalisation.of("letters-by-line")).isEqualTo(Normalisation.LETTERS_BY_LINE);
    assertThatThrownBy(() -> Normalisation.of("lower"))
        .hasMessage(
            "there is no normalisation 'lower'; there are [none, letters, letters-by-line]");
  }
}
