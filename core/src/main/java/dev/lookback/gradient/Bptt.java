package dev.lookback.gradient;

/**
 * Backpropagation through time: through which coupling, and how it is remembered. An immutable
 * value.
 *
 * @param policy how credit goes back through time: a coupling, or what chooses one while training
 * @param memory how many bytes of activations there may be; never changes the mathematics
 * @param refresh whether sliding truncation computes the steps in front of a window again with the
 *     weights as they are, instead of using what was computed with those of its time
 */
public record Bptt(CouplingPolicy policy, Memory memory, boolean refresh) {

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

  /** With as much memory as it takes, and nothing computed again. */
  public static Bptt of(CouplingPolicy policy) {
    return new Bptt(policy, Memory.unlimited(), false);
  }

  /** The same within a budget. */
  public Bptt within(Memory memory) {
    return new Bptt(policy, memory, refresh);
  }

  /** The same with everything that a sweep passes computed with the weights as they are. */
  public Bptt refreshing() {
    return new Bptt(policy, memory, true);
  }
}
