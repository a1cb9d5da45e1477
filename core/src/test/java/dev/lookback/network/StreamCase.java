package dev.lookback.network;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A network with random numbers everywhere, and the inputs of some streams. */
record StreamCase(Network network, Weights weights, Form form, List<Inputs> streams, int steps) {
  static final int SYMBOLS = 7;

  /** What goes in. */
  enum Form {
    ONE_HOT,
    EMBEDDED,
    ROWS
  }

  /** The cells there are. */
  enum Kind {
    ELMAN,
    RELU,
    GRU,
    GRU_ORIGINAL,
    LSTM;

    private Cell cell(int inputs, int hidden) {
      return switch (this) {
        case ELMAN -> Elman.of(inputs, hidden);
        case RELU -> Elman.of(inputs, hidden).with(Activation.RELU);
        case GRU -> Gru.of(inputs, hidden);
        case GRU_ORIGINAL -> Gru.original(inputs, hidden);
        case LSTM -> Lstm.of(inputs, hidden);
      };
    }
  }

  static StreamCase of(Kind kind, int layers, Form form, int streams, int steps) {
    List<Cell> cells = new ArrayList<>();
    int below = form == Form.EMBEDDED ? 5 : SYMBOLS;
    for (int l = 0; l < layers; l++) {
      int hidden = 17 - 3 * l;
      Cell cell = kind.cell(below, hidden);
      cells.add(l % 2 == 0 ? cell.withLearnedState() : cell);
      below = hidden;
    }
    Network network = new Network(cells, Readout.softmax(6));
    network = form == Form.EMBEDDED ? network.withEmbedding(SYMBOLS) : network;
    Randomness r = Randomness.of(layers).with(kind.name()).with(form.name());
    Weights weights = network.initialize(Initialization.orthogonal(), layers);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] += (float) (0.2 * r.gaussian(i));
    }
    List<Inputs> inputs = new ArrayList<>();
    for (int s = 0; s < streams; s++) {
      inputs.add(inputs(form, steps, r.with(s)));
    }
    return new StreamCase(network, weights, form, inputs, steps);
  }

  private static Inputs inputs(Form form, int steps, Randomness r) {
    if (form == Form.ROWS) {
      float[] rows = new float[steps * SYMBOLS];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) r.gaussian(i);
      }
      return new Inputs.Dense(rows, SYMBOLS);
    }
    int[] ids = new int[steps];
    for (int t = 0; t < steps; t++) {
      ids[t] = r.below(SYMBOLS, t);
    }
    return new Inputs.Tokens(ids);
  }

  int outputs() {
    return network.readout().outputs();
  }

  /** All outputs of a stream alone, as one window of one lane; the state is left in {@code end}. */
  float[] whole(int stream, State end, Team team) {
    Targets targets = new Targets.Classes(new int[steps]);
    Window window = Window.of(steps, 1, streams.get(stream), targets);
    return new Predictor(network, weights, 1, team).outputs(window, end);
  }

  State begin() {
    return State.initial(network, weights, 1);
  }

  /** One step of a stream. */
  float[] step(StreamPredictor<Integer> predictor, int stream, int t) {
    return step(predictor, stream, stream, t);
  }

  /** One step with a stream's input, of the stream that goes by another id. */
  <K> float[] step(StreamPredictor<K> predictor, K id, int stream, int t) {
    if (streams.get(stream) instanceof Inputs.Dense x) {
      return predictor.step(id, Arrays.copyOfRange(x.values(), t * SYMBOLS, (t + 1) * SYMBOLS));
    }
    return predictor.step(id, ((Inputs.Tokens) streams.get(stream)).ids()[t]);
  }

  /** The steps [from, to) of a stream as a sequence. */
  float[] steps(StreamPredictor<Integer> predictor, int stream, int from, int to) {
    Inputs part = streams.get(stream).rows(from, to);
    return part instanceof Inputs.Dense x
        ? predictor.steps(stream, x.values())
        : predictor.steps(stream, ((Inputs.Tokens) part).ids());
  }

  /** Step t of several streams at once. */
  float[] stepAll(StreamPredictor<Integer> predictor, List<Integer> ids, int t) {
    if (form == Form.ROWS) {
      float[] rows = new float[ids.size() * SYMBOLS];
      for (int i = 0; i < ids.size(); i++) {
        float[] x = ((Inputs.Dense) streams.get(ids.get(i))).values();
        System.arraycopy(x, t * SYMBOLS, rows, i * SYMBOLS, SYMBOLS);
      }
      return predictor.stepAll(ids, rows);
    }
    int[] tokens =
        ids.stream().mapToInt(id -> ((Inputs.Tokens) streams.get(id)).ids()[t]).toArray();
    return predictor.stepAll(ids, tokens);
  }

  float[] at(float[] outputs, int t) {
    return Arrays.copyOfRange(outputs, t * outputs(), (t + 1) * outputs());
  }
}
