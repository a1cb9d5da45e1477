package dev.lookback.data;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How a text's characters become a vocabulary. */
@FunctionalInterface
public interface VocabularyRule {

  /** The vocabulary for a text with these characters. */
  Vocabulary from(CharacterCounts counts);

  /**
   * All characters and {@code <unk>} sorted by code point, as in "Dive into Deep Learning", second
   * edition: 28 symbols for its letters.
   */
  static VocabularyRule sorted() {
    return sorted(Integer.MAX_VALUE);
  }

  /** The most frequent characters, {@code maxSize} symbols with {@code <unk>}, sorted. */
  static VocabularyRule sorted(int maxSize) {
    requireSize(maxSize);
    return counts ->
        Vocabulary.of(
            Stream.concat(Stream.of(Vocabulary.UNKNOWN), mostFrequent(counts, maxSize))
                .sorted(Comparator.comparing(VocabularyRule::codePoints, VocabularyRule::compare))
                .toList());
  }

  /**
   * {@code <unk>} as id 0, then all characters, the most frequent first, equally frequent ones in
   * order of appearance: as in the first edition.
   */
  static VocabularyRule byFrequency() {
    return byFrequency(Integer.MAX_VALUE);
  }

  /** The same, cut to {@code maxSize} symbols with {@code <unk>}. */
  static VocabularyRule byFrequency(int maxSize) {
    requireSize(maxSize);
    return counts ->
        Vocabulary.of(
            Stream.concat(Stream.of(Vocabulary.UNKNOWN), mostFrequent(counts, maxSize)).toList());
  }

  /** That vocabulary, whatever the text: for a trained model. */
  static VocabularyRule fixed(Vocabulary vocabulary) {
    return counts -> vocabulary;
  }

  private static Stream<String> mostFrequent(CharacterCounts counts, int maxSize) {
    return IntStream.range(0, counts.distinct())
        .boxed()
        .sorted(Comparator.<Integer>comparingLong(counts::count).reversed())
        .limit(maxSize - 1L)
        .map(number -> Character.toString(counts.codePoint(number)));
  }

  private static List<Integer> codePoints(String symbol) {
    return symbol.codePoints().boxed().toList();
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static void requireSize(int maxSize) {
    if (maxSize < 2) {
      throw new IllegalArgumentException(
          "a vocabulary of at most "
              + maxSize
              + " symbols was asked for but it needs 2 or more: one character and <unk>");
    }
  }
}
