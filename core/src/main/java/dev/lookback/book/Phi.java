package dev.lookback.book;

/** The activation phi of a layer, and its derivative. */
public enum Phi {
  /** {@code tanh a}; {@code phi' = 1 - h^2}. */
  TANH,
  /** {@code max(a, 0)}; {@code phi' = [h above 0]}, so 0 at the kink. */
  RELU,
  /** {@code a}; {@code phi' = 1}. */
  IDENTITY;

  /** {@code h = phi(a)}. */
  public double apply(double a) {
    return switch (this) {
      case TANH -> Math.tanh(a);
      case RELU -> Math.max(a, 0);
      case IDENTITY -> a;
    };
  }

  /** {@code phi'(a)}, written in terms of {@code h = phi(a)}. */
  public double derivativeAt(double h) {
    return switch (this) {
      case TANH -> 1 - h * h;
      case RELU -> h > 0 ? 1 : 0;
      case IDENTITY -> 1;
    };
  }
}
