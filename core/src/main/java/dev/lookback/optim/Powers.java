package dev.lookback.optim;

/** Whole powers by multiplication alone. */
final class Powers {
  private Powers() {}

  /**
   * {@code base} to the power {@code exponent}, by repeated squaring; the relative error is below
   * {@code 2 exponent 2^-53}.
   */
  static double power(double base, long exponent) {
    // Math.pow may differ between interpreter and compiler, StrictMath.pow allocates.
    double result = 1;
    double square = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }
}
