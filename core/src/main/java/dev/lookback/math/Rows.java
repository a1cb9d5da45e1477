package dev.lookback.math;

import java.util.Arrays;

/**
 * Consecutive rows of a row-major array.
 *
 * @param values the array
 * @param width numbers in a row
 * @param first the first row
 * @param count how many rows
 */
public record Rows(float[] values, int width, int first, int count) {

  /** Writes the sum of each column, one chain from zero over the rows in order. */
  public void columnSums(float[] sums) {
    Arrays.fill(sums, 0, width, 0);
    for (int at = offset(); at < offset() + count * width; at += width) {
      for (int j = 0; j < width; j++) {
        sums[j] += values[at + j];
      }
    }
  }

  int offset() {
    return first * width;
  }
}
