package dev.lookback.data.task;

/** Entropies in nats. */
final class Entropy {
  private Entropy() {}

  /** H(p) of a coin. */
  static double coin(double p) {
    return -(times(p) + times(1 - p));
  }

  private static double times(double p) {
    return p == 0 ? 0 : p * StrictMath.log(p);
  }
}
