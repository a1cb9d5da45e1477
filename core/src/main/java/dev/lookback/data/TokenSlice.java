package dev.lookback.data;

/** A view of the positions [from, to) of other tokens. */
record TokenSlice(Tokens whole, long from, long to, String what) implements Tokens {

  TokenSlice {
    if (from < 0 || to < from || to > whole.length()) {
      throw new IllegalArgumentException(
          "a slice from "
              + from
              + " to "
              + to
              + " does not lie in a "
              + whole.what()
              + " of "
              + whole.length()
              + " characters");
    }
  }

  @Override
  public long length() {
    return to - from;
  }

  @Override
  public int read(long start, int[] into, int offset, int count) {
    int within = (int) Math.max(0, Math.min(count, length() - start));
    return within == 0 ? 0 : whole.read(from + start, into, offset, within);
  }

  @Override
  public Tokens slice(long start, long end) {
    if (start < 0 || end < start || end > length()) {
      throw new IllegalArgumentException(
          "a slice from "
              + start
              + " to "
              + end
              + " does not lie in a "
              + what
              + " of "
              + length()
              + " characters");
    }
    return new TokenSlice(whole, from + start, from + end, what);
  }
}
