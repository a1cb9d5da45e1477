package dev.lookback.math;

import java.nio.charset.StandardCharsets;

/**
 * Random numbers as a pure function of a seed and of indices, so that a draw never depends on how
 * many were made before it, on which thread made it, or on where a run was interrupted.
 *
 * <p>{@code of(seed).with("xi").with(update).uniform(t * lanes + b)} is always the same number. The
 * mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable
 * pseudorandom number generators"), applied once for each index.
 *
 * @param key what the seed and the indices so far were mixed into
 */
public record Randomness(long key) {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

  /** Randomness that depends on {@code seed} only. */
  public static Randomness of(long seed) {
    return new Randomness(mix(seed + GOLDEN_GAMMA));
  }

  /** Randomness for one purpose, independent of that for any other. */
  public Randomness with(String purpose) {
    Randomness derived = this;
    for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
      derived = derived.with(b);
    }
    return derived;
  }

  /** Randomness for one index (an update, a layer, a step ...), independent of any other's. */
  public Randomness with(long index) {
    return new Randomness(bits(index));
  }

  /** Sixty-four random bits. */
  public long bits(long index) {
    return mix(key + GOLDEN_GAMMA * (mix(index) | 1) + index);
  }

  /** A number in [0, 1), a multiple of 2^-53. */
  public double uniform(long index) {
    return (bits(index) >>> 11) * TWO_TO_MINUS_53;
  }

  /** A whole number in [0, bound). */
  public int below(int bound, long index) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound is " + bound + " but has to be 1 or more");
    }
    // The high word of a 64 by 32 bit product: the bias is below 2^-32.
    return (int) Math.multiplyHigh(bits(index) >>> 1, (long) bound << 1);
  }

  /** A number from the standard normal distribution (Box and Muller 1958). */
  public double gaussian(long index) {
    // StrictMath: the same bits whether interpreted or compiled.
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(2 * index)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(2 * index + 1));
  }

  /** The numbers 0 to n - 1 in random order (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = below(i + 1, i);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
