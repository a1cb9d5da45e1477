package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.math.Randomness;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
  private static final CorpusOptions STANDARD = CorpusOptions.standard();

  @TempDir Path folder;

  /** First few, then many, then very many different characters, so that chunks differ in width. */
  private static String wideText() {
    Randomness randomness = Randomness.of(7);
    StringBuilder text = new StringBuilder();
    int[] alphabets = {100, 1_000, 70_000};
    for (int part = 0; part < alphabets.length; part++) {
      for (int i = 0; i < 100_000; i++) {
        text.appendCodePoint(0x10000 + randomness.with(part).below(alphabets[part], i));
      }
    }
    return text.toString();
  }

  @Test
  void idsInMemoryAndInAFileAreTheSame() throws IOException {
    String text = wideText();
    TextSource source = TextSource.string("wide", text);
    CorpusOptions options = STANDARD.encodedBy(VocabularyRule.byFrequency());
    try (Corpus memory = Corpus.read(source, options);
        Corpus disk = Corpus.read(source, options.spillingTo(folder, 100_000))) {
      assertThat(memory.isOnDisk()).isFalse();
      assertThat(disk.isOnDisk()).isTrue();
      assertThat(disk.vocabulary()).isEqualTo(memory.vocabulary());
      int[] expected = memory.vocabulary().encode(text);
      assertThat(memory.tokens().toArray(0, 300_000)).isEqualTo(expected);
      assertThat(disk.tokens().toArray(0, 300_000)).isEqualTo(expected);
      for (long from : new long[] {0, 65_535, 65_536, 131_071, 196_600, 299_999}) {
        int to = (int) Math.min(300_000, from + 77);
        assertThat(disk.tokens().toArray(from, to))
            .isEqualTo(IntStream.range((int) from, to).map(i -> expected[i]).toArray());
      }
    }
    assertThat(filesIn(folder)).isEmpty();
  }

  @Test
  void theTemporaryFileGoesWhenReadingFails() throws IOException {
    byte[] bytes = "a".repeat(200_000).getBytes(StandardCharsets.UTF_8);
    bytes[199_999] = (byte) 0x9F;
    assertThatThrownBy(
            () -> Corpus.read(Streams.dripping(bytes, 4096), STANDARD.spillingTo(folder, 0)))
        .hasMessageStartingWith("standard input: byte 0x9F at offset 199999");
    assertThat(filesIn(folder)).isEmpty();
  }

  @Test
  void aMissingTemporaryFolderIsNamed() {
    Path missing = folder.resolve("gone");
    CorpusOptions options = STANDARD.spillingTo(missing, 0);
    assertThatThrownBy(() -> Corpus.read(TextSource.string("a", "abc"), options))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("could not be written to a temporary file in " + missing)
        .hasMessageContaining("-Djava.io.tmpdir=DIR");
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void aStreamWithoutAnEndIsReadAsFarAsItIsAskedFor() {
    InputStream endless =
        new InputStream() {
          private long at;

          @Override
          public int read() {
            return "ab\u00e9".getBytes(StandardCharsets.UTF_8)[(int) (at++ % 4)] & 0xFF;
          }

          @Override
          public int read(byte[] into, int from, int length) {
            for (int i = 0; i < length; i++) {
              into[from + i] = (byte) read();
            }
            return length;
          }
        };
    TextSource source = TextSource.stream("a pipe", endless);
    try (Corpus corpus = Corpus.read(source, STANDARD.endingAt(100_000))) {
      assertThat(corpus.tokens().length()).isEqualTo(100_000);
      assertThat(corpus.characters()).isEqualTo(100_000);
      assertThat(corpus.vocabulary().size()).isEqualTo(4);
      assertThat(corpus.fingerprint())
          .isEqualTo(
              Corpus.read(
                      TextSource.string("", "ab\u00e9".repeat(33_334).substring(0, 100_000)),
                      STANDARD)
                  .fingerprint());
    }
  }

  @Test
  void aLimitKeepsTheFirstTokensAndTheWholeVocabulary() {
    try (Corpus corpus = Corpus.read(TextSource.string("abc", "aabbc"), STANDARD.limitedTo(2))) {
      assertThat(Streams.text(corpus)).isEqualTo("aa");
      assertThat(corpus.vocabulary().symbols()).containsExactly("<unk>", "a", "b", "c");
      assertThat(corpus.characters()).isEqualTo(5);
    }
    assertThatThrownBy(() -> STANDARD.limitedTo(0))
        .hasMessage("the text is limited to 0 characters but needs 1 or more");
  }

  @Test
  void aGivenVocabularyCountsWhatItDoesNotKnow() {
    Vocabulary vocabulary = Vocabulary.of(List.of("<unk>", "a"));
    CorpusOptions options = STANDARD.encodedBy(VocabularyRule.fixed(vocabulary));
    try (Corpus corpus = Corpus.read(TextSource.string("new", "abba!"), options)) {
      assertThat(corpus.tokens().toArray(0, 5)).containsExactly(1, 0, 0, 1, 0);
      assertThat(corpus.unknown()).isEqualTo(3);
    }
  }

  @Test
  void theFingerprintOfAFileIsItsSha256() throws NoSuchAlgorithmException {
    String text = "Zeit \u00fcber \uD83D\uDE00\n".repeat(2_000);
    byte[] sha256 =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    try (Corpus corpus = Corpus.read(TextSource.string("zeit", text), STANDARD)) {
      assertThat(corpus.fingerprint()).isEqualTo(HexFormat.of().formatHex(sha256));
    }
  }

  @Test
  void anEmptyTextIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("empty.txt"), "");
    assertThatThrownBy(() -> Corpus.read(TextSource.of(file), STANDARD))
        .isInstanceOf(DataException.class)
        .hasMessage(file + " is empty (no characters). Pass a text.");
  }

  @Test
  void aTextWithoutLettersIsRefusedByLettersByLine() {
    CorpusOptions options = STANDARD.normalisedBy(Normalisation.LETTERS_BY_LINE);
    assertThatThrownBy(() -> Corpus.read(TextSource.string("digits.txt", "1 2\n3"), options))
        .hasMessage(
            "digits.txt has 5 characters but none that the normalisation 'letters-by-line' keeps:"
                + " it keeps A-Z and a-z. Choose 'none' or pass another text.");
  }
}
