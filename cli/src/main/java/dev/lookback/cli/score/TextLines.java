package dev.lookback.cli.score;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The lines of a stream of UTF-8, one at a time, each as soon as it has ended. Unlike a text to
 * train on, a log may be damaged: bytes that are no UTF-8 become U+FFFD and are counted. A line of
 * more than {@value #MOST_BYTES} bytes is cut into several, so that no stream needs more memory.
 */
public final class TextLines {
  /** The most bytes of a line. */
  static final int MOST_BYTES = 1 << 20;

  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final char REPLACEMENT = '\uFFFD';

  private final InputStream in;
  private final boolean keepsReturns;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean first = true;
  private boolean ended;
  private long damaged;
  private long cut;

  /**
   * Of a stream that the caller closes.
   *
   * @param keepsReturns whether the CR of an end CR LF belongs to the line
   */
  public TextLines(InputStream in, boolean keepsReturns) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.keepsReturns = keepsReturns;
  }

  /** The next line without its end (LF, CR LF), or nothing where the stream has ended. */
  public Optional<String> next() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    line.reset();
    int b = in.read();
    while (b >= 0 && b != '\n' && line.size() < MOST_BYTES) {
      line.write(b);
      b = in.read();
    }
    if (b < 0) {
      ended = true;
      return line.size() == 0 ? Optional.empty() : Optional.of(text());
    }
    if (b != '\n') {
      cut++;
      // No character is cut in two: what follows its first byte still belongs to it.
      line.write(b);
      for (int more = 0; more < 3; more++) {
        in.mark(1);
        b = in.read();
        if (b < 0x80 || b > 0xBF) {
          in.reset();
          break;
        }
        line.write(b);
      }
    }
    return Optional.of(text());
  }

  private String text() {
    String text = line.toString(StandardCharsets.UTF_8);
    if (first && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    first = false;
    if (text.indexOf(REPLACEMENT) >= 0) {
      damaged++;
    }
    return keepsReturns ? text : withoutReturn(text);
  }

  /** The line without a CR at its end. */
  static String withoutReturn(String line) {
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  /** How many lines so far had bytes that are no UTF-8. */
  public long damaged() {
    return damaged;
  }

  /** How many lines so far were cut for their length. */
  public long cut() {
    return cut;
  }
}
