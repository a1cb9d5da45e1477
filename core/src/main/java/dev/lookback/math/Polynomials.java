package dev.lookback.math;

/**
 * exp and tanh of one float by polynomials of our own, so that interpreted, compiled, scalar and
 * SIMD code return the same bits; the platform's functions do not promise that. At most 3 ulp from
 * the exact value (tested over the whole range).
 *
 * <p>Range reduction after Cody and Waite (1980); the coefficients are the minimax polynomials of
 * the Cephes library (Moshier, {@code expf.c} and {@code tanhf.c}).
 */
// The coefficients as they were published; the nearest float is what is used.
@SuppressWarnings("FloatingPointLiteralPrecision")
final class Polynomials {
  static final float LOG2_E = 1.44269504088896341f;
  // ln 2 in two parts: n * LN2_HIGH is exact for the n that occur.
  static final float LN2_HIGH = 0.693359375f;
  static final float LN2_LOW = -2.12194440e-4f;
  // Adding and subtracting 1.5 * 2^23 rounds to the nearest whole number, ties to even.
  static final float ROUNDER = 12582912f;
  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  // exp is 0 in float below the first and infinite above the second.
  static final float LOWEST = -104f;
  static final float HIGHEST = 89f;

  static final float E0 = 1.9875691500e-4f;
  static final float E1 = 1.3981999507e-3f;
  static final float E2 = 8.3334519073e-3f;
  static final float E3 = 4.1665795894e-2f;
  static final float E4 = 1.6666665459e-1f;
  static final float E5 = 5.0000001201e-1f;

  static final float T0 = -5.70498872745e-3f;
  static final float T1 = 2.06390887954e-2f;
  static final float T2 = -5.37397155531e-2f;
  static final float T3 = 1.33314422036e-1f;
  static final float T4 = -3.33332819422e-1f;
  // Below it the polynomial, above it 1 - 2 / (exp(2 |x|) + 1).
  static final float SMALL = 0.625f;

  private Polynomials() {}

  static float exp(float x) {
    float c = Math.max(LOWEST, Math.min(HIGHEST, x));
    float shifted = Math.fma(c, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_HIGH, c);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(E0, r, E1);
    p = Math.fma(p, r, E2);
    p = Math.fma(p, r, E3);
    p = Math.fma(p, r, E4);
    p = Math.fma(p, r, E5);
    float y = Math.fma(p, r * r, r) + 1f;
    // 2^n in two factors, because n reaches beyond the exponents of normal floats.
    int e = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
    int half = e >> 1;
    return y * power(half) * power(e - half);
  }

  static float tanh(float x) {
    float z = x * x;
    float p = Math.fma(T0, z, T1);
    p = Math.fma(p, z, T2);
    p = Math.fma(p, z, T3);
    p = Math.fma(p, z, T4);
    float small = Math.fma(p * z, x, x);
    float size = Math.abs(x);
    if (size < SMALL) {
      return small;
    }
    float large = 1f - 2f / (exp(size + size) + 1f);
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(large) | (Float.floatToRawIntBits(x) & 0x80000000));
  }

  private static float power(int exponent) {
    return Float.intBitsToFloat((exponent + 127) << 23);
  }
}
