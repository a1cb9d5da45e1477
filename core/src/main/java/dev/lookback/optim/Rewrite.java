package dev.lookback.optim;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.util.Map;

/**
 * One small change of a gradient on its way to the weights: clipping, momentum, decay. An immutable
 * value; what it remembers between updates lives in a {@link Stage}.
 */
@FunctionalInterface
public interface Rewrite {

  /** Fresh state for weights of that layout. */
  Stage start(Layout layout);

  /** A rewrite at work: its running state, for one thread. */
  @FunctionalInterface
  interface Stage {

    /**
     * Changes the gradient in place, reading the weights if need be. Has to be a function of its
     * arguments and of {@link #state()}, and should allocate nothing.
     *
     * @param gradient what comes from the stage before
     * @param weights the weights before this update; not to be changed
     * @param update the update's number, counted from 0
     */
    void rewrite(Weights gradient, Weights weights, long update);

    /**
     * The arrays that live from update to update, by name: the live ones, not copies. Saving copies
     * them out, restoring overwrites their numbers.
     */
    default Map<String, float[]> state() {
      return Map.of();
    }
  }
}
