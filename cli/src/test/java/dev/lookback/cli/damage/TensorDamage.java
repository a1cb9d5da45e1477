package dev.lookback.cli.damage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Safetensors files: damage to the length, to the header behind a right length, to the numbers. */
final class TensorDamage {
  private static final int PREFIX = 8;

  private static final long[] LENGTHS = {
    0,
    1,
    2,
    100_000_000,
    100_000_001,
    1L << 31,
    1L << 32,
    1L << 50,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  private static final int[] NUMBERS = {
    0,
    1,
    -1,
    2,
    7,
    255,
    65_536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0x7fc00000,
    0x7f800000,
    0xff800000,
    0x7f7fffff,
    0x00000001,
    0x3f800000,
    0x41200000
  };

  private TensorDamage() {}

  static byte[] to(byte[] bytes, Random random) {
    int header = bytes.length < PREFIX ? -1 : header(bytes);
    if (header < 0) {
      return ByteDamage.to(bytes, random);
    }
    return switch (random.nextInt(10)) {
      case 0, 1 -> ByteDamage.to(bytes, random);
      case 2 -> withLength(bytes, length(header, random));
      case 3, 4 -> withNumbers(bytes, header, random);
      case 5 -> behindHeader(bytes, header, random);
      default -> withHeader(bytes, header, random);
    };
  }

  /** The length of the header, -1 where the file does not have that. */
  static int header(byte[] bytes) {
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    return length >= 0 && length <= bytes.length - PREFIX ? (int) length : -1;
  }

  private static long length(int header, Random random) {
    int which = random.nextInt(LENGTHS.length + 2);
    return which < LENGTHS.length ? LENGTHS[which] : header + (which == LENGTHS.length ? 1 : -1);
  }

  private static byte[] withLength(byte[] bytes, long length) {
    byte[] changed = bytes.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    return changed;
  }

  private static byte[] withHeader(byte[] bytes, int header, Random random) {
    byte[] text = Arrays.copyOfRange(bytes, PREFIX, PREFIX + header);
    byte[] other =
        random.nextInt(6) == 0 ? ByteDamage.to(text, random) : TextDamage.to(text, random);
    return withLength(ByteDamage.splice(bytes, PREFIX, PREFIX + header, other), other.length);
  }

  // Four bytes of the data are other ones, in one place or in some.
  private static byte[] withNumbers(byte[] bytes, int header, Random random) {
    byte[] changed = bytes.clone();
    int places = (bytes.length - PREFIX - header) / Integer.BYTES;
    ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = places == 0 ? 9 : random.nextInt(9); i < 9; i++) {
      int at = PREFIX + header + Integer.BYTES * random.nextInt(places);
      buffer.putInt(at, NUMBERS[random.nextInt(NUMBERS.length)]);
    }
    return changed;
  }

  private static byte[] behindHeader(byte[] bytes, int header, Random random) {
    byte[] data = Arrays.copyOfRange(bytes, PREFIX + header, bytes.length);
    return ByteDamage.splice(bytes, PREFIX + header, bytes.length, ByteDamage.to(data, random));
  }
}
