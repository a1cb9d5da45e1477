package dev.lookback.train;

import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.optim.Optimizer;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.util.OptionalInt;

/**
 * How a network is trained: everything but the data and the numbers. Immutable.
 *
 * <pre>{@code
 * Trainer trainer = Trainer.of(network, Coupling.fixed(35), Adam.standard());
 * trainer.start(weights, sampling, team).epochs().limit(10).forEach(System.out::println);
 * }</pre>
 *
 * @param network what is trained
 * @param method how credit goes back through time, and how it is remembered
 * @param optimizer what becomes of the gradient
 * @param state what enters a window
 * @param stride when the weights change
 * @param seed of everything drawn while training
 */
public record Trainer(
    Network network,
    Bptt method,
    Optimizer optimizer,
    StatePolicy state,
    Stride stride,
    long seed) {

  /** Refuses strides that the coupling does not have. */
  public Trainer {
    CouplingPolicy policy = method.policy();
    boolean perLane = policy instanceof Coupling.Randomised random && random.perLane();
    if (perLane && stride == Stride.OWN) {
      throw new IllegalArgumentException(
          policy.label()
              + " cuts each lane at its own steps, so it has no common cut to update at:"
              + " say how many steps a window has (--steps)");
    }
    boolean random = policy instanceof Coupling.Randomised;
    boolean measured = policy instanceof CouplingPolicy.Measured;
    if ((random || measured) && stride == Stride.OWN && state == StatePolicy.RESET) {
      throw new IllegalArgumentException(
          policy.label()
              + " at its own cuts needs the state carried: resetting it at "
              + (random ? "random" : "changing")
              + " places would change the loss with every "
              + (random ? "draw" : "choice")
              + ". Carry the state, or say how many steps a window"
              + " has (--steps)");
    }
  }

  /** How credit goes back through time: a coupling, or what chooses one while training. */
  public CouplingPolicy policy() {
    return method.policy();
  }

  /** State carried, an update after every window, seed 1. */
  public static Trainer of(Network network, CouplingPolicy policy, Optimizer optimizer) {
    return of(network, Bptt.of(policy), optimizer);
  }

  /** The same with a method. */
  public static Trainer of(Network network, Bptt method, Optimizer optimizer) {
    return new Trainer(network, method, optimizer, StatePolicy.CARRY, Stride.WINDOW, 1);
  }

  /** The same with another state policy. */
  public Trainer with(StatePolicy state) {
    return new Trainer(network, method, optimizer, state, stride, seed);
  }

  /** The same with another stride. */
  public Trainer with(Stride stride) {
    return new Trainer(network, method, optimizer, state, stride, seed);
  }

  /** The same with another seed. */
  public Trainer withSeed(long seed) {
    return new Trainer(network, method, optimizer, state, stride, seed);
  }

  /**
   * Training from these weights on this data, going through it again and again.
   *
   * @param weights changed in place
   */
  public Training start(Weights weights, Sampling sampling, Team team) {
    requireGoesWith(sampling);
    return new Training(this, weights, sampling, team);
  }

  /**
   * Goes on with a training from what {@link Training#save()} gave: all updates to come are, bit
   * for bit, those of the training that was saved, whatever the number of threads. Everything has
   * to be as it was there: network, method with its loss, optimizer, policies, seed and data. Where
   * what was saved says otherwise, or does not say, it is refused; cells, couplings and losses of
   * one's own are known by their labels. Another rate and other data of the same shape are not
   * noticed.
   *
   * @param weights overwritten by those that were saved, and changed in place
   * @throws IllegalArgumentException if it was saved by another trainer or with other data; the
   *     weights are then as they were
   */
  public Training resume(Snapshot saved, Weights weights, Sampling sampling, Team team) {
    requireGoesWith(sampling);
    return Training.resumed(this, weights, sampling, team, saved);
  }

  private void requireGoesWith(Sampling sampling) {
    if (state == StatePolicy.CARRY && !sampling.carriesState()) {
      throw new IllegalArgumentException(
          "windows in random order do not go on where the one before stopped, so no state can be"
              + " carried between them: reset the state, or sample by lanes");
    }
    if (stride == Stride.OWN && !sampling.carriesState()) {
      throw new IllegalArgumentException(
          "updating at the coupling's own cuts needs lanes: windows in random order all have the"
              + " same length");
    }
    if (stride == Stride.OWN
        && (policy() instanceof CouplingPolicy.Measured || policy() instanceof Coupling.Randomised)
        && sampling instanceof TaskStream stream
        && stream.task().onlyLastCounts()) {
      throw new IllegalArgumentException(
          policy().label()
              + " at its own cuts makes windows of every length, but "
              + stream.task().label()
              + " counts only the last step of a sequence. Update after every window instead");
    }
  }

  /**
   * The smallest memory that this can be trained with on this data, in bytes of activations. All
   * but sliding couplings come down to a block and a state by computing again; what sliding sweeps
   * share they have to remember.
   */
  public long smallestMemory(Sampling sampling) {
    // What measures while it trains begins somewhere: with the shortest that it may choose.
    Coupling coupling = policy() instanceof Coupling fixed ? fixed : Coupling.full();
    return new Blocks(this, coupling, strided(sampling, coupling), method.memory())
        .smallest(sampling.lanes());
  }

  /** Whether a window is entered by the state in which the one before left it. */
  public boolean carries(Sampling sampling) {
    return state == StatePolicy.CARRY && sampling.carriesState();
  }

  /** Whether lanes start afresh inside of windows, so that a block's way back needs more. */
  boolean resets(Sampling sampling) {
    return network.learnsState()
        || (sampling instanceof TaskStream stream && stream.task().independent());
  }

  // Lanes leave room for one window of their own steps, whatever an epoch's offset: with windows of
  // tau steps it is tau that they have to leave room for.
  Sampling strided(Sampling sampling, Coupling coupling) {
    return stride == Stride.OWN && ownSteps(coupling).isPresent()
        ? withSteps(sampling, ownSteps(coupling).getAsInt())
        : sampling;
  }

  /** The same lanes in windows of so many steps; what has no lanes keeps its own. */
  static Sampling withSteps(Sampling sampling, int steps) {
    if (sampling instanceof Lanes lanes) {
      return new Lanes(
          lanes.tokens(), lanes.lanes(), steps, lanes.keepRemainder(), lanes.offsets());
    } else if (sampling instanceof TaskStream stream) {
      return stream.withSteps(steps);
    }
    return sampling;
  }

  /** The steps of a window at the coupling's own stride, where they are always as many. */
  static OptionalInt ownSteps(Coupling coupling) {
    if (coupling instanceof Coupling.Fixed fixed) {
      return OptionalInt.of(fixed.tau());
    } else if (coupling instanceof Coupling.Sliding sliding) {
      return OptionalInt.of(sliding.k1());
    }
    return OptionalInt.empty();
  }
}
