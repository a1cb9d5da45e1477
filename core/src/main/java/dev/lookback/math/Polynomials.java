package dev.lookback.math;

/**
 * exp, tanh, sigmoid and log by polynomials of our own, so that interpreted, compiled, scalar and
 * SIMD code return the same bits; the platform's functions do not promise that. exp, tanh and
 * sigmoid are at most 3 ulp from the exact value (tested over the whole range; below -87.3, where
 * sigmoid is no normal float any more, within 6.1e-39), log at most 1 ulp of double.
 *
 * <p>Range reduction after Cody and Waite (1980): {@code x = n log 2 + r}. The polynomial of exp is
 * the minimax polynomial of the Cephes library (Moshier, {@code expf.c}), the series of log that of
 * fdlibm ({@code e_log.c}, Sun Microsystems 1993).
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
  // tanh is 1 in float beyond half of it.
  static final float TANH_END = 20f;
  // Between them 2^n is a normal float; beyond them sigmoid is 1, or no normal float.
  static final float SIGMOID_LOW = -87f;
  static final float SIGMOID_HIGH = 88f;
  // The bits of 1, to which n is added in the exponent's place.
  static final int ONE_BITS = 127 << 23;

  static final float E0 = 1.9875691500e-4f;
  static final float E1 = 1.3981999507e-3f;
  static final float E2 = 8.3334519073e-3f;
  static final float E3 = 4.1665795894e-2f;
  static final float E4 = 1.6666665459e-1f;
  static final float E5 = 5.0000001201e-1f;

  private static final double LOG2_HIGH = 6.93147180369123816490e-01;
  private static final double LOG2_LOW = 1.90821492927058770002e-10;
  private static final double L1 = 6.666666666666735130e-01;
  private static final double L2 = 3.999999999940941908e-01;
  private static final double L3 = 2.857142874366239149e-01;
  private static final double L4 = 2.222219843214978396e-01;
  private static final double L5 = 1.818357216161805012e-01;
  private static final double L6 = 1.531383769920937332e-01;
  private static final double L7 = 1.479819860511658591e-01;

  private Polynomials() {}

  static float exp(float x) {
    float c = x > HIGHEST ? HIGHEST : x;
    c = c < LOWEST ? LOWEST : c;
    float shifted = Fused.multiplyAdd(c, LOG2_E, ROUNDER);
    float y = expm1(c, shifted) + 1f;
    // 2^n in two factors, because n reaches beyond the exponents of normal floats.
    int e = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
    int half = e >> 1;
    return y * power(half) * power(e - half);
  }

  /** {@code e / (e + 2)} with {@code e = exp(2 x) - 1}, which loses nothing near 0. */
  static float tanh(float x) {
    float y = x + x;
    y = y > TANH_END ? TANH_END : y;
    y = y < -TANH_END ? -TANH_END : y;
    float shifted = Fused.multiplyAdd(y, LOG2_E, ROUNDER);
    float s = scale(shifted);
    float e = Fused.multiplyAdd(s, expm1(y, shifted), s - 1f);
    return e / (e + 2f);
  }

  static float sigmoid(float x) {
    float y = -x;
    y = y > SIGMOID_HIGH ? SIGMOID_HIGH : y;
    y = y < SIGMOID_LOW ? SIGMOID_LOW : y;
    float shifted = Fused.multiplyAdd(y, LOG2_E, ROUNDER);
    float s = scale(shifted);
    return 1f / (1f + Fused.multiplyAdd(s, expm1(y, shifted), s));
  }

  /** {@code exp(r) - 1}, r what is left of c after taking off a whole multiple of log 2. */
  private static float expm1(float c, float shifted) {
    float n = shifted - ROUNDER;
    float r = Fused.multiplyAdd(n, -LN2_HIGH, c);
    r = Fused.multiplyAdd(n, -LN2_LOW, r);
    float p = Fused.multiplyAdd(E0, r, E1);
    p = Fused.multiplyAdd(p, r, E2);
    p = Fused.multiplyAdd(p, r, E3);
    p = Fused.multiplyAdd(p, r, E4);
    p = Fused.multiplyAdd(p, r, E5);
    return Fused.multiplyAdd(p, r * r, r);
  }

  // 2^n for an n within the exponents of normal floats: the rounder's own bits leave to the left.
  private static float scale(float shifted) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + ONE_BITS);
  }

  private static float power(int exponent) {
    return Float.intBitsToFloat((exponent + 127) << 23);
  }

  /** The natural logarithm of a finite normal number above 0. */
  static double log(double x) {
    long bits = Double.doubleToRawLongBits(x);
    // Mantissas from sqrt(1/2) to sqrt(2), so that log 1 is exact and little cancels.
    long shifted = bits - 0x3FE6A09E667F3BCDL;
    int n = (int) (shifted >> 52);
    double f = Double.longBitsToDouble(bits - ((long) n << 52)) - 1;
    double s = f / (2 + f);
    double z = s * s;
    double w = z * z;
    double even = w * (L2 + w * (L4 + w * L6));
    double odd = z * (L1 + w * (L3 + w * (L5 + w * L7)));
    double square = 0.5 * f * f;
    return n * LOG2_HIGH - ((square - (s * (square + odd + even) + n * LOG2_LOW)) - f);
  }
}
