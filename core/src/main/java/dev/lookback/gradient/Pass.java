package dev.lookback.gradient;

import dev.lookback.cell.Adjoint;
import dev.lookback.loss.Loss;
import dev.lookback.loss.SoftmaxCrossEntropy;
import dev.lookback.loss.SquaredError;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Layers;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.schedule.Plan;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A window's way forward and back: owns the tapes and scratch of one network for one number of
 * lanes, and is reused for window after window.
 *
 * <pre>
 *   delta_t = q_t + xi_{t+1} J_{t+1}^T delta_{t+1},    dL/dw = sum_t (df/dw)_t^T delta_t
 * </pre>
 *
 * <p>Steps are computed in blocks on a grid counted from the window's start. A sweep runs as soon
 * as its last step is there; tapes that no later sweep needs are handed back before the next steps
 * are computed, so memory is that of the longest sweep, in whole blocks. Weight gradients are
 * formed block by block and added last block first.
 *
 * <p>Not for use by two threads at a time.
 */
public final class Pass {
  private static final int ROWS_WORTH_A_PRODUCT = 512;
  private static final int FEWEST_STEPS = 8;
  private static final int MOST_STEPS = 64;

  private final Network network;
  private final Layout layout;
  private final Layers layers;
  private final Team team;
  private final int lanes;
  private final int blockSteps;
  private final Memory memory;
  private Footprint footprint;
  private boolean expectsResets;
  private long backBytes;
  private Optional<Plan> lastPlan = Optional.empty();
  private final Tapes tapes;
  private final WayBack back;
  private Optional<Randomness> dropping = Optional.empty();
  private Witness witness = Witness.NOBODY;
  private Optional<Trace> trace = Optional.empty();
  // What the remembered steps in front of the next window to slide over read.
  private Optional<Window> behind = Optional.empty();
  // How many of those steps the sweeps may go back over: the blocks may hold more.
  private int reach;

  /**
   * What a window gave.
   *
   * @param loss the mean loss: the weighted sum over the sum of the weights
   * @param longestSegment the most steps a sweep had to remember
   */
  public record Result(double loss, int longestSegment) {}

  /** A pass with blocks of {@link #blockStepsFor} steps. */
  public Pass(Network network, int lanes, Team team) {
    this(network, lanes, blockStepsFor(lanes), team);
  }

  /** A pass with blocks of a given number of steps. */
  public Pass(Network network, int lanes, int blockSteps, Team team) {
    this(network, lanes, blockSteps, Memory.unlimited(), team);
  }

  /**
   * A pass that never has more bytes of activations than the memory allows: what does not fit is
   * computed again. {@link Footprint#within} finds how many steps a block should have.
   */
  public Pass(Network network, int lanes, int blockSteps, Memory memory, Team team) {
    if (lanes < 1 || blockSteps < 1) {
      throw new IllegalArgumentException(
          lanes + " lanes in blocks of " + blockSteps + " steps: both have to be 1 or more");
    }
    this.network = network;
    this.layout = network.layout();
    this.layers = new Layers(network);
    this.team = team;
    this.lanes = lanes;
    this.blockSteps = blockSteps;
    this.memory = memory;
    this.footprint = Footprint.of(network, lanes, blockSteps, false);
    this.tapes = new Tapes(network, layers, lanes, blockSteps, team);
    this.back = new WayBack(network, layers, tapes, lanes, team);
  }

  /** As many steps as make a product worth its call. */
  public static int blockStepsFor(int lanes) {
    int enough = (ROWS_WORTH_A_PRODUCT + lanes - 1) / lanes;
    return Math.max(FEWEST_STEPS, Math.min(MOST_STEPS, enough));
  }

  /**
   * Drops between the layers in the windows to come, as this randomness says; without any, which is
   * how a pass begins, nothing is dropped.
   */
  public void drop(Optional<Randomness> randomness) {
    dropping = randomness;
  }

  /** Lets a trace see everything that is computed from now on; without any, nobody looks. */
  public void watch(Optional<Trace> trace) {
    this.trace = trace;
    witness = trace.map(Trace::witness).orElse(Witness.NOBODY);
    tapes.watch(witness);
  }

  /** Minimises another loss than the readout's in the windows to come. */
  public void minimise(Loss loss) {
    back.minimise(loss);
  }

  /** The loss that belongs to a readout. */
  public static Loss lossOf(Readout readout) {
    return readout.kind() == Readout.Kind.SOFTMAX ? new SoftmaxCrossEntropy() : new SquaredError();
  }

  /** The steps of a block. */
  public int blockSteps() {
    return blockSteps;
  }

  /**
   * Bytes of all arrays that grow with time, as far as any window so far needed them: the tapes
   * that were alive at once, and one block's outputs, deltas and scratch.
   */
  public long peakActivationBytes() {
    return tapes.vault().peak() + Math.max(backBytes, back.bytes());
  }

  /** Steps computed so far; one that was computed again counts again. */
  public long computedSteps() {
    return tapes.computed();
  }

  /**
   * The gradient of the window's mean loss through the links as coupled.
   *
   * @param state enters the window as a constant; left at the state after the last step
   * @param gradient overwritten
   */
  public Result run(
      Weights weights, Window window, Coupled coupled, State state, Weights gradient) {
    return run(weights, window, coupled, state, gradient, window.totalWeight());
  }

  /** The same with the sum of losses divided by {@code divisor} in the gradient. */
  public Result run(
      Weights weights,
      Window window,
      Coupled coupled,
      State state,
      Weights gradient,
      double divisor) {
    return run(weights, window, coupled, new States(state, Optional.empty()), gradient, divisor);
  }

  /**
   * The gradient of the mean loss with respect to the weights and to the entering state.
   *
   * @param stateGradient overwritten by dL/dh_0, xi_0 included
   */
  public Result run(
      Weights weights,
      Window window,
      Coupled coupled,
      State state,
      Weights gradient,
      State stateGradient) {
    stateGradient.clear();
    States states = new States(state, Optional.of(stateGradient));
    return run(weights, window, coupled, states, gradient, window.totalWeight());
  }

  /**
   * How far back the last step's loss reaches. Exact, at the cost of one way back, and best asked
   * of a pass with blocks of one step, where every link is a block's border.
   */
  public LagNorms lagNorms(Weights weights, Window window, State state) {
    if (blockSteps != 1) {
      throw new IllegalStateException(
          "norms by lag need a pass with blocks of 1 step, not " + blockSteps);
    }
    double[] phi = new double[window.steps()];
    lastLossBack(
        weights,
        window,
        state,
        (step, carry) -> phi[window.steps() - 1 - step] = lanes * meanNorm(carry));
    return new LagNorms(phi);
  }

  /** The same with the lag 0 and with what the gradients of all lags up to each one sum to. */
  public LagGradients lagGradients(Weights weights, Window window, State state) {
    if (blockSteps != 1) {
      throw new IllegalStateException(
          "gradients by lag need a pass with blocks of 1 step, not " + blockSteps);
    }
    LagGradients.Recorder recorder = new LagGradients.Recorder(window.steps(), lanes);
    lastLossBack(
        weights,
        window,
        state,
        (step, all) -> {
          if (step == window.steps() - 1) {
            recorder.first(all[all.length - 1]);
          }
          recorder.crossed(window.steps() - step, all);
        });
    return recorder.recorded();
  }

  // Learns what has arrived in front of a block.
  private interface Borders {
    void crossed(int step, Adjoint[] adjoints);
  }

  private void lastLossBack(Weights weights, Window window, State state, Borders borders) {
    float[] last = new float[window.steps() * lanes];
    Arrays.fill(last, last.length - lanes, last.length, 1);
    // Whoever watches goes on watching.
    Witness watching = witness;
    witness =
        new Witness() {
          @Override
          public void read(Window window, int first, int rows, float[] outputs) {
            watching.read(window, first, rows, outputs);
          }

          @Override
          public void judged(int first, int rows, float[] gradients) {
            watching.judged(first, rows, gradients);
          }

          @Override
          public void crossed(Block block, int from, int to, Adjoint[] adjoints, Weights gradient) {
            watching.crossed(block, from, to, adjoints, gradient);
            borders.crossed(block.start() + from, adjoints);
          }

          @Override
          public void swept(Weights gradient) {
            watching.swept(gradient);
          }
        };
    try {
      Coupled exact = Coupling.full().couple(window.steps(), lanes, Randomness.of(0));
      run(weights, window.withWeight(last), exact, state, Weights.zeros(network.layout()));
    } finally {
      witness = watching;
    }
  }

  // The mean over the lanes of the norm of all layers' carries.
  private double meanNorm(Adjoint[] all) {
    double sum = 0;
    for (int b = 0; b < lanes; b++) {
      double square = 0;
      for (Adjoint adjoint : all) {
        for (float[] plane : adjoint.carry()) {
          int hidden = plane.length / lanes;
          for (int j = b * hidden; j < (b + 1) * hidden; j++) {
            square += (double) plane[j] * plane[j];
          }
        }
      }
      sum += Math.sqrt(square);
    }
    return sum / lanes;
  }

  private record States(State state, Optional<State> gradient) {}

  private Result run(
      Weights weights,
      Window window,
      Coupled coupled,
      States states,
      Weights gradient,
      double divisor) {
    check(weights, window, coupled.links(), states.state(), divisor);
    expect(window);
    forget();
    layers.pack(weights, team);
    Arrays.fill(gradient.values(), 0);
    tapes.rewind(dropping);
    trace.ifPresent(t -> t.begin(0, lanes));
    double sum = 0;
    for (Sweep sweep : coupled.sweeps()) {
      tapes.release(sweep.backTo());
      sum += sweep(window, coupled.links(), sweep, states, gradient, divisor);
    }
    return new Result(sum / window.totalWeight(), coupled.longestSegment());
  }

  private double sweep(
      Window window, Links links, Sweep sweep, States states, Weights gradient, double divisor) {
    WayBack.Task task = new WayBack.Task(window, links, sweep, gradient, 1 / divisor);
    back.begin();
    double sum = remembers(sweep) ? remembered(task, states) : recomputed(task, states);
    back.finish(gradient);
    witness.swept(gradient);
    if (sweep.backTo() == 0 && states.gradient().isPresent()) {
      back.addCarry(states.gradient().get());
    }
    return sum;
  }

  // Where lanes start afresh inside of a window, a block's way back needs more.
  private void expect(Window window) {
    if (window.reset().isPresent() && !expectsResets) {
      expectsResets = true;
      footprint = Footprint.of(network, lanes, blockSteps, true);
      lastPlan = Optional.empty();
    }
  }

  private boolean remembers(Sweep sweep) {
    return footprint.fits(Recomputation.blocks(sweep, blockSteps), memory);
  }

  private double remembered(WayBack.Task task, States states) {
    Sweep sweep = task.sweep();
    tapes.vault().allow(footprint.blockBytes() * Recomputation.blocks(sweep, blockSteps));
    tapes.forward(task.window(), task.links(), sweep.to(), states.state());
    double sum = 0;
    List<Block> live = tapes.live();
    for (int i = live.size() - 1; i >= 0; i--) {
      sum += back.through(live.get(i), task, witness);
    }
    return sum;
  }

  private double recomputed(WayBack.Task task, States states) {
    Sweep sweep = task.sweep();
    if (sweep.backTo() < tapes.position()) {
      throw new IllegalArgumentException(
          "a sweep over "
              + sweep.length()
              + " steps that overlaps the one before needs "
              + Memory.text(
                  footprint.fixedBytes()
                      + footprint.blockBytes() * Recomputation.blocks(sweep, blockSteps))
              + " but the memory is "
              + Memory.text(memory.bytes())
              + ": what sliding truncation remembers is not computed again");
    }
    Plan plan = planFor(Recomputation.blocks(sweep, blockSteps));
    tapes.vault().allow(plan.peakBytes());
    return new Recomputation(tapes, back, task, witness, states.state()).run(plan);
  }

  // Windows are alike: the plan of the last one, which has been searched for, mostly serves.
  private Plan planFor(int blocks) {
    if (lastPlan.isEmpty() || lastPlan.get().blocks() != blocks) {
      lastPlan = Optional.of(footprint.planOfBlocks(blocks, memory));
    }
    return lastPlan.get();
  }

  /**
   * The next window of a stream through sliding truncation: every k1 steps and at the window's end
   * the losses since the last time go back up to k2 steps, on through the window's start into the
   * last k2 - k1 steps of the windows slid over before (fewer where the coupling of the window
   * before remembered fewer). What is remembered of those was computed with the weights of its
   * time, up to ceil(k2 / k1) - 1 updates ago where windows have k1 steps.
   *
   * @param state enters the window; left at the state after the last step
   * @param gradient overwritten by the gradient of the window's mean loss
   * @param refresh whether the k2 - k1 steps in front of the window, or as many as there are, are
   *     computed again with the weights as they are, from the state with which the first of them
   *     was entered when it was computed last
   */
  public Result slide(
      Weights weights,
      Window window,
      Coupling.Sliding sliding,
      State state,
      Weights gradient,
      boolean refresh) {
    double divisor = window.totalWeight();
    check(weights, window, Links.whole(window.steps()), state, divisor);
    expect(window);
    layers.pack(weights, team);
    Arrays.fill(gradient.values(), 0);
    if (behind.isEmpty()) {
      tapes.rewind(dropping);
      reach = 0;
    }
    int start = behind.map(Window::steps).orElse(0);
    trace.ifPresent(t -> t.begin(start, lanes));
    Window joined = behind.map(before -> before.followedBy(window)).orElse(window);
    Links links = Links.whole(joined.steps());
    States states = new States(state, Optional.empty());
    double sum = 0;
    int longest = 0;
    // Whole blocks are remembered, and they may hold steps that a sweep must not go back over: what
    // a gradient is does not depend on blocks.
    int overlap = sliding.k2() - sliding.k1();
    int first = start - Math.min(overlap, reach);
    if (refresh) {
      tapes.again(first, state);
    }
    for (int from = start; from < joined.steps(); from += sliding.k1()) {
      int to = Math.min(joined.steps(), from + sliding.k1());
      Sweep sweep = new Sweep(from, to, Math.min(from, Math.max(first, to - sliding.k2())));
      tapes.release(sweep.backTo());
      sum += sweep(joined, links, sweep, states, gradient, divisor);
      longest = Math.max(longest, sweep.length());
    }
    reach = Math.min(overlap, joined.steps() - first);
    tapes.release(joined.steps() - reach);
    int gone = tapes.slide();
    behind = gone == joined.steps() ? Optional.empty() : Optional.of(joined.from(gone));
    return new Result(sum / divisor, longest);
  }

  /**
   * Puts what the next windows depend on: for those to slide over, everything that is remembered
   * behind them; and what is counted.
   */
  public void save(Snapshot.Writer to) {
    to.put("lanes", lanes).put("block_steps", blockSteps).put("resets", expectsResets);
    to.put("back_bytes", Math.max(backBytes, back.bytes()));
    to.put("behind", behind.isPresent()).put("reach", reach);
    behind.ifPresent(window -> SavedWindow.save(window, to.under("window")));
    tapes.save(behind.isPresent(), to.under("tapes"));
  }

  /**
   * Lets a fresh pass go on, bit for bit, as the one that was saved: of the same network, lanes and
   * steps of a block.
   *
   * @throws IllegalArgumentException if it was made for others
   */
  public void restore(Snapshot from) {
    from.whole("lanes", lanes, lanes);
    from.whole("block_steps", blockSteps, blockSteps);
    expectsResets = from.truth("resets");
    footprint = Footprint.of(network, lanes, blockSteps, expectsResets);
    backBytes = from.whole("back_bytes");
    boolean goesOn = from.truth("behind");
    behind = goesOn ? Optional.of(SavedWindow.read(from.under("window"))) : Optional.empty();
    reach = (int) from.whole("reach", 0, behind.map(Window::steps).orElse(0));
    tapes.restore(goesOn, from.under("tapes"));
    if (behind.isPresent()) {
      requireRemembered(behind.get());
    }
  }

  private void requireRemembered(Window window) {
    network.check(window);
    if (window.steps() != tapes.position() || window.lanes() != lanes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "what was read behind the window are %d steps of %d lanes but %d steps of %d lanes"
                  + " are remembered",
              window.steps(),
              window.lanes(),
              tapes.position(),
              lanes));
    }
  }

  /** The next window to slide over does not go on behind the last one. */
  public void forget() {
    behind = Optional.empty();
  }

  private void check(Weights weights, Window window, Links links, State state, double divisor) {
    if (window.lanes() != lanes || state.lanes() != lanes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the window has %d lanes and the state %d but the pass was made for %d",
              window.lanes(),
              state.lanes(),
              lanes));
    }
    if (!weights.layout().equals(layout)) {
      throw new IllegalArgumentException("the weights are not laid out as the network's");
    }
    links.requireFits(window.steps(), lanes);
    if (!(divisor > 0) || !(window.totalWeight() > 0)) {
      throw new IllegalArgumentException(
          "the losses would be divided by "
              + Math.min(divisor, window.totalWeight())
              + ": every step of the window is masked, and there is nothing to learn");
    }
    network.check(window);
  }
}
