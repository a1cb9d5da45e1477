package dev.lookback.cli;

import dev.lookback.message.Visible;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes text in UTF-8 with escapes for what a terminal would obey; line ends and tabs stay. Bytes
 * that are no UTF-8 pass as they are.
 */
final class EscapingStream extends FilterOutputStream {
  private static final int LONGEST = 4;

  // A character that has begun, and how many bytes it has.
  private final byte[] begun = new byte[LONGEST];
  private int count;
  private int length;
  private boolean carriageReturn;
  private boolean escapes;

  EscapingStream(OutputStream out, boolean escapes) {
    super(out);
    this.escapes = escapes;
  }

  /** Whether to escape from now on; returns whether it did. */
  boolean escapes(boolean from) {
    boolean before = escapes;
    escapes = from;
    return before;
  }

  @Override
  public void write(byte[] bytes, int from, int many) throws IOException {
    if (!escapes) {
      end();
      out.write(bytes, from, many);
      return;
    }
    int plain = from;
    for (int i = from; i < from + many; i++) {
      int b = bytes[i] & 0xff;
      if (count == 0 && !carriageReturn && ((b >= 0x20 && b < 0x7f) || b == '\n' || b == '\t')) {
        continue;
      }
      out.write(bytes, plain, i - plain);
      accept(b);
      plain = i + 1;
    }
    out.write(bytes, plain, from + many - plain);
  }

  @Override
  public void write(int b) throws IOException {
    if (escapes) {
      accept(b & 0xff);
    } else {
      end();
      out.write(b);
    }
  }

  private void accept(int b) throws IOException {
    if (carriageReturn) {
      carriageReturn = false;
      // Behind a line's end it does nothing that anybody would see.
      out.write(b == '\n' ? new byte[] {'\r'} : "\\r".getBytes(StandardCharsets.US_ASCII));
    }
    if (count > 0 && (b & 0xc0) != 0x80) {
      end();
    }
    if (count > 0) {
      begun[count++] = (byte) b;
      if (count == length) {
        show(new String(begun, 0, count, StandardCharsets.UTF_8).codePointAt(0));
      }
    } else if (b >= 0xc2 && b < 0xf5) {
      begun[count++] = (byte) b;
      length = b < 0xe0 ? 2 : b < 0xf0 ? 3 : LONGEST;
    } else if (b == '\r') {
      carriageReturn = true;
    } else if (b < 0x80 && b != '\n' && b != '\t' && Visible.isHidden(b)) {
      out.write(Visible.escape(b).getBytes(StandardCharsets.US_ASCII));
    } else {
      out.write(b);
    }
  }

  private void show(int c) throws IOException {
    if (Visible.isHidden(c)) {
      count = 0;
      out.write(Visible.escape(c).getBytes(StandardCharsets.US_ASCII));
    } else {
      end();
    }
  }

  // What was held back: the beginning of a character that never ended.
  private void end() throws IOException {
    if (carriageReturn) {
      carriageReturn = false;
      out.write("\\r".getBytes(StandardCharsets.US_ASCII));
    }
    out.write(begun, 0, count);
    count = 0;
  }

  @Override
  public void close() throws IOException {
    end();
    super.close();
  }
}
