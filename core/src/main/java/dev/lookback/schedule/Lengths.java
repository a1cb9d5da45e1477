package dev.lookback.schedule;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How many blocks can be gone back through when none is computed more than r + 1 times.
 *
 * <p>With only the state at hand, m bytes besides the working tape, and s <= a:
 *
 * <pre>
 *   N(0, m) = 1 + floor(m / a)                        all on tapes
 *   N(r, m) = N(r, m - s) + N(r - 1, m),  m >= s      behind and before a stored state
 *           = sum_v C(floor((m - v a) / s) + r, r),  v = 0 .. floor(m / a)
 * </pre>
 *
 * <p>Keeping the first block's tape instead is never longer for r >= 1: it reaches 1 + N(r, m - a)
 * + ... + N(0, m - a) = N(r, m - a) + (1 + N(r - 1, m - a) + ...) <= N(r, m - s) + N(r - 1, m).
 * Where the entering state is kept for nothing, at the end of a tape, the length is K(r, m) = N(0,
 * m) + ... + N(r, m).
 *
 * <p>Leaving out blocks of a chain leaves a chain that the same plan still serves. So no plan
 * computes more than N(r, m) blocks at most r + 1 times, and t + sum_r max(0, t - N(r, m)) bounds
 * the evaluations of every plan from below. Without tapes besides the working one this is the
 * optimum and N is Revolve's C(states + r, r) (Griewank and Walther 2000).
 */
final class Lengths {
  private final long s;
  private final long a;
  private final long cap;
  private final Map<Long, long[]> lengths = new HashMap<>();

  /** Lengths are counted up to {@code cap}. A state that costs more than a tape is never stored. */
  Lengths(long stateBytes, long tapeBytes, long cap) {
    this.s = Math.min(stateBytes, tapeBytes);
    this.a = tapeBytes;
    this.cap = cap;
  }

  /** N(r, m), with only the state at hand; 0 for r < 0, cap where it is more. */
  long atHand(int r, long m) {
    if (r <= 0 || m < s) {
      return r < 0 ? 0 : Math.min(cap, 1 + m / a);
    }
    long[] row = lengths.getOrDefault(m, new long[0]);
    if (r >= row.length && (row.length == 0 || row[row.length - 1] < cap)) {
      row = extended(row, Math.max(r + 1, 2 * row.length), m);
      lengths.put(m, row);
    }
    return row[Math.min(r, row.length - 1)];
  }

  private long[] extended(long[] row, int length, long m) {
    long[] longer = Arrays.copyOf(row, length);
    for (int r = row.length; r < length; r++) {
      longer[r] = sum(r, m);
      if (longer[r] == cap) {
        return Arrays.copyOf(longer, r + 1);
      }
    }
    return longer;
  }

  private long sum(int r, long m) {
    long sum = 0;
    for (long tapes = 0; tapes <= m / a && sum < cap; tapes++) {
      sum += choose((m - tapes * a) / s, r);
    }
    return Math.min(sum, cap);
  }

  /**
   * The most tapes, besides the working one, that the first way through can leave behind its states
   * when no block is computed more than twice and t <= N(1, m).
   *
   * <p>With j tapes there is room for i = floor((m - j a) / s) states; they and the tapes reach
   * N(0, m) + N(0, m - s) + ... (i terms) + C(j + 2, 2) blocks, fewer the larger j is.
   */
  long tapesOfTwoPasses(long t, long m) {
    long low = 0;
    long high = m / a;
    while (low < high) {
      long j = (low + high + 1) / 2;
      if (reachOfTwoPasses(j, m) >= t) {
        low = j;
      } else {
        high = j - 1;
      }
    }
    return low;
  }

  private long reachOfTwoPasses(long j, long m) {
    long states = (m - j * a) / s;
    long sum = (j + 1) * (j + 2) / 2;
    // The same sum, state by state or tape by tape, whichever is shorter.
    if (states <= m / a) {
      for (long i = 0; i < states && sum < cap; i++) {
        sum += 1 + (m - i * s) / a;
      }
    } else {
      for (long tapes = 0; tapes <= m / a && sum < cap; tapes++) {
        sum += Math.min(states, (m - tapes * a) / s + 1);
      }
    }
    return sum;
  }

  /**
   * The fewest evaluations with states alone, the initial one among them: t + r t - C(states + r,
   * states + 1) with the smallest r for which C(states + r, r) >= t (Griewank and Walther 2000; the
   * first t are the blocks' tapes, as in Gruslys et al. 2016).
   */
  static long statesAlone(long t, long states) {
    if (states == 1) {
      return t * (t + 1) / 2;
    }
    int r = 0;
    while (choose(states, r) < t) {
      r++;
    }
    return r == 0 ? t : t + r * t - choose(r - 1, states + 1);
  }

  /** C(n + k, k), or a number beyond every plan where it is more. */
  static long choose(long n, long k) {
    long beyond = 1L << 42;
    long fewer = Math.min(n, k);
    long more = Math.max(n, k);
    long product = 1;
    for (long i = 1; i <= fewer; i++) {
      if (product > beyond / (more + i) * i) {
        return beyond;
      }
      product = product * (more + i) / i;
    }
    return product;
  }
}
