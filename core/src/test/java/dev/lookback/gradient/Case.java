package dev.lookback.gradient;

import dev.lookback.book.BookLoss;
import dev.lookback.book.ElmanGradient;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Phi;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;

/** One random network with one window, for the engine and for the book. */
public record Case(
    Network network,
    Weights weights,
    Window window,
    State state,
    boolean[][] reset,
    double[][] weight) {

  public record Sizes(int layers, int inputs, int hidden, int outputs, int lanes, int steps) {}

  /** A case drawn from a seed: sizes that hit every tail, all activations and losses. */
  public static Case draw(long seed) {
    Randomness r = Randomness.of(seed);
    int[] hiddens = {1, 2, 3, 5, 8, 16, 17, 31, 32, 33, 40};
    Sizes sizes =
        new Sizes(
            1 + r.below(3, 1),
            1 + r.below(9, 2),
            hiddens[r.below(hiddens.length, 3)],
            1 + r.below(40, 4),
            1 + r.below(9, 5),
            1 + r.below(40, 6));
    Activation activation = List.of(Activation.values()).get(r.below(3, 7));
    boolean tokens = r.uniform(8) < 0.5;
    boolean classes = r.uniform(9) < 0.5;
    boolean masked = r.uniform(10) < 0.3;
    return of(sizes, activation, new boolean[] {tokens, classes, masked}, seed);
  }

  public static Case of(Sizes s, Activation activation, boolean[] tokensClassesMasked, long seed) {
    Randomness r = Randomness.of(seed).with("numbers");
    List<Cell> cells = new ArrayList<>();
    for (int l = 0; l < s.layers(); l++) {
      int inputs = l == 0 ? s.inputs() : s.hidden();
      cells.add(new Elman(inputs, s.hidden(), activation, Biases.INPUT));
    }
    Readout readout =
        tokensClassesMasked[1] ? Readout.softmax(s.outputs()) : Readout.linear(s.outputs());
    Network network = new Network(cells, readout);
    Weights weights = network.initialize(Initialization.orthogonal(), seed);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] += (float) (0.02 * r.gaussian(i));
    }
    int rows = s.steps() * s.lanes();
    Inputs inputs =
        tokensClassesMasked[0]
            ? new Inputs.Tokens(ids(r.with("x"), rows, s.inputs()))
            : new Inputs.Dense(numbers(r.with("x"), rows * s.inputs()), s.inputs());
    Targets targets =
        tokensClassesMasked[1]
            ? new Targets.Classes(ids(r.with("y"), rows, s.outputs()))
            : new Targets.Values(numbers(r.with("y"), rows * s.outputs()), s.outputs());
    Window window = Window.of(s.steps(), s.lanes(), inputs, targets);
    boolean[] reset = new boolean[rows];
    float[] weight = new float[rows];
    for (int i = 0; i < rows; i++) {
      reset[i] = tokensClassesMasked[2] && r.with("reset").uniform(i) < 0.15;
      weight[i] =
          tokensClassesMasked[2] ? (float) Math.floor(3 * r.with("weight").uniform(i)) / 2 : 1;
    }
    weight[0] = 1;
    if (tokensClassesMasked[2]) {
      window = window.withReset(reset).withWeight(weight);
    }
    State state = State.zeros(network, s.lanes());
    for (int l = 0; l < s.layers(); l++) {
      float[] h = state.layer(l)[0];
      System.arraycopy(numbers(r.with("h").with(l), h.length), 0, h, 0, h.length);
    }
    return new Case(
        network,
        weights,
        window,
        state,
        square(reset, s.steps(), s.lanes()),
        square(weight, s.steps(), s.lanes()));
  }

  public int steps() {
    return window.steps();
  }

  public int lanes() {
    return window.lanes();
  }

  /** The engine's gradient, with dL/dh0, in blocks of a given number of steps. */
  public Outcome engine(Coupling coupling, long seed, int blockSteps, Team team) {
    Pass pass = new Pass(network, lanes(), blockSteps, team);
    Weights gradient = Weights.zeros(network.layout());
    State stateGradient = State.zeros(network, lanes());
    State end = state.copy();
    Coupled coupled = coupling.couple(steps(), lanes(), Randomness.of(seed));
    Pass.Result result = pass.run(weights, window, coupled, end, gradient, stateGradient);
    return new Outcome(result.loss(), gradient.values(), stateGradient, end, coupled);
  }

  public record Outcome(double loss, float[] gradient, State h0, State end, Coupled coupled) {}

  public ElmanNetwork bookNetwork() {
    int[] widths = new int[network.cells().size() + 2];
    widths[0] = network.inputs();
    for (int l = 0; l < network.cells().size(); l++) {
      widths[l + 1] = network.cells().get(l).hidden();
    }
    widths[widths.length - 1] = network.readout().outputs();
    Phi phi = Phi.valueOf(((Elman) network.cells().get(0)).activation().name());
    double[] w = new double[weights.values().length];
    for (int i = 0; i < w.length; i++) {
      w[i] = weights.values()[i];
    }
    return ElmanNetwork.zeros(phi, widths).withParameters(w);
  }

  public ElmanTrace bookTrace(ElmanNetwork book) {
    double[][][] x = new double[steps()][lanes()][network.inputs()];
    double[][][] h0 = new double[network.cells().size()][lanes()][];
    for (int t = 0; t < steps(); t++) {
      for (int b = 0; b < lanes(); b++) {
        int row = t * lanes() + b;
        if (window.inputs() instanceof Inputs.Tokens tokens) {
          x[t][b][tokens.ids()[row]] = 1;
        } else if (window.inputs() instanceof Inputs.Dense dense) {
          for (int i = 0; i < dense.width(); i++) {
            x[t][b][i] = dense.values()[row * dense.width() + i];
          }
        }
      }
    }
    for (int l = 0; l < h0.length; l++) {
      int hidden = network.cells().get(l).hidden();
      for (int b = 0; b < lanes(); b++) {
        h0[l][b] = new double[hidden];
        for (int j = 0; j < hidden; j++) {
          h0[l][b][j] = state.layer(l)[0][b * hidden + j];
        }
      }
    }
    return book.forward(x, h0, reset);
  }

  public BookLoss bookLoss() {
    BookLoss loss;
    if (window.targets() instanceof Targets.Classes classes) {
      int[][] ids = new int[steps()][lanes()];
      for (int row = 0; row < steps() * lanes(); row++) {
        ids[row / lanes()][row % lanes()] = classes.ids()[row];
      }
      loss = new BookLoss.CrossEntropy(ids);
    } else {
      Targets.Values values = (Targets.Values) window.targets();
      double[][][] y = new double[steps()][lanes()][values.width()];
      for (int row = 0; row < steps() * lanes(); row++) {
        for (int j = 0; j < values.width(); j++) {
          y[row / lanes()][row % lanes()][j] = values.values()[row * values.width() + j];
        }
      }
      loss = new BookLoss.HalfSquaredError(y);
    }
    return new BookLoss.Weighted(loss, weight);
  }

  /** The book's gradient for the sweeps and links that the engine took. */
  public ElmanGradient book(Coupled coupled) {
    double[][] xi = new double[steps()][lanes()];
    for (int t = 0; t < steps(); t++) {
      for (int b = 0; b < lanes(); b++) {
        xi[t][b] = coupled.links().at(t, b);
      }
    }
    List<dev.lookback.book.Sweep> sweeps = new ArrayList<>();
    for (Sweep sweep : coupled.sweeps()) {
      sweeps.add(new dev.lookback.book.Sweep(sweep.injectFrom(), sweep.to(), sweep.backTo()));
    }
    return ElmanGradient.of(bookTrace(bookNetwork()), bookLoss(), window.totalWeight(), xi, sweeps);
  }

  static float[] numbers(Randomness r, int count) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) r.gaussian(i);
    }
    return x;
  }

  static int[] ids(Randomness r, int count, int bound) {
    int[] x = new int[count];
    for (int i = 0; i < count; i++) {
      x[i] = r.below(bound, i);
    }
    return x;
  }

  private static boolean[][] square(boolean[] flat, int steps, int lanes) {
    boolean[][] result = new boolean[steps][lanes];
    for (int row = 0; row < steps * lanes; row++) {
      result[row / lanes][row % lanes] = flat[row];
    }
    return result;
  }

  private static double[][] square(float[] flat, int steps, int lanes) {
    double[][] result = new double[steps][lanes];
    for (int row = 0; row < steps * lanes; row++) {
      result[row / lanes][row % lanes] = flat[row];
    }
    return result;
  }
}
