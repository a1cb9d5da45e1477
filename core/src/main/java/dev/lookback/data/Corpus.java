package dev.lookback.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.IntConsumer;

/**
 * A text read in one pass: its ids, its vocabulary, and what it was made of. Ids take one byte each
 * up to 256 different characters, two or three beyond; past the memory limit they go to a temporary
 * file, which {@link #close()} (or the end of the JVM) removes.
 */
public final class Corpus implements AutoCloseable {
  private final TextSource source;
  private final Vocabulary vocabulary;
  private final PackedTokens tokens;
  private final long characters;
  private final long unknown;
  private final String fingerprint;

  private Corpus(TextSource source, Vocabulary vocabulary, PackedTokens tokens, Reading reading) {
    this.source = source;
    this.vocabulary = vocabulary;
    this.tokens = tokens;
    this.characters = reading.counts.total();
    this.unknown = reading.unknownTo(vocabulary);
    this.fingerprint = reading.fingerprint();
  }

  /**
   * Reads the text.
   *
   * @throws DataException if it is missing, unreadable, empty or not UTF-8
   */
  public static Corpus read(TextSource source, CorpusOptions options) {
    TokenStore store = new TokenStore(options.temporary(), options.memoryBytes());
    try {
      Reading reading = new Reading(store, options.maxTokens());
      IntConsumer normaliser = options.normalisation().into(reading);
      RawCount raw = new RawCount(normaliser);
      source.read(raw, () -> options.stops() && store.length() >= options.maxTokens());
      requireText(source, options, raw.count, reading);
      Vocabulary vocabulary = options.vocabulary().from(reading.counts);
      return new Corpus(source, vocabulary, store.finish(reading.idsIn(vocabulary)), reading);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private static void requireText(
      TextSource source, CorpusOptions options, long raw, Reading reading) {
    if (raw == 0) {
      throw new DataException(source.name() + " is empty (no characters). Pass a text.");
    }
    if (reading.counts.distinct() == 0) {
      throw new DataException(
          source.name()
              + " has "
              + raw
              + " characters but none that the normalisation '"
              + options.normalisation().option()
              + "' keeps: it keeps A-Z and a-z. Choose 'none' or pass another text.");
    }
  }

  /** The text it was read from, and what of that was skipped. */
  public TextSource source() {
    return source;
  }

  /** Which id stands for which character. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The ids, at most as many as the limit. */
  public Tokens tokens() {
    return tokens;
  }

  /** How many characters the whole text has after normalisation, past the limit too. */
  public long characters() {
    return characters;
  }

  /** How many of these the vocabulary does not have; they became its unknown id. */
  public long unknown() {
    return unknown;
  }

  /**
   * SHA-256 in hexadecimal of the whole text's characters after normalisation, as UTF-8. For one
   * file without normalisation and without byte-order mark it is the file's own.
   */
  public String fingerprint() {
    return fingerprint;
  }

  /** Whether the ids are in a temporary file. */
  public boolean isOnDisk() {
    return tokens.isOnDisk();
  }

  /** Removes the temporary file, if there is one; its tokens can no longer be read. */
  @Override
  public void close() {
    tokens.close();
  }

  private static final class RawCount implements IntConsumer {
    private final IntConsumer next;
    private long count;

    RawCount(IntConsumer next) {
      this.next = next;
    }

    @Override
    public void accept(int codePoint) {
      count++;
      next.accept(codePoint);
    }
  }

  /** What the pass gathers: ids in order of first appearance, counts and the digest. */
  private static final class Reading implements IntConsumer {
    private final CharacterCounts counts = new CharacterCounts();
    private final TokenStore store;
    private final long limit;
    private final MessageDigest digest = sha256();
    private final byte[] pending = new byte[1 << 13];
    private int pendingBytes;

    Reading(TokenStore store, long limit) {
      this.store = store;
      this.limit = limit;
    }

    @Override
    public void accept(int codePoint) {
      int number = counts.add(codePoint);
      if (store.length() < limit) {
        store.add(number);
      }
      if (pendingBytes > pending.length - 4) {
        flush();
      }
      if (codePoint < 0x80) {
        pending[pendingBytes++] = (byte) codePoint;
      } else {
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
          pending[pendingBytes++] = b;
        }
      }
    }

    private void flush() {
      digest.update(pending, 0, pendingBytes);
      pendingBytes = 0;
    }

    String fingerprint() {
      flush();
      return HexFormat.of().formatHex(digest.digest());
    }

    int[] idsIn(Vocabulary vocabulary) {
      int[] ids = new int[counts.distinct()];
      for (int number = 0; number < ids.length; number++) {
        ids[number] = vocabulary.id(counts.codePoint(number));
      }
      return ids;
    }

    long unknownTo(Vocabulary vocabulary) {
      long unknown = 0;
      for (int number = 0; number < counts.distinct(); number++) {
        unknown += vocabulary.contains(counts.codePoint(number)) ? 0 : counts.count(number);
      }
      return unknown;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
