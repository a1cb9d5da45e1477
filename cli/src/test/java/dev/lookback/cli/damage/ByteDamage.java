package dev.lookback.cli.damage;

import java.util.Arrays;
import java.util.Random;

/** What disks, lines and people do to bytes, whatever they stand for. */
final class ByteDamage {
  private static final byte[][] FOREIGN = {
    {(byte) 0xff}, // never in UTF-8
    {(byte) 0xc0, (byte) 0x80}, // NUL written in two bytes
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // half of a surrogate pair
    {(byte) 0xf0, (byte) 0x9f}, // a character that is cut off
    {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, // a byte order mark
    {0},
    {0x1b, '[', '3', '1', 'm'}, // red, on a terminal
    {'\r', '\n'},
  };

  private ByteDamage() {}

  static byte[] to(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return FOREIGN[random.nextInt(FOREIGN.length)].clone();
    }
    int at = random.nextInt(bytes.length);
    int end = Math.min(bytes.length, at + 1 + length(random));
    byte[] piece = Arrays.copyOfRange(bytes, at, end);
    return switch (random.nextInt(9)) {
      case 0 -> set(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
      case 1 -> set(bytes, at, (byte) random.nextInt(256));
      case 2 -> Arrays.copyOf(bytes, at);
      case 3 -> splice(bytes, at, end, new byte[0]);
      case 4 -> splice(bytes, at, at, piece);
      case 5 -> splice(bytes, at, end, new byte[piece.length]);
      case 6 -> splice(bytes, at, at, FOREIGN[random.nextInt(FOREIGN.length)]);
      case 7 -> swap(bytes, random.nextInt(bytes.length), at, piece.length);
      default -> {
        random.nextBytes(piece);
        yield splice(bytes, at, random.nextBoolean() ? at : end, piece);
      }
    };
  }

  // Mostly a few bytes, at times a page.
  private static int length(Random random) {
    return random.nextInt(1 << random.nextInt(13));
  }

  private static byte[] set(byte[] bytes, int at, byte value) {
    byte[] changed = bytes.clone();
    changed[at] = value;
    return changed;
  }

  /** The bytes with others in the place of those from {@code at} to {@code end}. */
  static byte[] splice(byte[] bytes, int at, int end, byte[] piece) {
    byte[] changed = new byte[at + piece.length + bytes.length - end];
    System.arraycopy(bytes, 0, changed, 0, at);
    System.arraycopy(piece, 0, changed, at, piece.length);
    System.arraycopy(bytes, end, changed, at + piece.length, bytes.length - end);
    return changed;
  }

  private static byte[] swap(byte[] bytes, int a, int b, int length) {
    int count = Math.min(length, bytes.length - Math.max(a, b));
    byte[] changed = bytes.clone();
    System.arraycopy(bytes, a, changed, b, count);
    System.arraycopy(bytes, b, changed, a, count);
    return changed;
  }
}
