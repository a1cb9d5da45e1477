package dev.lookback.book;

import static dev.lookback.book.Matrices.scale;
import static dev.lookback.book.Run.Part.AFRESH;
import static dev.lookback.book.Run.Part.CLASSES;
import static dev.lookback.book.Run.Part.EMBEDDING;
import static dev.lookback.book.Run.Part.INPUT_BIAS;
import static dev.lookback.book.Run.Part.LEARNED;
import static dev.lookback.book.Run.Part.MASKS;
import static dev.lookback.book.Run.Part.READOUT_BIAS;
import static dev.lookback.book.Run.Part.RECURRENT_BIAS;
import static dev.lookback.book.Run.Part.RESETS;
import static dev.lookback.book.Run.Part.TOKENS;
import static dev.lookback.book.Run.Part.WEIGHTED;

import dev.lookback.book.BookWindow.Inputs;
import dev.lookback.book.BookWindow.Numbers;
import dev.lookback.book.BookWindow.Tokens;
import dev.lookback.book.GruLayer.Reset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A recurrent network with a window, a state, a loss, drawn from a seed. */
record Run(Cases cases, RecurrentTrace trace, BookLoss loss, double denominator) {

  enum Cell {
    TANH,
    RELU,
    IDENTITY,
    LSTM,
    GRU_AFTER,
    GRU_BEFORE;

    Layer zeros(int inputs, int hidden) {
      return switch (this) {
        case TANH, RELU, IDENTITY -> ElmanLayer.zeros(Phi.valueOf(name()), inputs, hidden);
        case LSTM -> LstmLayer.zeros(inputs, hidden);
        case GRU_AFTER -> GruLayer.zeros(Reset.AFTER_PRODUCT, inputs, hidden);
        case GRU_BEFORE -> GruLayer.zeros(Reset.BEFORE_PRODUCT, inputs, hidden);
      };
    }
  }

  /** What may be there or not. */
  enum Part {
    INPUT_BIAS,
    RECURRENT_BIAS,
    READOUT_BIAS,
    /** A learned state to start from. */
    LEARNED,
    TOKENS,
    /** Of tokens. */
    EMBEDDING,
    MASKS,
    RESETS,
    /** Every lane starts afresh at the first step. */
    AFRESH,
    /** Cross-entropy, and not squared error. */
    CLASSES,
    /** A weight for each loss. */
    WEIGHTED
  }

  /** Every part is in one variant and is missing in another. */
  static final List<Set<Part>> VARIANTS =
      List.of(
          Set.of(INPUT_BIAS, READOUT_BIAS, CLASSES),
          Set.of(INPUT_BIAS, RECURRENT_BIAS, READOUT_BIAS, LEARNED, RESETS),
          Set.of(RECURRENT_BIAS, MASKS, TOKENS, CLASSES, RESETS),
          Set.of(INPUT_BIAS, RECURRENT_BIAS, READOUT_BIAS, LEARNED, TOKENS, EMBEDDING, AFRESH),
          Set.of(
              INPUT_BIAS,
              READOUT_BIAS,
              LEARNED,
              TOKENS,
              EMBEDDING,
              MASKS,
              RESETS,
              CLASSES,
              WEIGHTED),
          Set.of(MASKS, LEARNED, AFRESH, RESETS, WEIGHTED));

  static Run of(List<Cell> cells, Set<Part> parts, long seed) {
    return of(cells, parts, new Cases(seed), new Cases(seed + 1).between(2, 5), 2);
  }

  static Run of(List<Cell> cells, Set<Part> parts, Cases cases, int steps, int lanes) {
    RecurrentNetwork network = network(cells, parts, cases);
    int known = network.embedding().length > 0 ? 4 : network.layers().get(0).inputs();
    Inputs inputs =
        parts.contains(TOKENS)
            ? new Tokens(cases.ids(steps, lanes, known))
            : new Numbers(cases.cube(steps, lanes, known));
    BookWindow window =
        new BookWindow(
            inputs,
            parts.contains(RESETS) ? cases.resets(steps, lanes) : new boolean[steps][lanes],
            parts.contains(MASKS) ? masks(network, cases, steps, lanes) : new double[0][][][]);
    if (parts.contains(AFRESH)) {
      window = window.startingAfresh();
    }
    BookLoss loss = cases.loss(parts.contains(CLASSES), steps, lanes, network.outputs());
    if (parts.contains(WEIGHTED)) {
      loss = new BookLoss.Weighted(loss, cases.matrix(steps, lanes));
    }
    RecurrentTrace trace = network.forward(window, state(network, cases, lanes));
    return new Run(cases, trace, loss, parts.contains(WEIGHTED) ? 2.5 : (double) steps * lanes);
  }

  private static RecurrentNetwork network(List<Cell> cells, Set<Part> parts, Cases cases) {
    List<Layer> layers = new ArrayList<>();
    int inputs = cases.between(1, 3);
    for (Cell cell : cells) {
      Layer layer = cell.zeros(inputs, cases.between(1, 3));
      layer = parts.contains(INPUT_BIAS) ? layer.withInputBias() : layer;
      layer = parts.contains(RECURRENT_BIAS) ? layer.withRecurrentBias() : layer;
      layers.add(parts.contains(LEARNED) ? layer.withLearnedStart() : layer);
      inputs = layer.hidden();
    }
    RecurrentNetwork network = RecurrentNetwork.of(layers, cases.between(2, 3));
    network = parts.contains(EMBEDDING) ? network.withEmbedding(4) : network;
    network = parts.contains(READOUT_BIAS) ? network : network.withoutReadoutBias();
    return network.withParameters(scale(0.7, cases.row(network.parameters().length)));
  }

  private static double[][][][] masks(RecurrentNetwork network, Cases cases, int steps, int lanes) {
    double[][][][] masks = new double[network.layers().size() - 1][][][];
    for (int l = 0; l < masks.length; l++) {
      masks[l] = cases.cube(steps, lanes, network.layers().get(l).hidden());
      for (double[][] step : masks[l]) {
        for (double[] row : step) {
          for (int j = 0; j < row.length; j++) {
            row[j] = row[j] < -0.5 ? 0 : 1.25;
          }
        }
      }
    }
    return masks;
  }

  private static CellState[][] state(RecurrentNetwork network, Cases cases, int lanes) {
    CellState[][] zeros = network.zeroState(lanes);
    return shaped(scale(0.5, cases.row(flatten(zeros).length)), zeros);
  }

  int steps() {
    return trace.steps();
  }

  int lanes() {
    return trace.lanes();
  }

  RecurrentGradient gradient(double[][] xi, List<Sweep> sweeps) {
    return RecurrentGradient.of(trace, loss, denominator, xi, sweeps);
  }

  RecurrentGradient full() {
    return gradient(Xi.whole(steps(), lanes()), List.of(Sweep.full(steps())));
  }

  /** The inputs with {@code flat} for their numbers. */
  static Inputs shaped(double[] flat, Inputs like) {
    return like instanceof Numbers numbers ? new Numbers(Cases.shaped(flat, numbers.x())) : like;
  }

  static double[] flatten(CellState[][] states) {
    List<double[]> rows = new ArrayList<>();
    for (CellState[] row : states) {
      for (CellState state : row) {
        rows.addAll(List.of(state.h(), state.c()));
      }
    }
    return Matrices.flatten(rows.toArray(double[][]::new));
  }

  static double[] flatten(CellState[][][] states) {
    double[][] layers = new double[states.length][];
    for (int l = 0; l < layers.length; l++) {
      layers[l] = flatten(states[l]);
    }
    return Matrices.flatten(layers);
  }

  /** {@code flat} in the shape of {@code like}. */
  static CellState[][] shaped(double[] flat, CellState[][] like) {
    return shaped(flat, new CellState[][][] {like})[0];
  }

  static CellState[][][] shaped(double[] flat, CellState[][][] like) {
    CellState[][][] shaped = new CellState[like.length][][];
    int at = 0;
    for (int l = 0; l < like.length; l++) {
      shaped[l] = new CellState[like[l].length][];
      for (int t = 0; t < like[l].length; t++) {
        shaped[l][t] = new CellState[like[l][t].length];
        for (int b = 0; b < like[l][t].length; b++) {
          shaped[l][t][b] = like[l][t][b].zeros();
          for (double[] part : List.of(shaped[l][t][b].h(), shaped[l][t][b].c())) {
            System.arraycopy(flat, at, part, 0, part.length);
            at += part.length;
          }
        }
      }
    }
    return shaped;
  }
}
