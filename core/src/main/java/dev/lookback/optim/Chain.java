package dev.lookback.optim;

import java.util.List;

/**
 * Rewrites one after another.
 *
 * @param rewrites first to last
 * @param rate what the result is multiplied by
 */
record Chain(List<Rewrite> rewrites, Rate rate) implements Optimizer {
  Chain {
    rewrites = List.copyOf(rewrites);
  }

  @Override
  public Chain withRate(Rate rate) {
    return new Chain(rewrites, rate);
  }
}
