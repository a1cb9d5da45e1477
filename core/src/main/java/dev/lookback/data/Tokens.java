package dev.lookback.data;

/**
 * A long row of token ids that is read piece by piece, so that it may be larger than memory.
 *
 * <p>Reading does not change it: any number of readers may read at once.
 */
public interface Tokens {

  /** How many ids there are; may exceed 2^31. */
  long length();

  /**
   * Copies ids from position {@code from} on into {@code into[offset ...]}.
   *
   * @return how many were copied: {@code count}, or fewer where the row ends
   */
  int read(long from, int[] into, int offset, int count);

  /** What messages call it. */
  default String what() {
    return "text";
  }

  /** The ids at positions [from, to): a view, nothing is copied. */
  default Tokens slice(long from, long to) {
    return new TokenSlice(this, from, to, what());
  }

  /** The same ids under the name that messages should use. */
  default Tokens named(String what) {
    return new TokenSlice(this, 0, length(), what);
  }

  /** The ids at positions [from, to) in an array. */
  default int[] toArray(long from, long to) {
    int[] ids = new int[Math.toIntExact(to - from)];
    int found = read(from, ids, 0, ids.length);
    if (found < ids.length) {
      throw new IllegalArgumentException(
          "positions " + from + " to " + to + " were asked of " + length() + " ids");
    }
    return ids;
  }

  /** The given ids, copied. */
  static Tokens of(int... ids) {
    return new ArrayTokens(ids.clone());
  }
}
