package dev.lookback.gradient;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * How many bytes of activations there may be at once: everything that grows with time, and what
 * lives for one block. What does not fit is computed again, which costs time and, with blocks of as
 * many steps, not a bit of the result ({@link Footprint#within} says when blocks get shorter).
 *
 * @param budget bytes; empty where there is no limit
 */
public record Memory(OptionalLong budget) {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB"};

  /** Checks the budget. */
  public Memory {
    if (budget.isPresent() && budget.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "the memory is " + budget.getAsLong() + " bytes but has to be 1 or more");
    }
  }

  /** As many as it takes. */
  public static Memory unlimited() {
    return new Memory(OptionalLong.empty());
  }

  /** At most so many bytes. */
  public static Memory within(long bytes) {
    return new Memory(OptionalLong.of(bytes));
  }

  /** A number of bytes as messages say it: {@code 65536 bytes (64.0 KiB)}. */
  public static String text(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%d bytes (%.1f %s)", bytes, amount, UNITS[unit]);
  }

  /** The budget, or more than any. */
  public long bytes() {
    return budget.orElse(Long.MAX_VALUE);
  }
}
