package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  private static final String PANGRAM = "the quick brown fox jumps over the lazy dog ";

  private static Vocabulary from(VocabularyRule rule, String text) {
    return rule.from(CharacterCounts.of(text));
  }

  @Test
  void secondEditionSortsTheUnknownSymbolAmongTheOthers() {
    Vocabulary vocabulary = from(VocabularyRule.sorted(), PANGRAM);
    assertThat(vocabulary.size()).isEqualTo(28);
    assertThat(vocabulary.symbols()).startsWith(" ", "<unk>", "a", "b").endsWith("z");
    assertThat(vocabulary.unknown()).hasValue(1);
    assertThat(from(VocabularyRule.sorted(), "=<;").symbols())
        .containsExactly(";", "<", "<unk>", "=");
  }

  @Test
  void sortingIsByCodePointNotByUtf16Unit() {
    assertThat(from(VocabularyRule.sorted(), "\uFF5E\uD83D\uDE00a").symbols())
        .containsExactly("<unk>", "a", "\uFF5E", "\uD83D\uDE00");
  }

  @Test
  void firstEditionPutsTheUnknownFirstAndBreaksTiesByAppearance() {
    Vocabulary vocabulary = from(VocabularyRule.byFrequency(), "zabbbaxcc");
    assertThat(vocabulary.symbols()).containsExactly("<unk>", "b", "a", "c", "z", "x");
    assertThat(from(VocabularyRule.byFrequency(), PANGRAM).size()).isEqualTo(28);
  }

  @Test
  void aSizeKeepsTheMostFrequent() {
    assertThat(from(VocabularyRule.byFrequency(3), "zabbbaxcc").symbols())
        .containsExactly("<unk>", "b", "a");
    assertThat(from(VocabularyRule.sorted(3), "zabbbaxcc").symbols())
        .containsExactly("<unk>", "a", "b");
    assertThatThrownBy(() -> VocabularyRule.sorted(1))
        .hasMessage(
            "a vocabulary of at most 1 symbols was asked for but it needs 2 or more: one character"
                + " and <unk>");
  }

  @Test
  void encodesCodePointsAndDecodesThemBack() {
    Vocabulary vocabulary = from(VocabularyRule.byFrequency(), "aa\uD83D\uDE00");
    assertThat(vocabulary.encode("\uD83D\uDE00a?")).containsExactly(2, 1, 0);
    assertThat(vocabulary.decode(2, 1, 0)).isEqualTo("\uD83D\uDE00a<unk>");
    assertThat(vocabulary.contains('a')).isTrue();
    assertThat(vocabulary.contains('?')).isFalse();
  }

  @Test
  void savedSymbolsGiveTheSameVocabularyBack() {
    Vocabulary vocabulary = from(VocabularyRule.sorted(), PANGRAM);
    assertThat(Vocabulary.of(vocabulary.symbols())).isEqualTo(vocabulary);
  }

  @Test
  void brokenSymbolListsAreRefused() {
    assertThatThrownBy(() -> Vocabulary.of(List.of("<unk>", "ab")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "vocabulary symbol 1 is \"ab\" but has to be one character, <unk> or another marker in brackets such as <pad>");
    assertThatThrownBy(() -> Vocabulary.of(List.of("a", "<unk>", "a")))
        .hasMessage("the vocabulary has \"a\" twice, as 0 and as 2");
    assertThatThrownBy(() -> Vocabulary.of(List.of("<unk>", "<unk>")))
        .hasMessage("the vocabulary has \"<unk>\" twice, as 0 and as 1");
  }

  @Test
  void withoutAnUnknownSymbolUnknownCharactersAreRefused() {
    Vocabulary closed = Vocabulary.of(List.of("b", "a"));
    assertThat(closed.unknown()).isEmpty();
    assertThat(closed.encode("ab")).containsExactly(1, 0);
    assertThatThrownBy(() -> closed.encode("a\u2603"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "the text has \"\u2603\" (U+2603), but the vocabulary of 2 symbols has neither that nor"
                + " <unk>. Take it out of the text");
  }

  @Test
  void anIdOutsideIsNamed() {
    Vocabulary vocabulary = Vocabulary.of(List.of("<unk>", "a"));
    assertThatThrownBy(() -> vocabulary.decode(2))
        .hasMessage("there is no symbol 2; the vocabulary has 0 to 1");
  }
}
