package dev.lookback.optim;

/** What configurations demand of their numbers. */
final class Require {
  private Require() {}

  /** Above 0, and still so and finite as a float, which is what the loops compute with. */
  static void positive(String what, double value) {
    if (!((float) value > 0 && (float) value < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          what + " is " + value + " but has to be a number above 0 within the range of float");
    }
  }

  /** In [0, 1), and still so as a float. */
  static void fraction(String what, double value) {
    if (!(value >= 0 && (float) value < 1)) {
      throw new IllegalArgumentException(
          what + " is " + value + " but has to be at least 0 and below 1");
    }
  }

  /** 1 or more. */
  static void count(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " is " + value + " but has to be 1 or more");
    }
  }
}
