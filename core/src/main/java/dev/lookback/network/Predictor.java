package dev.lookback.network;

import dev.lookback.cell.Sizes;
import dev.lookback.cell.Span;
import dev.lookback.cell.Tape;
import dev.lookback.math.Team;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Arrays;

/**
 * A network that only goes forward: sequences block by block, or one step at a time. Keeps one
 * block's states and outputs, however long the sequence.
 *
 * <p>The weights must not change between {@link #pack} and the next use. Not for use by two threads
 * at a time.
 */
public final class Predictor {
  private static final int BLOCK_ROWS = 256;
  // xi has no part in the way forward.
  private static final Links NO_LINKS = Links.whole(1);

  private final Network network;
  private final Layers layers;
  private final Team team;
  private final int lanes;
  private final int capacity;
  private final Tape[] tapes;
  private final Inputs.Dense embedded;
  private final float[] outputs;
  private final Span span = new Span();

  /** Takes a block's outputs. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * The outputs of some steps.
     *
     * @param firstStep the window's step that stands first
     * @param steps how many
     * @param outputs {@code [steps, B, O]}; may be overwritten, and is when the next block comes
     */
    void visit(int firstStep, int steps, float[] outputs);
  }

  /** For so many lanes, with the weights as they are now. */
  public Predictor(Network network, Weights weights, int lanes, Team team) {
    this.network = network;
    this.layers = new Layers(network);
    this.team = team;
    this.lanes = lanes;
    this.capacity = Math.max(1, Math.min(32, BLOCK_ROWS / lanes));
    this.tapes = new Tape[network.cells().size()];
    for (int l = 0; l < tapes.length; l++) {
      tapes[l] = new Tape(network.cells().get(l), capacity, lanes);
    }
    int width = network.cells().get(0).inputs();
    boolean embeds = network.embedding().isPresent();
    this.embedded =
        new Inputs.Dense(new float[embeds ? Sizes.of(capacity, lanes, width) : 0], width);
    this.outputs = new float[Sizes.of(capacity, lanes, network.readout().outputs())];
    layers.pack(weights, team);
  }

  /** Takes other weights. */
  public void pack(Weights weights) {
    layers.pack(weights, team);
  }

  /** Goes over the window; {@code state} enters and is left at the state after the last step. */
  public void run(Window window, State state, Visitor visitor) {
    if (window.lanes() != lanes || state.lanes() != lanes) {
      throw new IllegalArgumentException(
          String.format(
              "the window has %d lanes and the state %d but the predictor was made for %d",
              window.lanes(), state.lanes(), lanes));
    }
    network.check(window);
    for (int start = 0; start < window.steps(); start += capacity) {
      int steps = Math.min(capacity, window.steps() - start);
      for (int l = 0; l < tapes.length; l++) {
        tapes[l].enter(state.layer(l));
        span.steps(start, 0, steps).of(window, NO_LINKS);
        read(window, start, steps, l);
        layers.layer(l).forward(span, tapes[l], team);
        tapes[l].leave(steps, state.layer(l));
      }
      Tape top = tapes[tapes.length - 1];
      layers.read(top.plane(0), lanes, steps * lanes, outputs, team);
      visitor.visit(start, steps, outputs);
    }
  }

  private void read(Window window, int start, int steps, int l) {
    if (l > 0) {
      span.reading(tapes[l - 1].outputs(), lanes);
    } else if (network.embedding().isPresent() && window.inputs() instanceof Inputs.Tokens x) {
      layers.embed(x.ids(), start * lanes, steps * lanes, embedded.values(), 0);
      span.reading(embedded, 0);
    } else {
      span.reading(window.inputs(), start * lanes);
    }
  }

  /**
   * One step of every lane.
   *
   * @param ids a token for each lane
   * @return o, {@code [B, O]}, in an array of its own
   */
  public float[] step(int[] ids, State state) {
    Window window = Window.of(1, lanes, new Inputs.Tokens(ids), new Targets.Classes(ids));
    float[] result = new float[lanes * network.readout().outputs()];
    run(window, state, (first, steps, o) -> System.arraycopy(o, 0, result, 0, result.length));
    return result;
  }

  /** The outputs of a whole window, {@code [T, B, O]}. */
  public float[] outputs(Window window, State state) {
    int width = lanes * network.readout().outputs();
    float[] all = new float[Math.multiplyExact(window.steps(), width)];
    run(
        window,
        state,
        (first, steps, o) -> System.arraycopy(o, 0, all, first * width, steps * width));
    return all;
  }

  /** B. */
  public int lanes() {
    return lanes;
  }

  /** Softmax of one row of outputs divided by a temperature, in double. */
  public static double[] softmax(float[] outputs, int from, int count, double temperature) {
    double[] p = new double[count];
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < count; j++) {
      p[j] = outputs[from + j] / temperature;
      max = Math.max(max, p[j]);
    }
    double sum = 0;
    for (int j = 0; j < count; j++) {
      p[j] = StrictMath.exp(p[j] - max);
      sum += p[j];
    }
    double total = sum;
    Arrays.setAll(p, j -> p[j] / total);
    return p;
  }
}
