package dev.lookback.math;

/**
 * {@code a b + c}, rounded once, whether the processor can do that or not.
 *
 * <p>Every product of ours is a chain of these, so they decide its bits. Where the processor has no
 * such operation, {@link Math#fma} goes through {@link java.math.BigDecimal}, some hundred times
 * slower than what is done here: the product of two floats is exact in double, so only the sum is
 * rounded twice, and only where its first rounding ends halfway between two floats does that
 * matter. There the first one is made to round to odd, after which the second is right (S. Boldo
 * and G. Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using
 * rounding to odd", IEEE Transactions on Computers 57(4), 2008).
 */
final class Fused {
  // The bits of a double behind those of a float, and where they are halfway to the next float.
  private static final long BEHIND = 0x1FFF_FFFFL;
  private static final long HALFWAY = 0x1000_0000L;

  private Fused() {}

  // A class of its own: what a class calls while it is made ready stays slow.
  private static final class Processor {
    static final boolean FUSES = isFast(20) || isFast(30_000);
  }

  /** Whether the processor has a fused multiply-add that Java uses. */
  static boolean inHardware() {
    return Processor.FUSES;
  }

  /** {@code a b + c}, rounded once. */
  static float multiplyAdd(float a, float b, float c) {
    return Processor.FUSES ? Math.fma(a, b, c) : emulated(a, b, c);
  }

  static float emulated(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    long bits = Double.doubleToRawLongBits(sum);
    // Below them, floats are further apart than the bits behind say.
    if ((bits & BEHIND) != HALFWAY && Math.abs(sum) >= Float.MIN_NORMAL) {
      return (float) sum;
    }
    return (float) toOdd(product, c, sum, bits);
  }

  // What the sum lost is exact (Knuth's two-sum); where it lost something, its last bit becomes 1.
  private static double toOdd(double product, double c, double sum, long bits) {
    double rest = sum - product;
    double lost = (product - (sum - rest)) + (c - rest);
    boolean inexact = lost < 0 || lost > 0;
    if (!inexact || (bits & 1) == 1) {
      return sum;
    }
    return Double.longBitsToDouble(lost > 0 == sum > 0 ? bits + 1 : bits - 1);
  }

  // No flag tells, so both ways are timed: in hardware a fused one takes less time than the other
  // way even in the interpreter, in software ten times as much. Where the first look says no, a
  // second one is long enough to be compiled, because some interpreters know only the slow way. The
  // least of five counts, as something else may run in between. Both give the same bits: nothing
  // but time is at stake.
  private static boolean isFast(int times) {
    long fused = Long.MAX_VALUE;
    long emulated = Long.MAX_VALUE;
    float kept = 1;
    for (int look = 0; look < 5; look++) {
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) {
        kept = Math.fma(kept, 0.75f, 0.5f);
      }
      long between = System.nanoTime();
      for (int i = 0; i < times; i++) {
        kept = emulated(kept, 0.75f, 0.5f);
      }
      fused = Math.min(fused, between - start);
      emulated = Math.min(emulated, System.nanoTime() - between);
    }
    // Both are compiled then, and the fused one may be the slower by a little in its chain.
    return kept > 0 && fused < 3 * emulated;
  }
}
