package dev.lookback.data;

import java.util.Arrays;

/** How often each character (Unicode code point) occurs, in the order of first appearance. */
public final class CharacterCounts {
  private static final int PAGE = 256;

  // Number + 1 of each code point, 0 where it has not been seen; pages exist where needed.
  private final int[][] pages = new int[(Character.MAX_CODE_POINT + 1) / PAGE][];
  private int[] codePoints = new int[128];
  private long[] counts = new long[128];
  private int distinct;

  /** Nothing counted yet. */
  CharacterCounts() {}

  /** The characters of a text. */
  public static CharacterCounts of(CharSequence text) {
    CharacterCounts counts = new CharacterCounts();
    text.codePoints().forEach(counts::add);
    return counts;
  }

  /** Counts one more and gives the character's number in order of first appearance. */
  int add(int codePoint) {
    int[] page = pages[codePoint / PAGE];
    if (page == null) {
      page = new int[PAGE];
      pages[codePoint / PAGE] = page;
    }
    int number = page[codePoint % PAGE] - 1;
    if (number < 0) {
      number = distinct++;
      page[codePoint % PAGE] = number + 1;
      if (number == counts.length) {
        counts = Arrays.copyOf(counts, 2 * number);
        codePoints = Arrays.copyOf(codePoints, 2 * number);
      }
      codePoints[number] = codePoint;
    }
    counts[number]++;
    return number;
  }

  /** How many different characters there are. */
  public int distinct() {
    return distinct;
  }

  /** The character that appeared first after {@code number} others. */
  public int codePoint(int number) {
    return codePoints[number];
  }

  /** How often it occurs. */
  public long count(int number) {
    return counts[number];
  }

  /** How many characters there are in all. */
  public long total() {
    long total = 0;
    for (int number = 0; number < distinct; number++) {
      total += counts[number];
    }
    return total;
  }
}
