package dev.lookback.testkit;

import dev.lookback.book.BookLoss;
import dev.lookback.book.BookWindow;
import dev.lookback.book.CellState;
import dev.lookback.book.LstmLayer;
import dev.lookback.book.RecurrentGradient;
import dev.lookback.book.RecurrentNetwork;
import dev.lookback.book.RecurrentTrace;
import dev.lookback.cell.Lstm;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Sweep;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Whether a coupling of one's own keeps what it promises.
 *
 * <pre>{@code
 * CouplingCheck.of(new OneCut()).all();
 * CouplingCheck.of(new OneCut()).unbiased(5, 2, outcomes);
 * }</pre>
 *
 * <p>Every check throws an {@link AssertionError} that says what is wrong and by how much.
 *
 * @param coupling what is checked
 */
public record CouplingCheck(Coupling coupling) {
  private static final int MOST_STEPS = 24;
  private static final int DRAWS = 64;
  private static final double BY_THE_BOOK = 3e-5;

  /**
   * One of the ways in which the chance of a coupling may fall out.
   *
   * @param coupled what it is then
   * @param probability how likely that is, above 0
   */
  public record Outcome(Coupled coupled, double probability) {}

  /** Checks of this coupling. */
  public static CouplingCheck of(Coupling coupling) {
    return new CouplingCheck(coupling);
  }

  /** Every check that needs to be told nothing else. */
  public void all() {
    value();
    gradient();
  }

  /**
   * For windows of 1 to 24 steps: the coupling is a function of what it is given, and of randomness
   * only if it says that it is drawn; it fits the window, has finite xi, and is exact if it says
   * so.
   */
  public void value() {
    require(!coupling.label().isBlank(), "it has no label, which tables and files need");
    for (int steps = 1; steps <= MOST_STEPS; steps++) {
      for (int lanes : new int[] {1, 3}) {
        for (long seed = 0; seed < 4; seed++) {
          value(steps, lanes, Randomness.of(seed));
        }
      }
    }
  }

  private void value(int steps, int lanes, Randomness randomness) {
    String window = "in a window of " + steps + " steps of " + lanes + " lanes ";
    Coupled coupled = coupling.couple(steps, lanes, randomness);
    coupled.links().requireFits(steps, lanes);
    require(
        coupled.isSame(coupling.couple(steps, lanes, randomness)),
        window + "it is not the same when asked again with the same randomness");
    require(
        coupling.isDrawn() || coupled.isSame(coupling.couple(steps, lanes, Randomness.of(-1))),
        window + "it differs with the randomness but says that it is not drawn");
    float[] xi = coupled.links().toArray();
    for (int i = 0; i < xi.length; i++) {
      require(Float.isFinite(xi[i]), window + "xi[" + i + "] is " + xi[i] + ", not a number");
    }
    if (coupling.promise() == Coupling.Promise.EXACT) {
      for (int i = coupled.links().lanes(); i < xi.length; i++) {
        require(
            xi[i] == 1,
            window + "xi[" + i + "] is " + xi[i] + " but it promises the exact gradient: 1");
      }
      for (Sweep sweep : coupled.sweeps()) {
        require(
            sweep.backTo() == 0,
            window + "a sweep ends at step " + sweep.backTo() + " but it promises to go to 0");
      }
    }
  }

  /** The engine's gradient is the book's through the same links and sweeps. */
  public void gradient() {
    try (Team team = Team.of(1)) {
      for (int steps : new int[] {1, 2, 7, MOST_STEPS}) {
        Trial trial = trial(steps, 3);
        RecurrentTrace trace = trace(trial);
        for (long seed = 0; seed < 4; seed++) {
          Coupled coupled = coupling.couple(steps, 3, Randomness.of(seed));
          agreement(trial, "the engine's gradient against the book's")
              .weights(
                  trial.network().layout().tensors(),
                  Agreement.doubles(trial.run(coupled, 4, team).gradient()),
                  book(trial, trace, coupled),
                  BY_THE_BOOK);
        }
      }
    }
  }

  /**
   * The expectation of the gradient is the exact gradient: the sum over all outcomes, none of it
   * sampled. And what is drawn is one of these outcomes.
   *
   * <p>How likely each outcome is, it takes from you.
   *
   * @param outcomes all there are for a window of so many steps and lanes
   */
  public void unbiased(int steps, int lanes, List<Outcome> outcomes) {
    require(
        coupling.promise() == Coupling.Promise.UNBIASED,
        "it promises a gradient that is "
            + coupling.promise().name().toLowerCase(Locale.ROOT)
            + ", not unbiased");
    double all = outcomes.stream().mapToDouble(Outcome::probability).sum();
    require(
        Math.abs(all - 1) < 1e-12 && outcomes.stream().allMatch(o -> o.probability() > 0),
        "the probabilities of the " + outcomes.size() + " outcomes come to " + all + ", not to 1");
    for (long seed = 0; seed < DRAWS; seed++) {
      Coupled drawn = coupling.couple(steps, lanes, Randomness.of(seed));
      require(
          outcomes.stream().anyMatch(o -> o.coupled().isSame(drawn)),
          "it draws xi = "
              + Arrays.toString(drawn.links().toArray())
              + " with sweeps "
              + drawn.sweeps()
              + ", which is none of the outcomes");
    }
    Trial trial = trial(steps, lanes);
    RecurrentTrace trace = trace(trial);
    Coupled full = Coupling.full().couple(steps, lanes, Randomness.of(0));
    double[] mean = new double[trial.network().layout().size()];
    for (Outcome outcome : outcomes) {
      double[] gradient = book(trial, trace, outcome.coupled());
      for (int i = 0; i < mean.length; i++) {
        mean[i] += outcome.probability() * gradient[i];
      }
    }
    // xi is float, 1e-7 off at most; a window has a handful of them in a row.
    agreement(trial, "the mean gradient over all outcomes against the exact one")
        .weights(
            trial.network().layout().tensors(), mean, book(trial, trace, full), 1e-7 * 4 * steps);
  }

  private Agreement agreement(Trial trial, String what) {
    return new Agreement(
        coupling.label() + ", " + what + ", " + trial.describe(),
        "The product of xi over any links in a row has to have the expectation that the coupling"
            + " promises.");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(coupling.label() + ": " + otherwise);
    }
  }

  private static Trial trial(int steps, int lanes) {
    Network network = Network.of(Lstm.of(2, 3), Readout.linear(2));
    return Trial.of("a network to couple", network, lanes, steps, false);
  }

  private static RecurrentTrace trace(Trial trial) {
    RecurrentNetwork network =
        RecurrentNetwork.of(List.of(LstmLayer.zeros(2, 3).withInputBias()), 2)
            .withParameters(Agreement.doubles(trial.weights().values()));
    CellState[][] entering = new CellState[1][trial.lanes()];
    for (int b = 0; b < trial.lanes(); b++) {
      float[][] planes = trial.state().layer(0);
      entering[0][b] = new CellState(row(planes[0], b, 3), row(planes[1], b, 3));
    }
    Inputs.Dense x = (Inputs.Dense) trial.window().inputs();
    return network.forward(BookWindow.of(rows(trial, x.values())), entering);
  }

  private static double[] book(Trial trial, RecurrentTrace trace, Coupled coupled) {
    double[][] xi = new double[trial.steps()][trial.lanes()];
    for (int t = 0; t < xi.length; t++) {
      for (int b = 0; b < trial.lanes(); b++) {
        xi[t][b] = coupled.links().at(t, b);
      }
    }
    Targets.Values y = (Targets.Values) trial.window().targets();
    return RecurrentGradient.of(
            trace,
            new BookLoss.HalfSquaredError(rows(trial, y.values())),
            trial.window().totalWeight(),
            xi,
            coupled.sweeps().stream()
                .map(s -> new dev.lookback.book.Sweep(s.injectFrom(), s.to(), s.backTo()))
                .toList())
        .parameters();
  }

  // [T][B][2]
  private static double[][][] rows(Trial trial, float[] values) {
    double[][][] rows = new double[trial.steps()][trial.lanes()][];
    for (int i = 0; i < trial.steps() * trial.lanes(); i++) {
      rows[i / trial.lanes()][i % trial.lanes()] = row(values, i, 2);
    }
    return rows;
  }

  private static double[] row(float[] values, int row, int width) {
    return Agreement.doubles(Arrays.copyOfRange(values, row * width, (row + 1) * width));
  }
}
