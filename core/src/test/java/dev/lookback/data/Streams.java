package dev.lookback.data;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** Streams that give few bytes at a time, as pipes do. */
final class Streams {
  private Streams() {}

  static TextSource dripping(String text, int bytesAtATime) {
    return dripping(text.getBytes(StandardCharsets.UTF_8), bytesAtATime);
  }

  static TextSource dripping(byte[] bytes, int bytesAtATime) {
    return TextSource.stream(
        "standard input",
        new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(length, bytesAtATime));
          }
        });
  }

  static String text(Corpus corpus) {
    return corpus.vocabulary().decode(corpus.tokens().toArray(0, corpus.tokens().length()));
  }
}
