package dev.lookback.optim;

import dev.lookback.weights.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * How a gradient becomes a change of the weights: {@code w -= rate * rewritten gradient}. An
 * immutable value.
 *
 * <pre>{@code
 * Adam.standard().after(ClipByNorm.of(1))              // clip, then Adam
 * Sgd.of(0.1).after(Momentum.of(0.9))                  // heavy ball
 * Adam.standard().then(WeightDecay.of(0.01))           // AdamW
 * Adam.of(Rate.cosine(1e-3, 0, 20_000).withWarmUp(200))
 * }</pre>
 *
 * <p>Memory: {@link Adam} keeps two floats for each weight, {@link RmsProp} and {@link Momentum}
 * one, the others none.
 */
public interface Optimizer {

  /** What the gradient goes through, first to last. */
  List<Rewrite> rewrites();

  /** What its result is multiplied by. */
  Rate rate();

  /** The same with another rate. */
  Optimizer withRate(Rate rate);

  /** The same with one rate for all updates. */
  default Optimizer withRate(double rate) {
    return withRate(Rate.constant(rate));
  }

  /** This optimizer, working on what {@code first} made of the gradient. */
  default Optimizer after(Rewrite first) {
    List<Rewrite> chain = new ArrayList<>();
    chain.add(first);
    chain.addAll(rewrites());
    return new Chain(chain, rate());
  }

  /** This optimizer, with {@code last} working on its result before the rate does. */
  default Optimizer then(Rewrite last) {
    List<Rewrite> chain = new ArrayList<>(rewrites());
    chain.add(last);
    return new Chain(chain, rate());
  }

  /** Fresh state for weights of that layout. */
  default Updater start(Layout layout) {
    return new Updater(this, layout);
  }
}
