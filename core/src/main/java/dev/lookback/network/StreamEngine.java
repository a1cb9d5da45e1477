package dev.lookback.network;

import dev.lookback.math.Team;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import java.util.List;

/**
 * What one thread steps streams with: packed weights, and a predictor for one stream and for two,
 * four, ... of them at once. A lane's numbers do not depend on what stands beside it, so that it
 * makes no difference in which of them a stream is.
 */
final class StreamEngine {
  // Beyond this the products gain nothing from more rows.
  private static final int MOST_LANES = 256;
  // Of a sequence: its inputs are projected so many at a time.
  private static final int BLOCK = 32;

  private final Network network;
  private final Team team;
  private final Layers layers;
  // Entry i for 2^i lanes; made when needed.
  private final Predictor[] predictors = new Predictor[9];
  private final boolean[] made = new boolean[predictors.length];
  private final Inputs.Tokens token = new Inputs.Tokens(new int[1]);
  private final Inputs.Dense row;
  private final int outputs;

  StreamEngine(Network network, Weights weights, Team team) {
    this.network = network;
    this.team = team;
    this.layers = new Layers(network);
    this.outputs = network.readout().outputs();
    int width = network.embedding().isPresent() ? 0 : network.inputs();
    this.row = new Inputs.Dense(new float[width], width);
    layers.pack(weights, team);
  }

  /** One step of a stream whose input is a token. */
  void step(State stream, int id, float[] to) {
    token.ids()[0] = id;
    advance(stream, token, 1, to);
  }

  /** One step of a stream whose input is a row of numbers. */
  void step(State stream, float[] x, float[] to) {
    System.arraycopy(x, 0, row.values(), 0, row.width());
    advance(stream, row, 1, to);
  }

  /** So many steps of a stream; {@code to} takes {@code [T, O]}. */
  void advance(State stream, Inputs inputs, int steps, float[] to) {
    Predictor predictor = predictor(0);
    for (int start = 0; start < steps; start += BLOCK) {
      int count = Math.min(BLOCK, steps - start);
      predictor.enter(0, stream);
      float[] o = predictor.forward(inputs, start, count);
      predictor.leave(count, 0, stream);
      System.arraycopy(o, 0, to, start * outputs, count * outputs);
    }
  }

  /** A step of each of these streams; row i of the inputs and of {@code to} is stream i's. */
  void step(List<State> streams, Inputs inputs, float[] to) {
    for (int start = 0; start < streams.size(); ) {
      int left = streams.size() - start;
      int lanes = Math.min(MOST_LANES, Integer.highestOneBit(left));
      Predictor predictor = predictor(Integer.numberOfTrailingZeros(lanes));
      for (int b = 0; b < lanes; b++) {
        predictor.enter(b, streams.get(start + b));
      }
      float[] o = predictor.forward(inputs, start, 1);
      for (int b = 0; b < lanes; b++) {
        predictor.leave(1, b, streams.get(start + b));
      }
      System.arraycopy(o, 0, to, start * outputs, lanes * outputs);
      start += lanes;
    }
  }

  private Predictor predictor(int power) {
    if (!made[power]) {
      predictors[power] = new Predictor(network, layers, 1 << power, power == 0 ? BLOCK : 1, team);
      made[power] = true;
    }
    return predictors[power];
  }
}
