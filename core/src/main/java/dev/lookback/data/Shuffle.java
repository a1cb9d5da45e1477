package dev.lookback.data;

import dev.lookback.math.Randomness;

/**
 * A random order of the numbers 0 to n - 1 that takes no memory: each place is computed. That lets
 * an epoch over billions of overlapping windows be shuffled, and resumed in its middle.
 *
 * <p>A Feistel network over the next even power of two (Luby and Rackoff 1988), walked until it
 * lands below n (Black and Rogaway 2002). Not all n! orders can occur; each number is, to what a
 * test can tell, as likely as any other in each place.
 */
final class Shuffle {
  private static final int ROUNDS = 8;

  private final long size;
  private final int halfBits;
  private final long mask;
  private final Randomness[] rounds = new Randomness[ROUNDS];

  Shuffle(Randomness randomness, long size) {
    this.size = size;
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, size - 1));
    this.halfBits = (bits + 1) / 2;
    this.mask = (1L << halfBits) - 1;
    for (int round = 0; round < ROUNDS; round++) {
      rounds[round] = randomness.with(round);
    }
  }

  long at(long place) {
    long x = place;
    do {
      x = permute(x);
    } while (x >= size);
    return x;
  }

  private long permute(long x) {
    long left = x >>> halfBits;
    long right = x & mask;
    for (Randomness round : rounds) {
      long mixed = left ^ (round.bits(right) & mask);
      left = right;
      right = mixed;
    }
    return left << halfBits | right;
  }
}
