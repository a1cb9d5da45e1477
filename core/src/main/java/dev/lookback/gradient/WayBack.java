package dev.lookback.gradient;

import dev.lookback.cell.Adjoint;
import dev.lookback.cell.Sizes;
import dev.lookback.loss.Loss;
import dev.lookback.loss.Loss.RowRange;
import dev.lookback.math.Team;
import dev.lookback.network.Layers;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The way back of a sweep, block by block, last block first: readout and loss of the block, then
 * each layer from the top. Owns what lives for one block only.
 */
final class WayBack {
  // Outputs at a time: sixteen megabytes, however large the vocabulary.
  private static final long MOST_OUTPUTS = 1 << 22;

  private final Network network;
  private final Layers layers;
  private Loss loss;
  private final Tapes tapes;
  private final Team team;
  private final int lanes;
  private final Adjoint[] adjoints;
  private final List<Optional<float[]>> below = new ArrayList<>();
  private final float[] embedded;
  private final float[] outputs;
  private final int outputSteps;

  /**
   * What is gone back through.
   *
   * @param gradient added to
   * @param scale what each loss is multiplied by
   */
  record Task(Window window, Links links, Sweep sweep, Weights gradient, double scale) {}

  WayBack(Network network, Layers layers, Tapes tapes, int lanes, Team team) {
    this.network = network;
    this.layers = layers;
    this.loss = Pass.lossOf(network.readout());
    this.tapes = tapes;
    this.team = team;
    this.lanes = lanes;
    this.adjoints = new Adjoint[network.cells().size()];
    int steps = tapes.capacity();
    for (int l = 0; l < adjoints.length; l++) {
      adjoints[l] = new Adjoint(network.cells().get(l), steps, lanes);
    }
    this.embedded = new float[embeddedNumbers(network, lanes, steps)];
    below.add(network.embedding().isPresent() ? Optional.of(embedded) : Optional.empty());
    for (int l = 1; l < adjoints.length; l++) {
      below.add(Optional.of(adjoints[l - 1].q()));
    }
    this.outputSteps = outputSteps(network, lanes, steps);
    this.outputs = new float[Sizes.of(outputSteps, lanes, network.readout().outputs())];
  }

  /** Takes another loss than the readout's. */
  void minimise(Loss loss) {
    this.loss = loss;
  }

  private static int embeddedNumbers(Network network, int lanes, int steps) {
    int width = network.cells().get(0).inputs();
    return network.embedding().isPresent() ? Sizes.of(steps, lanes, width) : 0;
  }

  private static int outputSteps(Network network, int lanes, int steps) {
    long step = (long) lanes * network.readout().outputs();
    return (int) Math.max(1, Math.min(steps, MOST_OUTPUTS / step));
  }

  /** Bytes of all its arrays, before there are any; windows with resets need more. */
  static long bytes(Network network, int lanes, int steps, boolean resets) {
    long sum =
        (long) outputSteps(network, lanes, steps) * lanes * network.readout().outputs()
            + embeddedNumbers(network, lanes, steps);
    sum *= Float.BYTES;
    for (int l = 0; l < network.cells().size(); l++) {
      sum += Adjoint.bytes(network.cells().get(l), steps, lanes, resets);
    }
    return sum;
  }

  /** Bytes of all its arrays. */
  long bytes() {
    long sum = ((long) outputs.length + embedded.length) * Float.BYTES;
    for (Adjoint adjoint : adjoints) {
      sum += adjoint.bytes();
    }
    return sum;
  }

  /** Begins a sweep: nothing comes back from beyond its end. */
  void begin() {
    for (Adjoint adjoint : adjoints) {
      adjoint.clearCarry();
    }
  }

  /**
   * Goes back through what the sweep has of a block, and returns the sum of the losses injected.
   */
  double through(Block block, Task task, Witness witness) {
    int from = Math.max(task.sweep().backTo(), block.start()) - block.start();
    int to = Math.min(task.sweep().to(), block.end()) - block.start();
    if (from >= to) {
      return 0;
    }
    int injectFrom = Math.max(from, task.sweep().injectFrom() - block.start());
    Stretch stretch = new Stretch(from, Math.min(injectFrom, to), to);
    double sum = inject(block, stretch, task, witness);
    for (int l = layers.count() - 1; l >= 0; l--) {
      layers
          .layer(l)
          .backward(
              tapes.span(task.window(), task.links(), block, l, from, to),
              block.tape(l),
              adjoints[l],
              below.get(l),
              task.gradient(),
              team);
      sendDown(block, l, from, to, task);
    }
    witness.crossed(block, from, to, adjoints, task.gradient());
    return sum;
  }

  /** Ends a sweep: what came back to learned initial states goes into their gradient. */
  void finish(Weights gradient) {
    for (int l = 0; l < adjoints.length; l++) {
      layers.layer(l).finish(adjoints[l], lanes, gradient);
    }
  }

  // From the inputs of layer l to what gave them: the layer below, or the embedding.
  private void sendDown(Block block, int l, int from, int to, Task task) {
    if (l > 0) {
      tapes.dropBackward(block, l, from, to, adjoints[l - 1].q());
    } else if (task.window().inputs() instanceof Inputs.Tokens x) {
      int row = from * lanes;
      int first = block.start() * lanes + row;
      int rows = (to - from) * lanes;
      layers.embedBackward(x.ids(), first, rows, embedded, row, task.gradient(), team);
    }
  }

  // Of a block the steps [from, to), and from which on losses are injected.
  private record Stretch(int from, int injectFrom, int to) {}

  // q of the top layer for the block's steps: through the losses of those injected, and nothing
  // before. Outputs live for this block only.
  private double inject(Block block, Stretch stretch, Task task, Witness witness) {
    int top = layers.count() - 1;
    int hidden = network.top().hidden();
    float[] q = adjoints[top].q();
    int injectFrom = stretch.injectFrom();
    Arrays.fill(q, stretch.from() * lanes * hidden, injectFrom * lanes * hidden, 0);
    float[] h = block.tape(top).plane(0);
    Window window = task.window();
    double sum = 0;
    // Last steps first, as everything on the way back.
    for (int end = stretch.to(); end > injectFrom; end -= outputSteps) {
      int first = Math.max(injectFrom, end - outputSteps);
      int rows = (end - first) * lanes;
      layers.read(h, (first + 1) * lanes, rows, outputs, team);
      RowRange range =
          new RowRange((block.start() + first) * lanes, rows, network.readout().outputs());
      witness.read(window, range.first(), rows, outputs);
      sum +=
          loss.lossAndGradient(
              outputs, range, window.targets(), window.weight(), task.scale(), team);
      witness.judged(range.first(), rows, outputs);
      int row = first * lanes;
      layers.readBackward(h, row + lanes, rows, outputs, q, row, task.gradient(), team);
    }
    return sum;
  }

  /** Adds what has come back to a state. */
  void addCarry(State sum) {
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
