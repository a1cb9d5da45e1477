package dev.lookback.gradient;

import dev.lookback.book.BookLoss;
import dev.lookback.book.BookWindow;
import dev.lookback.book.CellState;
import dev.lookback.book.ElmanLayer;
import dev.lookback.book.GruLayer;
import dev.lookback.book.Layer;
import dev.lookback.book.LstmLayer;
import dev.lookback.book.Phi;
import dev.lookback.book.RecurrentGradient;
import dev.lookback.book.RecurrentNetwork;
import dev.lookback.book.RecurrentTrace;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One random network of any cells with one window, for the engine and for the book.
 *
 * @param dropping what the dropout of the window is drawn from; nothing is dropped without
 */
record CellCase(
    Network network, Weights weights, Window window, State state, Optional<Randomness> dropping) {

  /** The cells there are. */
  enum Kind {
    LSTM,
    GRU_AFTER,
    GRU_BEFORE,
    ELMAN;

    Cell cell(int inputs, int hidden, Biases biases) {
      return switch (this) {
        case LSTM -> Lstm.of(inputs, hidden).with(biases);
        case GRU_AFTER -> Gru.of(inputs, hidden).with(biases);
        case GRU_BEFORE -> Gru.original(inputs, hidden).with(biases);
        case ELMAN -> Elman.of(inputs, hidden).with(biases);
      };
    }

    /** With the biases that the cell has of its own accord. */
    Cell cell(int inputs, int hidden) {
      return cell(inputs, hidden, this == GRU_AFTER ? Biases.BOTH : Biases.INPUT);
    }
  }

  /** What the engine made of a case. */
  record Outcome(double loss, float[] gradient, State byState, State end, Coupled coupled) {}

  /** Sizes that hit every tail and everything a network can have, layers of these kinds in turn. */
  static CellCase draw(long seed, List<Kind> kinds) {
    Randomness r = Randomness.of(seed).with(kinds.toString());
    List<Cell> cells = cells(r, kinds);
    boolean tokens = r.uniform(1) < 0.6;
    Readout readout =
        r.uniform(2) < 0.5
            ? Readout.softmax(1 + r.below(40, 3))
            : Readout.linear(1 + r.below(9, 3));
    Network network = new Network(cells, r.uniform(4) < 0.2 ? readout.withoutBias() : readout);
    if (tokens && r.uniform(5) < 0.5) {
      network = network.withEmbedding(1 + r.below(12, 6));
    }
    if (cells.size() > 1 && r.uniform(7) < 0.6) {
      network = network.withDropout(r.uniform(8) < 0.5 ? 0.2 : 0.5);
    }
    CellCase c = of(network, 1 + r.below(6, 9), 1 + r.below(36, 10), tokens, seed);
    if (r.uniform(11) < 0.5) {
      c = c.with(c.window.withReset(c.resets(seed)));
    }
    if (r.uniform(12) < 0.4) {
      c = c.with(c.window.startingAfresh());
    }
    if (r.uniform(13) < 0.5) {
      c = c.with(c.window.withWeight(c.sampleWeights(seed)));
    }
    return r.uniform(14) < 0.8 ? c.dropping(Randomness.of(seed).with("drop")) : c;
  }

  private static List<Cell> cells(Randomness r, List<Kind> kinds) {
    int[] hiddens = {1, 2, 3, 5, 8, 16, 17, 31, 32, 33, 40};
    Biases biases = List.of(Biases.values()).get(r.below(3, 20));
    boolean learned = r.uniform(21) < 0.5;
    List<Cell> cells = new ArrayList<>();
    int inputs = 1 + r.below(9, 22);
    for (int l = 0; l < 1 + r.below(3, 23); l++) {
      int hidden = hiddens[r.with(l).below(hiddens.length, 24)];
      Cell cell = kinds.get(l % kinds.size()).cell(inputs, hidden, biases);
      // Unbounded numbers under a gate of few units saturate it, and 1 - n^2 of an n that is nearly
      // 1 keeps three digits in any engine of floats.
      if (cell instanceof Elman elman && kinds.size() == 1) {
        cell = elman.with(List.of(Activation.values()).get(r.below(3, 25)));
      }
      cells.add(learned ? cell.withLearnedState() : cell);
      inputs = hidden;
    }
    return cells;
  }

  /** A network with random numbers everywhere, biases and learned states included. */
  static CellCase of(Network network, int lanes, int steps, boolean tokens, long seed) {
    Randomness r = Randomness.of(seed).with("numbers");
    Weights weights = network.initialize(Initialization.orthogonal(), seed);
    for (Tensor tensor : weights.layout().tensors()) {
      double noise = tensor.vector() ? 0.3 : 0.02;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        weights.values()[i] += (float) (noise * r.gaussian(i));
      }
    }
    int rows = steps * lanes;
    int outputs = network.readout().outputs();
    Inputs inputs =
        tokens
            ? new Inputs.Tokens(Case.ids(r.with("x"), rows, network.inputs()))
            : new Inputs.Dense(
                Case.numbers(r.with("x"), rows * network.inputs()), network.inputs());
    Targets targets =
        network.readout().kind() == Readout.Kind.SOFTMAX
            ? new Targets.Classes(Case.ids(r.with("y"), rows, outputs))
            : new Targets.Values(Case.numbers(r.with("y"), rows * outputs), outputs);
    State state = State.zeros(network, lanes);
    for (int l = 0; l < network.cells().size(); l++) {
      for (int p = 0; p < state.layer(l).length; p++) {
        float[] plane = state.layer(l)[p];
        float[] drawn = Case.numbers(r.with("state").with(l).with(p), plane.length);
        System.arraycopy(drawn, 0, plane, 0, plane.length);
      }
    }
    Window window = Window.of(steps, lanes, inputs, targets);
    return new CellCase(network, weights, window, state, Optional.empty());
  }

  CellCase with(Window other) {
    return new CellCase(network, weights, other, state, dropping);
  }

  CellCase dropping(Randomness randomness) {
    return new CellCase(network, weights, window, state, Optional.of(randomness));
  }

  /** Some rows of {@code [T, B]}, at least one. */
  boolean[] resets(long seed) {
    Randomness r = Randomness.of(seed).with("reset");
    boolean[] reset = new boolean[steps() * lanes()];
    for (int row = 0; row < reset.length; row++) {
      reset[row] = r.uniform(row) < 0.15;
    }
    reset[r.below(reset.length, -1)] = true;
    return reset;
  }

  /** 0, 1/2 or 1 for each row of {@code [T, B]}, the first of them 1. */
  float[] sampleWeights(long seed) {
    Randomness r = Randomness.of(seed).with("weight");
    float[] weight = new float[steps() * lanes()];
    for (int row = 0; row < weight.length; row++) {
      weight[row] = row == 0 ? 1 : r.below(3, row) / 2f;
    }
    return weight;
  }

  int steps() {
    return window.steps();
  }

  int lanes() {
    return window.lanes();
  }

  int layers() {
    return network.cells().size();
  }

  boolean drops() {
    return dropping.isPresent() && network.dropout() > 0;
  }

  /** The engine's gradient in blocks of a given number of steps. */
  Outcome engine(Coupling coupling, long seed, int blockSteps, Team team) {
    Pass pass = new Pass(network, lanes(), blockSteps, team);
    pass.drop(dropping);
    Weights gradient = Weights.zeros(network.layout());
    State byState = State.zeros(network, lanes());
    State end = state.copy();
    Coupled coupled = coupling.couple(steps(), lanes(), Randomness.of(seed));
    Pass.Result result = pass.run(weights, window, coupled, end, gradient, byState);
    return new Outcome(result.loss(), gradient.values(), byState, end, coupled);
  }

  /** The book's gradient for the sweeps and links that the engine took. */
  RecurrentGradient book(RecurrentTrace trace, Coupled coupled) {
    double[][] xi = new double[steps()][lanes()];
    for (int row = 0; row < steps() * lanes(); row++) {
      xi[t(row)][b(row)] = coupled.links().at(t(row), b(row));
    }
    List<dev.lookback.book.Sweep> sweeps =
        coupled.sweeps().stream()
            .map(s -> new dev.lookback.book.Sweep(s.injectFrom(), s.to(), s.backTo()))
            .toList();
    return RecurrentGradient.of(trace, bookLoss(), window.totalWeight(), xi, sweeps);
  }

  /** The book's way forward. */
  RecurrentTrace bookTrace() {
    CellState[][] entering = new CellState[layers()][lanes()];
    for (int l = 0; l < layers(); l++) {
      float[][] planes = state.layer(l);
      for (int b = 0; b < lanes(); b++) {
        double[] c = planes.length == 2 ? lane(planes[1], b) : new double[0];
        entering[l][b] = new CellState(lane(planes[0], b), c);
      }
    }
    return bookNetwork().forward(bookWindow(), entering);
  }

  private double[] lane(float[] plane, int b) {
    return row(plane, b, plane.length / lanes());
  }

  private RecurrentNetwork bookNetwork() {
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < layers(); l++) {
      Cell cell = network.cells().get(l);
      Layer layer = bookLayer(cell);
      layer = has("rnn.bias_ih_l" + l) ? layer.withInputBias() : layer;
      layer = has("rnn.bias_hh_l" + l) ? layer.withRecurrentBias() : layer;
      layers.add(cell.learnsState() ? layer.withLearnedStart() : layer);
    }
    RecurrentNetwork book = RecurrentNetwork.of(layers, network.readout().outputs());
    book = network.readout().bias() ? book : book.withoutReadoutBias();
    if (network.embedding().isPresent()) {
      book = book.withEmbedding(network.embedding().get().tokens());
    }
    return book.withParameters(row(weights.values(), 0, weights.values().length));
  }

  private boolean has(String tensor) {
    return network.layout().find(tensor).isPresent();
  }

  private static Layer bookLayer(Cell cell) {
    if (cell instanceof Lstm) {
      return LstmLayer.zeros(cell.inputs(), cell.hidden());
    } else if (cell instanceof Gru gru) {
      boolean after = gru.reset() == Gru.Reset.AFTER;
      return GruLayer.zeros(
          after ? GruLayer.Reset.AFTER_PRODUCT : GruLayer.Reset.BEFORE_PRODUCT,
          cell.inputs(),
          cell.hidden());
    }
    Phi phi = Phi.valueOf(((Elman) cell).activation().name());
    return ElmanLayer.zeros(phi, cell.inputs(), cell.hidden());
  }

  private BookWindow bookWindow() {
    boolean[][] reset = new boolean[steps()][lanes()];
    int[][] ids = new int[steps()][lanes()];
    double[][][] x = new double[steps()][lanes()][];
    for (int row = 0; row < steps() * lanes(); row++) {
      reset[t(row)][b(row)] = window.reset().isPresent() && window.reset().get()[row];
      if (window.inputs() instanceof Inputs.Tokens tokens) {
        ids[t(row)][b(row)] = tokens.ids()[row];
      } else if (window.inputs() instanceof Inputs.Dense dense) {
        x[t(row)][b(row)] = row(dense.values(), row, dense.width());
      }
    }
    boolean tokens = window.inputs() instanceof Inputs.Tokens;
    BookWindow book = tokens ? BookWindow.of(ids) : BookWindow.of(x);
    return book.withReset(reset).withMask(drops() ? masks() : new double[0][][][]);
  }

  /** The masks above all layers but the top one, {@code [layers - 1][T][B][H]}. */
  private double[][][][] masks() {
    double p = network.dropout();
    double[][][][] masks = new double[layers() - 1][steps()][lanes()][];
    for (int l = 0; l < masks.length; l++) {
      Randomness above = dropping.orElseThrow().with(l + 1);
      int hidden = network.cells().get(l).hidden();
      for (int row = 0; row < steps() * lanes(); row++) {
        double[] mask = new double[hidden];
        for (int j = 0; j < hidden; j++) {
          mask[j] = above.uniform((long) row * hidden + j) >= p ? 1 / (1 - p) : 0;
        }
        masks[l][t(row)][b(row)] = mask;
      }
    }
    return masks;
  }

  /** The book's loss with the window's weights. */
  BookLoss bookLoss() {
    double[][] weight = new double[steps()][lanes()];
    int[][] ids = new int[steps()][lanes()];
    double[][][] y = new double[steps()][lanes()][];
    for (int row = 0; row < steps() * lanes(); row++) {
      weight[t(row)][b(row)] = window.weight().isPresent() ? window.weight().get()[row] : 1;
      if (window.targets() instanceof Targets.Classes classes) {
        ids[t(row)][b(row)] = classes.ids()[row];
      } else if (window.targets() instanceof Targets.Values values) {
        y[t(row)][b(row)] = row(values.values(), row, values.width());
      }
    }
    boolean classes = window.targets() instanceof Targets.Classes;
    return new BookLoss.Weighted(
        classes ? new BookLoss.CrossEntropy(ids) : new BookLoss.HalfSquaredError(y), weight);
  }

  private int t(int row) {
    return row / lanes();
  }

  private int b(int row) {
    return row % lanes();
  }

  private static double[] row(float[] rows, int row, int width) {
    double[] result = new double[width];
    for (int j = 0; j < width; j++) {
      result[j] = rows[row * width + j];
    }
    return result;
  }
}
