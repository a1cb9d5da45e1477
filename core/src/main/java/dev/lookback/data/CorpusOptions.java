package dev.lookback.data;

import java.nio.file.Path;

/**
 * How a text becomes ids.
 *
 * @param normalisation what is done to the characters first
 * @param vocabulary which characters get ids
 * @param maxTokens how many ids are kept, from the start
 * @param stops whether reading ends there, as it has to where a stream has no end; otherwise the
 *     vocabulary, the fingerprint and all checks still cover the whole text
 * @param memoryBytes how many bytes of ids stay in memory; beyond that they go to a file
 * @param temporary the folder for that file
 */
public record CorpusOptions(
    Normalisation normalisation,
    VocabularyRule vocabulary,
    long maxTokens,
    boolean stops,
    long memoryBytes,
    Path temporary) {

  private static final long QUARTER_GIB = 1L << 28;

  /** Checks that there is something to keep. */
  public CorpusOptions {
    if (maxTokens < 1) {
      throw new IllegalArgumentException(
          "the text is limited to " + maxTokens + " characters but needs 1 or more");
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException(
          "the text may take " + memoryBytes + " bytes of memory but needs 0 or more");
    }
  }

  /**
   * The text as it is, a sorted vocabulary, all tokens, in memory up to 256 MiB (a quarter of the
   * heap if that is less), then in a file of the system's folder for temporary files.
   */
  public static CorpusOptions standard() {
    return new CorpusOptions(
        Normalisation.NONE,
        VocabularyRule.sorted(),
        Long.MAX_VALUE,
        false,
        Math.min(QUARTER_GIB, Runtime.getRuntime().maxMemory() / 4),
        Path.of(System.getProperty("java.io.tmpdir", ".")));
  }

  /** The same with another normalisation. */
  public CorpusOptions normalisedBy(Normalisation normalisation) {
    return new CorpusOptions(normalisation, vocabulary, maxTokens, stops, memoryBytes, temporary);
  }

  /** The same with another vocabulary. */
  public CorpusOptions encodedBy(VocabularyRule vocabulary) {
    return new CorpusOptions(normalisation, vocabulary, maxTokens, stops, memoryBytes, temporary);
  }

  /** The same with only the first tokens kept. */
  public CorpusOptions limitedTo(long maxTokens) {
    return new CorpusOptions(normalisation, vocabulary, maxTokens, stops, memoryBytes, temporary);
  }

  /** The same of a stream that is read no further than its first tokens. */
  public CorpusOptions endingAt(long maxTokens) {
    return new CorpusOptions(normalisation, vocabulary, maxTokens, true, memoryBytes, temporary);
  }

  /** The same with ids beyond {@code memoryBytes} in a file of that folder. */
  public CorpusOptions spillingTo(Path temporary, long memoryBytes) {
    return new CorpusOptions(normalisation, vocabulary, maxTokens, stops, memoryBytes, temporary);
  }
}
