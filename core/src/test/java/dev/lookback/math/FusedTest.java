package dev.lookback.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The multiply-add for processors that have none, against Java's own, bit for bit. */
class FusedTest {
  @Test
  void equalsJavasOnEveryKindOfNumber() {
    // Every exponent, at the ends and in the middle of its floats, of both signs; with what is in
    // between, infinite or no number.
    int[] mantissas = {0, 1, 2, 0x3FFFFF, 0x400000, 0x400001, 0x7FFFFE, 0x7FFFFF};
    int[] exponents = {
      0, 1, 2, 12, 64, 102, 103, 104, 125, 126, 127, 128, 129, 151, 190, 253, 254, 255
    };
    float[] numbers = new float[2 * mantissas.length * exponents.length];
    int n = 0;
    for (int exponent : exponents) {
      for (int mantissa : mantissas) {
        numbers[n++] = Float.intBitsToFloat(exponent << 23 | mantissa);
        numbers[n++] = Float.intBitsToFloat(1 << 31 | exponent << 23 | mantissa);
      }
    }
    for (float a : numbers) {
      for (int j = 0; j < numbers.length; j += 2) {
        for (float c : numbers) {
          check(a, numbers[j], c);
        }
      }
    }
  }

  @Test
  void equalsJavasWhereTwoRoundingsDiffer() {
    // The product ends halfway between two floats, and c decides on which side.
    float tiny = 0x1p-100f;
    float a = 1 + 0x1p-12f;
    for (float b : new float[] {1 + 0x1p-12f, 1 - 0x1p-12f, -1 - 0x1p-12f}) {
      for (float c : new float[] {tiny, -tiny, 0, Float.MIN_VALUE, -Float.MIN_VALUE}) {
        check(a, b, c);
      }
    }
    assertThat(Fused.emulated(a, a, tiny)).isNotEqualTo((float) ((double) a * a + tiny));
    // Subnormal results have fewer bits.
    assertThat(Fused.emulated(0x1.000002p-75f, 0x1.8p-75f, 0x1p-126f))
        .isEqualTo(Math.fma(0x1.000002p-75f, 0x1.8p-75f, 0x1p-126f));
  }

  @Test
  void equalsJavasOnRandomBits() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1_000_000; i++) {
      check(
          Float.intBitsToFloat(random.nextInt()),
          Float.intBitsToFloat(random.nextInt()),
          Float.intBitsToFloat(random.nextInt()));
      // Near each other, where sums cancel; and near the smallest.
      float a = (float) random.nextDouble(-2, 2);
      float b = (float) random.nextDouble(-2, 2);
      check(a, b, Math.scalb((float) random.nextDouble(-2, 2), random.nextInt(-60, 30)));
      check(a, Math.scalb(b, -140), Math.scalb((float) random.nextDouble(-2, 2), -130));
      check(Math.scalb(a, -70), Math.scalb(b, -76), Math.scalb(b, random.nextInt(-149, -120)));
    }
  }

  private static void check(float a, float b, float c) {
    float expected = Math.fma(a, b, c);
    float found = Fused.emulated(a, b, c);
    if (Float.floatToIntBits(found) != Float.floatToIntBits(expected)) {
      throw new AssertionError(
          "fma(%h, %h, %h) is %h, not %h"
              .formatted(bits(a), bits(b), bits(c), bits(found), bits(expected)));
    }
  }

  private static int bits(float x) {
    return Float.floatToRawIntBits(x);
  }
}
