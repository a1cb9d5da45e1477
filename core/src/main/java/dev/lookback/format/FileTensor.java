package dev.lookback.format;

import java.util.Arrays;

/** The numbers of one tensor in a file, row-major. */
public sealed interface FileTensor {

  /** Its extents, such as {@code [T, B, D]}; empty for a single number without dimensions. */
  int[] shape();

  /** Numbers with a point. */
  static Floats of(float[] values, int... shape) {
    return new Floats(shape, values);
  }

  /** Whole numbers. */
  static Ints of(int[] values, int... shape) {
    return new Ints(shape, values);
  }

  /**
   * Read from {@code F32}, {@code F64}, {@code F16} or {@code BF16}, written as {@code F32}.
   *
   * @param shape the extents
   * @param values the numbers; shared, not copied
   */
  record Floats(int[] shape, float[] values) implements FileTensor {
    /** Checks that there are as many numbers as the shape says. */
    public Floats {
      check(shape, values.length);
    }
  }

  /**
   * Read from {@code I32} or {@code I64}, written as {@code I32}.
   *
   * @param shape the extents
   * @param values the numbers; shared, not copied
   */
  record Ints(int[] shape, int[] values) implements FileTensor {
    /** Checks that there are as many numbers as the shape says. */
    public Ints {
      check(shape, values.length);
    }
  }

  private static void check(int[] shape, int found) {
    long needed = 1;
    for (int extent : shape) {
      // Once past 2^31 it stays there, so that nothing overflows; 0 ends it at 0.
      needed = extent == 0 ? 0 : Math.min(needed, 1L << 31) * extent;
      if (extent < 0) {
        throw new IllegalArgumentException(
            "a tensor would be " + Arrays.toString(shape) + " but no extent can be below 0");
      }
    }
    if (needed != found) {
      throw new IllegalArgumentException(
          "there are " + found + " numbers but the shape is " + Arrays.toString(shape));
    }
  }
}
