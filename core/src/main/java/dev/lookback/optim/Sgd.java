package dev.lookback.optim;

import java.util.List;

/**
 * Stochastic gradient descent.
 *
 * <pre>  w -= lr g</pre>
 *
 * <p>(Robbins and Monro 1951.) With momentum: {@code Sgd.of(0.1).after(Momentum.of(0.9))}.
 *
 * @param rate lr
 */
public record Sgd(Rate rate) implements Optimizer {

  /** One rate for all updates. There is no default: the right one depends on the loss's scale. */
  public static Sgd of(double rate) {
    return new Sgd(Rate.constant(rate));
  }

  /** A rate that changes. */
  public static Sgd of(Rate rate) {
    return new Sgd(rate);
  }

  @Override
  public List<Rewrite> rewrites() {
    return List.of();
  }

  @Override
  public Sgd withRate(Rate rate) {
    return new Sgd(rate);
  }
}
