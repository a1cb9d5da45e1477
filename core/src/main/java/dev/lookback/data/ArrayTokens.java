package dev.lookback.data;

/** Ids in one array. */
record ArrayTokens(int[] ids) implements Tokens {

  @Override
  public long length() {
    return ids.length;
  }

  @Override
  public int read(long from, int[] into, int offset, int count) {
    int found = (int) Math.max(0, Math.min(count, ids.length - from));
    if (found > 0) {
      System.arraycopy(ids, (int) from, into, offset, found);
    }
    return found;
  }
}
