package dev.lookback.format;

/** Numbers of 16 bits; every one of them is a float. */
final class Half {
  private static final float SMALLEST = 0x1p-24f;

  private Half() {}

  /** IEEE 754's binary16: a sign, 5 bits of exponent, 10 of fraction. */
  static float binary16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      return (sign == 0 ? SMALLEST : -SMALLEST) * fraction;
    }
    // Infinity and NaN have all bits of the exponent; else its zero moves from 15 to 127.
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  /** The upper half of a float. */
  static float bfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
