package dev.lookback.gradient;

import dev.lookback.loss.Loss;
import dev.lookback.network.Readout;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Backpropagation through time: through which coupling, and how it is remembered. An immutable
 * value.
 *
 * @param policy how credit goes back through time: a coupling, or what chooses one while training
 * @param memory how many bytes of activations there may be; never changes the mathematics
 * @param refresh whether sliding truncation computes the steps in front of a window again with the
 *     weights as they are, instead of using what was computed with those of its time
 * @param loss makes what is minimised, one for each pass; the loss of the network's readout where
 *     it is empty
 */
public record Bptt(
    CouplingPolicy policy, Memory memory, boolean refresh, Optional<Supplier<Loss>> loss) {

  /** Refuses to refresh where nothing goes stale. */
  public Bptt {
    boolean slides =
        policy instanceof Coupling.Sliding
            || policy instanceof CouplingPolicy.Adaptive
            || policy instanceof CouplingPolicy.Auto;
    if (refresh && !slides) {
      throw new IllegalArgumentException(
          policy.label()
              + " never goes back behind a window, so there is nothing to refresh: only sliding"
              + " couplings use activations of older weights");
    }
  }

  /** With the loss of the network's readout. */
  public Bptt(CouplingPolicy policy, Memory memory, boolean refresh) {
    this(policy, memory, refresh, Optional.empty());
  }

  /** With as much memory as it takes, and nothing computed again. */
  public static Bptt of(CouplingPolicy policy) {
    return new Bptt(policy, Memory.unlimited(), false);
  }

  /** The same within a budget. */
  public Bptt within(Memory memory) {
    return new Bptt(policy, memory, refresh, loss);
  }

  /** The same with everything that a sweep passes computed with the weights as they are. */
  public Bptt refreshing() {
    return new Bptt(policy, memory, true, loss);
  }

  /** The same with a loss of one's own; evaluation has to be told of it, too. */
  public Bptt minimising(Supplier<Loss> loss) {
    return new Bptt(policy, memory, refresh, Optional.of(loss));
  }

  /** A loss for one pass of a network with this readout. */
  public Loss lossFor(Readout readout) {
    return loss.map(Supplier::get).orElseGet(() -> Pass.lossOf(readout));
  }
}
