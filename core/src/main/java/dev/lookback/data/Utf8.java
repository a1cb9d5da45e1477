package dev.lookback.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * A strict UTF-8 decoder (Unicode 15, table 3-7) that goes through a stream once and knows where it
 * is: the first malformed byte ends it with the byte, its offset and its line. A byte-order mark at
 * the start is dropped.
 */
final class Utf8 {
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final String name;
  private final IntConsumer next;

  private long offset;
  private long line = 1;
  private long characters;
  private int last = -1;

  // A character begun: its lead byte, where it stood, the bits so far, and which bytes may follow.
  private int lead;
  private long leadOffset;
  private int bits;
  private int missing;
  private int lowest;
  private int highest;

  private Utf8(String name, IntConsumer next) {
    this.name = name;
    this.next = next;
  }

  /**
   * Decodes the stream until that is enough, reading no further than it has to, and tells the last
   * character, -1 if there was none.
   */
  static int decode(String name, InputStream in, IntConsumer next, BooleanSupplier enough) {
    Utf8 decoder = new Utf8(name, next);
    byte[] buffer = new byte[1 << 16];
    try {
      int n = 0;
      while (!enough.getAsBoolean() && (n = in.read(buffer)) >= 0) {
        for (int i = 0; i < n && !enough.getAsBoolean(); i++) {
          decoder.accept(buffer[i] & 0xFF);
        }
      }
    } catch (IOException e) {
      throw new DataException(
          name
              + ": reading failed after "
              + decoder.offset
              + " bytes ("
              + Reasons.of(e)
              + "). Check the file or pass another one.",
          e);
    }
    if (decoder.missing > 0) {
      throw decoder.malformed(
          "the text ends within the character begun by byte "
              + hex(decoder.lead)
              + " at offset "
              + decoder.leadOffset
              + ", so it is not valid UTF-8. Pass the whole file.");
    }
    return decoder.last;
  }

  private void accept(int b) {
    if (missing > 0) {
      follow(b);
    } else if (b < 0x80) {
      if (b == 0) {
        throw malformed(
            "byte 0x00 at offset "
                + offset
                + " does not occur in text: the file is binary or UTF-16. Pass a UTF-8 text file"
                + " (iconv -f UTF-16 -t UTF-8 converts).");
      }
      emit(b);
    } else {
      begin(b);
    }
    offset++;
  }

  private void begin(int b) {
    lead = b;
    leadOffset = offset;
    lowest = 0x80;
    highest = 0xBF;
    if (b >= 0xC2 && b <= 0xDF) {
      missing = 1;
      bits = b & 0x1F;
    } else if (b >= 0xE0 && b <= 0xEF) {
      missing = 2;
      bits = b & 0x0F;
      lowest = b == 0xE0 ? 0xA0 : 0x80; // no longer form than needed
      highest = b == 0xED ? 0x9F : 0xBF; // no surrogates
    } else if (b >= 0xF0 && b <= 0xF4) {
      missing = 3;
      bits = b & 0x07;
      lowest = b == 0xF0 ? 0x90 : 0x80;
      highest = b == 0xF4 ? 0x8F : 0xBF; // nothing above U+10FFFF
    } else {
      throw notUtf8();
    }
  }

  private void follow(int b) {
    if (b < lowest || b > highest) {
      throw notUtf8();
    }
    bits = bits << 6 | (b & 0x3F);
    lowest = 0x80;
    highest = 0xBF;
    if (--missing == 0) {
      emit(bits);
    }
  }

  private void emit(int codePoint) {
    if (codePoint == BYTE_ORDER_MARK && characters == 0) {
      characters++;
      return;
    }
    characters++;
    last = codePoint;
    if (codePoint == '\n') {
      line++;
    }
    next.accept(codePoint);
  }

  private DataException notUtf8() {
    boolean utf16 = leadOffset == 0 && lead >= 0xFE;
    return malformed(
        "byte "
            + hex(lead)
            + " at offset "
            + leadOffset
            + " (line "
            + line
            + ") is not valid UTF-8. Convert the file to UTF-8 (iconv -f "
            + (utf16 ? "UTF-16" : "LATIN1")
            + " -t UTF-8) or pass another file.");
  }

  private DataException malformed(String message) {
    return new DataException(name + ": " + message);
  }

  private static String hex(int b) {
    return String.format(Locale.ROOT, "0x%02X", b);
  }
}
