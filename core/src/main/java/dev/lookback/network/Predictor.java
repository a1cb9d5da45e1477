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
import java.util.Locale;

/**
 * A network that only goes forward: sequences block by block, or one step at a time. Keeps one
 * block's states and outputs, however long the sequence.
 *
 * <p>The weights must not change between {@link #pack} and the next use. Not for use by two threads
 * at a time: a service, with a state for each of many streams, wants a {@link StreamPredictor}.
 */
public final class Predictor {
  private static final int BLOCK_ROWS = 256;
  private static final int MOST_STEPS = 32;
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
  // Never told of resets.
  private final Span plain = new Span();

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
    this(
        network,
        new Layers(network),
        lanes,
        Math.max(1, Math.min(MOST_STEPS, BLOCK_ROWS / lanes)),
        team);
    layers.pack(weights, team);
  }

  /** On packed layers that others use too, in blocks of {@code capacity} steps. */
  Predictor(Network network, Layers layers, int lanes, int capacity, Team team) {
    this.network = network;
    this.layers = layers;
    this.team = team;
    this.lanes = lanes;
    this.capacity = capacity;
    this.tapes = new Tape[network.cells().size()];
    for (int l = 0; l < tapes.length; l++) {
      tapes[l] = new Tape(network.cells().get(l), capacity, lanes);
    }
    int width = network.cells().get(0).inputs();
    boolean embeds = network.embedding().isPresent();
    this.embedded =
        new Inputs.Dense(new float[embeds ? Sizes.of(capacity, lanes, width) : 0], width);
    this.outputs = new float[Sizes.of(capacity, lanes, network.readout().outputs())];
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
              Locale.ROOT,
              "the window has %d lanes and the state %d but the predictor was made for %d",
              window.lanes(),
              state.lanes(),
              lanes));
    }
    network.check(window);
    for (int start = 0; start < window.steps(); start += capacity) {
      int steps = Math.min(capacity, window.steps() - start);
      for (int l = 0; l < tapes.length; l++) {
        tapes[l].enter(state.layer(l));
      }
      span.steps(start, 0, steps).of(window, NO_LINKS);
      forward(span, window.inputs(), start * lanes);
      for (int l = 0; l < tapes.length; l++) {
        tapes[l].leave(steps, state.layer(l));
      }
      visitor.visit(start, steps, outputs);
    }
  }

  /** Copies in the state of one stream, which enters a lane. */
  void enter(int lane, State stream) {
    for (int l = 0; l < tapes.length; l++) {
      float[][] planes = stream.layer(l);
      for (int p = 0; p < planes.length; p++) {
        int hidden = planes[p].length;
        System.arraycopy(planes[p], 0, tapes[l].plane(p), lane * hidden, hidden);
      }
    }
  }

  /** Copies out the state of a lane after {@code steps} steps. */
  void leave(int steps, int lane, State stream) {
    for (int l = 0; l < tapes.length; l++) {
      float[][] planes = stream.layer(l);
      for (int p = 0; p < planes.length; p++) {
        int hidden = planes[p].length;
        int from = (steps * lanes + lane) * hidden;
        System.arraycopy(tapes[l].plane(p), from, planes[p], 0, hidden);
      }
    }
  }

  /**
   * Computes up to {@code capacity} steps without resets from the states that have entered. Lane 0
   * of the first reads row {@code row} of the inputs, which fit the network.
   *
   * @return {@code [steps, B, O]}, overwritten by the next call
   */
  float[] forward(Inputs inputs, int row, int steps) {
    forward(plain.steps(0, 0, steps), inputs, row);
    return outputs;
  }

  private void forward(Span steps, Inputs inputs, int row) {
    for (int l = 0; l < tapes.length; l++) {
      read(steps, inputs, row, l);
      layers.layer(l).forward(steps, tapes[l], team);
    }
    Tape top = tapes[tapes.length - 1];
    layers.read(top.plane(0), lanes, steps.steps() * lanes, outputs, team);
  }

  private void read(Span steps, Inputs inputs, int row, int l) {
    if (l > 0) {
      steps.reading(tapes[l - 1].outputs(), lanes);
    } else if (network.embedding().isPresent() && inputs instanceof Inputs.Tokens x) {
      layers.embed(x.ids(), row, steps.steps() * lanes, embedded.values(), 0);
      steps.reading(embedded, 0);
    } else {
      steps.reading(inputs, row);
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

  /** The probabilities of classes: softmax of one step's outputs {@code [O]}, in double. */
  public static double[] softmax(float[] outputs) {
    return softmax(outputs, 0, outputs.length, 1);
  }

  /**
   * The logarithms of the probabilities of classes, in double.
   *
   * <pre>
   *   log softmax(o)_j = (o_j - m) - log sum_k exp(o_k - m),   m = max_k o_k
   * </pre>
   *
   * @param outputs one step's, {@code [O]}
   */
  public static double[] logSoftmax(float[] outputs) {
    double max = Double.NEGATIVE_INFINITY;
    for (float o : outputs) {
      max = Math.max(max, o);
    }
    double sum = 0;
    for (float o : outputs) {
      sum += StrictMath.exp(o - max);
    }
    double logSum = StrictMath.log(sum);
    double[] log = new double[outputs.length];
    for (int j = 0; j < log.length; j++) {
      log[j] = outputs[j] - max - logSum;
    }
    return log;
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
