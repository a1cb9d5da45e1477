package dev.lookback.math;

/**
 * Consecutive rows of a row-major array.
 *
 * @param values the array
 * @param width numbers in a row
 * @param first the first row
 * @param count how many rows
 */
public record Rows(float[] values, int width, int first, int count) {

  int offset() {
    return first * width;
  }
}
