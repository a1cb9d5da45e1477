package dev.lookback.gradient;

import dev.lookback.cell.Adjoint;
import dev.lookback.cell.Sizes;
import dev.lookback.loss.Loss;
import dev.lookback.loss.Loss.RowRange;
import dev.lookback.loss.SoftmaxCrossEntropy;
import dev.lookback.loss.SquaredError;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Layers;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  // Outputs at a time: sixteen megabytes, however large the vocabulary.
  private static final long MOST_OUTPUTS = 1 << 22;

  private final Network network;
  private final Layout layout;
  private final Layers layers;
  private final Loss loss;
  private final Team team;
  private final int lanes;
  private final int blockSteps;
  private final Tapes tapes;
  private final Adjoint[] adjoints;
  private final List<Optional<float[]>> below = new ArrayList<>();
  private final float[] embedded;
  private final float[] outputs;
  private final int outputSteps;
  private Optional<Randomness> dropping = Optional.empty();
  private Borders borders = NOBODY;

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
    if (lanes < 1 || blockSteps < 1) {
      throw new IllegalArgumentException(
          lanes + " lanes in blocks of " + blockSteps + " steps: both have to be 1 or more");
    }
    this.network = network;
    this.layout = network.layout();
    this.layers = new Layers(network);
    this.loss = lossOf(network.readout());
    this.team = team;
    this.lanes = lanes;
    this.blockSteps = blockSteps;
    this.tapes = new Tapes(network, layers, lanes, blockSteps, team);
    this.adjoints = new Adjoint[network.cells().size()];
    for (int l = 0; l < adjoints.length; l++) {
      adjoints[l] = new Adjoint(network.cells().get(l), blockSteps, lanes);
    }
    boolean embeds = network.embedding().isPresent();
    int width = network.cells().get(0).inputs();
    this.embedded = new float[embeds ? Sizes.of(blockSteps, lanes, width) : 0];
    below.add(embeds ? Optional.of(embedded) : Optional.empty());
    for (int l = 1; l < adjoints.length; l++) {
      below.add(Optional.of(adjoints[l - 1].q()));
    }
    long step = (long) lanes * network.readout().outputs();
    this.outputSteps = (int) Math.max(1, Math.min(blockSteps, MOST_OUTPUTS / step));
    this.outputs = new float[Sizes.of(outputSteps, lanes, network.readout().outputs())];
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
    long sum = tapes.bytes() + ((long) outputs.length + embedded.length) * Float.BYTES;
    for (Adjoint adjoint : adjoints) {
      sum += adjoint.bytes();
    }
    return sum;
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

  private void lastLossBack(Weights weights, Window window, State state, Borders crossed) {
    float[] last = new float[window.steps() * lanes];
    Arrays.fill(last, last.length - lanes, last.length, 1);
    borders = crossed;
    try {
      Coupled exact = Coupling.full().couple(window.steps(), lanes, Randomness.of(0));
      run(weights, window.withWeight(last), exact, state, Weights.zeros(network.layout()));
    } finally {
      borders = NOBODY;
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

  private interface Borders {
    void crossed(int step, Adjoint[] adjoints);
  }

  private static final Borders NOBODY = (step, adjoints) -> {};

  private record States(State state, Optional<State> gradient) {}

  private Result run(
      Weights weights,
      Window window,
      Coupled coupled,
      States states,
      Weights gradient,
      double divisor) {
    check(weights, window, coupled, states.state(), divisor);
    layers.pack(weights, team);
    Arrays.fill(gradient.values(), 0);
    tapes.rewind(dropping);
    double sum = 0;
    for (Sweep sweep : coupled.sweeps()) {
      tapes.release(sweep.backTo());
      tapes.forward(window, coupled.links(), sweep.to(), states.state());
      sum += backward(window, coupled.links(), sweep, gradient, 1 / divisor);
      if (sweep.backTo() == 0 && states.gradient().isPresent()) {
        addCarry(states.gradient().get());
      }
    }
    return new Result(sum / window.totalWeight(), coupled.longestSegment());
  }

  private void check(Weights weights, Window window, Coupled coupled, State state, double divisor) {
    if (window.lanes() != lanes || state.lanes() != lanes) {
      throw new IllegalArgumentException(
          String.format(
              "the window has %d lanes and the state %d but the pass was made for %d",
              window.lanes(), state.lanes(), lanes));
    }
    if (!weights.layout().equals(layout)) {
      throw new IllegalArgumentException("the weights are not laid out as the network's");
    }
    coupled.links().requireFits(window.steps(), lanes);
    if (!(divisor > 0) || !(window.totalWeight() > 0)) {
      throw new IllegalArgumentException(
          "the losses would be divided by "
              + Math.min(divisor, window.totalWeight())
              + ": every step of the window is masked, and there is nothing to learn");
    }
    network.check(window);
  }

  private double backward(Window window, Links links, Sweep sweep, Weights gradient, double scale) {
    for (Adjoint adjoint : adjoints) {
      adjoint.clearCarry();
    }
    double sum = 0;
    List<Tapes.Block> live = tapes.live();
    for (int i = live.size() - 1; i >= 0; i--) {
      Tapes.Block block = live.get(i);
      int from = Math.max(sweep.backTo(), block.start()) - block.start();
      int to = Math.min(sweep.to(), block.end()) - block.start();
      if (from >= to) {
        continue;
      }
      int injectFrom = Math.max(from, sweep.injectFrom() - block.start());
      sum += inject(window, block, from, Math.min(injectFrom, to), to, gradient, scale);
      for (int l = layers.count() - 1; l >= 0; l--) {
        layers
            .layer(l)
            .backward(
                tapes.span(window, links, block, l, from, to),
                block.tape(l),
                adjoints[l],
                below.get(l),
                gradient,
                team);
        sendDown(window, block, l, from, to, gradient);
      }
      borders.crossed(block.start() + from, adjoints);
    }
    for (int l = 0; l < adjoints.length; l++) {
      layers.layer(l).finish(adjoints[l], lanes, gradient);
    }
    return sum;
  }

  // From the inputs of layer l to what gave them: the layer below, or the embedding.
  private void sendDown(
      Window window, Tapes.Block block, int l, int from, int to, Weights gradient) {
    if (l > 0) {
      tapes.dropBackward(block, l, from, to, adjoints[l - 1].q());
    } else if (window.inputs() instanceof Inputs.Tokens x) {
      int row = from * lanes;
      int first = block.start() * lanes + row;
      layers.embedBackward(x.ids(), first, (to - from) * lanes, embedded, row, gradient, team);
    }
  }

  // q of the top layer for the block's steps [from, to): through the losses of [injectFrom, to),
  // and nothing before. Outputs live for this block only.
  private double inject(
      Window window,
      Tapes.Block block,
      int from,
      int injectFrom,
      int to,
      Weights gradient,
      double scale) {
    int top = layers.count() - 1;
    int hidden = network.top().hidden();
    float[] q = adjoints[top].q();
    Arrays.fill(q, from * lanes * hidden, injectFrom * lanes * hidden, 0);
    float[] h = block.tape(top).plane(0);
    double sum = 0;
    // Last steps first, as everything on the way back.
    for (int end = to; end > injectFrom; end -= outputSteps) {
      int first = Math.max(injectFrom, end - outputSteps);
      int rows = (end - first) * lanes;
      layers.read(h, (first + 1) * lanes, rows, outputs, team);
      RowRange range =
          new RowRange((block.start() + first) * lanes, rows, network.readout().outputs());
      sum += loss.lossAndGradient(outputs, range, window.targets(), window.weight(), scale, team);
      int row = first * lanes;
      layers.readBackward(h, row + lanes, rows, outputs, q, row, gradient, team);
    }
    return sum;
  }

  private void addCarry(State sum) {
    for (int l = 0; l < adjoints.length; l++) {
      for (int p = 0; p < sum.layer(l).length; p++) {
        float[] carry = adjoints[l].carry()[p];
        for (int i = 0; i < carry.length; i++) {
          sum.layer(l)[p][i] += carry[i];
        }
      }
    }
  }
}
