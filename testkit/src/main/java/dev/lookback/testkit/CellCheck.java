package dev.lookback.testkit;

import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.testkit.Trial.Outcome;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a cell of one's own is what the library takes it for.
 *
 * <pre>{@code
 * CellCheck.of(Mgu::new).all();
 * }</pre>
 *
 * <p>Every check throws an {@link AssertionError} that names the number and how far it is off. The
 * cell has to be smooth: a kink near one of the random numbers makes differences wrong.
 *
 * @param cells makes the cell in the sizes asked for
 * @param tokens whether it reads token ids as well as rows of numbers
 */
public record CellCheck(Sizes cells, boolean tokens) {
  // Float's rounding in differences; seen: 2e-4 at most with the library's own cells.
  private static final double BY_DIFFERENCES = 2e-3;

  /** Makes a cell. */
  @FunctionalInterface
  public interface Sizes {
    /** With so many inputs and hidden units. */
    Cell of(int inputs, int hidden);
  }

  /** Checks of a cell that reads rows of numbers and token ids. */
  public static CellCheck of(Sizes cells) {
    return new CellCheck(cells, true);
  }

  /** The same for a cell that does not read token ids. */
  public CellCheck withoutTokens() {
    return new CellCheck(cells, false);
  }

  /** Every check there is. */
  public void all() {
    gradient();
    truncation();
    links();
    lanes();
    carriedState();
    sameBits();
  }

  /**
   * The gradient by weights, learned initial states and entering state is what differences of the
   * loss say: of numbers, tokens and embeddings, below and above other layers, with lanes that
   * start afresh and rows of different weight.
   */
  public void gradient() {
    try (Team team = Team.of(1)) {
      for (Trial trial : trials()) {
        gradient(trial, team);
      }
    }
  }

  private List<Trial> trials() {
    List<Trial> trials = new ArrayList<>();
    Network one = Network.of(cells.of(3, 5), Readout.linear(2));
    trials.add(Trial.of("rows of numbers", one, 2, 6, false));
    trials.add(
        Trial.of("lanes that start afresh", one, 3, 7, false).withResets().withSampleWeights());
    Network between =
        new Network(List.of(Elman.of(2, 3), cells.of(3, 4), Elman.of(4, 3)), Readout.linear(2));
    trials.add(Trial.of("between other layers", between, 2, 4, false));
    Network twice = new Network(List.of(cells.of(2, 3), cells.of(3, 4)), Readout.softmax(3));
    trials.add(Trial.of("on itself", twice, 2, 4, false));
    if (tokens) {
      Network words = Network.of(cells.of(6, 5), Readout.softmax(6));
      trials.add(Trial.of("tokens", words, 3, 5, true));
    }
    Network embedded = Network.of(cells.of(3, 5), Readout.softmax(4)).withEmbedding(6);
    trials.add(Trial.of("over an embedding", embedded, 2, 5, true));
    learning(cells.of(3, 5))
        .ifPresent(
            cell -> {
              Network learns = Network.of(cell, Readout.linear(2));
              Trial trial = Trial.of("learned initial states", learns, 3, 7, false);
              trials.add(trial.withResets());
              trials.add(trial.with(trial.window().startingAfresh()));
            });
    return trials;
  }

  // That it has no initial state to learn is a cell's right.
  private static Optional<Cell> learning(Cell cell) {
    try {
      return Optional.of(cell.withLearnedState());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void gradient(Trial trial, Team team) {
    Coupled exact = Trial.exact(trial.window());
    Outcome found = trial.run(exact, trial.steps(), team);
    Pass pass = new Pass(trial.network(), trial.lanes(), trial.steps(), team);
    Weights scratch = Weights.zeros(trial.network().layout());
    State state = trial.state().copy();
    Agreement agreement =
        new Agreement(
            "the way back of " + trial.describe() + " against differences of its way forward",
            "Either backward is not the derivative of forward, or forward is not a function of the"
                + " weights, the inputs and the state before.");
    double[] byWeights =
        Differences.gradient(
            trial.weights().values(),
            () -> {
              state.set(trial.state());
              return pass.run(trial.weights(), trial.window(), exact, state, scratch).loss();
            });
    agreement.weights(
        trial.network().layout().tensors(),
        Agreement.doubles(found.gradient()),
        byWeights,
        BY_DIFFERENCES);
    double[][][] byState = new double[trial.network().cells().size()][][];
    for (int l = 0; l < byState.length; l++) {
      byState[l] = new double[trial.state().layer(l).length][];
      for (int p = 0; p < byState[l].length; p++) {
        byState[l][p] =
            Differences.gradient(
                trial.state().layer(l)[p],
                () -> {
                  state.set(trial.state());
                  return pass.run(trial.weights(), trial.window(), exact, state, scratch).loss();
                });
      }
    }
    agreement.state("the entering state", found.byState(), byState, BY_DIFFERENCES);
  }

  /**
   * Sweeps that end at a link and sweeps that overlap are sums of exact gradients of shorter
   * windows, each entered by a constant.
   */
  public void truncation() {
    LinkChecks.truncation(wide());
  }

  /**
   * xi scales what goes back over its link: the gradient is affine in the xi of every link, what
   * reaches the entering state is in proportion to the first one, and each lane has its own.
   */
  public void links() {
    LinkChecks.links(wide());
  }

  private Trial wide() {
    Network network = new Network(List.of(cells.of(3, 17), cells.of(17, 9)), Readout.softmax(5));
    return Trial.of("two layers", network, 3, 9, false);
  }

  /**
   * A batch of B lanes goes forward as B batches of one do, to the bit, and a lane that starts
   * afresh as if there had been nothing before.
   */
  public void lanes() {
    try (Team team = Team.of(1)) {
      Trial trial = wide().withResets();
      State all = trial.run(Trial.exact(trial.window()), 4, team).end();
      for (int b = 0; b < trial.lanes(); b++) {
        Trial lane = trial.lane(b);
        State alone = lane.run(Trial.exact(lane.window()), 4, team).end();
        Agreement agreement =
            new Agreement(
                "lane " + b + " of " + trial.describe() + " beside the others and alone",
                "forward has to compute each lane from that lane alone, in one order.");
        for (int l = 0; l < trial.network().cells().size(); l++) {
          for (int p = 0; p < alone.layer(l).length; p++) {
            int hidden = alone.layer(l)[p].length;
            float[] found = new float[hidden];
            System.arraycopy(all.layer(l)[p], b * hidden, found, 0, hidden);
            String plane = "the last state of layer " + l + ", plane " + p;
            agreement.bits(plane, found, alone.layer(l)[p], hidden);
          }
        }
        afresh(lane, alone, team);
      }
    }
  }

  private static void afresh(Trial lane, State end, Team team) {
    boolean[] reset = lane.window().reset().orElseThrow();
    int last = reset.length - 1;
    while (!reset[last]) {
      last--;
    }
    Window rest = lane.window().from(last);
    State other = State.zeros(lane.network(), 1);
    Trial begins = new Trial(lane.name(), lane.network(), lane.weights(), rest, other);
    new Agreement(
            lane.describe() + " after it starts afresh at step " + last + ", and from there alone",
            "Where span.startsAfresh(t, b, lanes), the state before is the initial one.")
        .bits(
            "the last state",
            end,
            begins.run(Trial.exact(rest), 4, team).end(),
            lane.network().cells().size());
  }

  /** Two windows with the state carried between them go forward as one, to the bit. */
  public void carriedState() {
    try (Team team = Team.of(1)) {
      Trial trial = wide().withResets().withSampleWeights();
      Outcome whole = trial.run(Trial.exact(trial.window()), 4, team);
      for (int at = 1; at < trial.steps(); at++) {
        Trial first = trial.with(trial.window().upTo(at));
        Outcome before = first.run(Trial.exact(first.window()), 4, team);
        Trial second =
            new Trial(
                trial.name(),
                trial.network(),
                trial.weights(),
                trial.window().from(at),
                before.end());
        Outcome after = second.run(Trial.exact(second.window()), 4, team);
        Agreement agreement =
            new Agreement(
                trial.describe() + " as two windows, the second one from step " + at + " on",
                "The state has to hold all that a step passes on: what else the recurrence keeps"
                    + " from step to step is lost between windows.");
        int layers = trial.network().cells().size();
        agreement.bits("the last state", after.end(), whole.end(), layers);
        double loss =
            (before.loss() * first.window().totalWeight()
                    + after.loss() * second.window().totalWeight())
                / trial.window().totalWeight();
        agreement.number("the mean loss", loss, whole.loss(), 1e-9);
      }
    }
  }

  /**
   * The same bits with one thread and two, with SIMD and without, with a memory that asks for steps
   * to be computed again; the same states in blocks of any number of steps.
   */
  public void sameBits() {
    for (Trial trial : List.of(shared("few lanes", 3, 200, 4), shared("many lanes", 9, 64, 6))) {
      Coupled exact = Trial.exact(trial.window());
      int layers = trial.network().cells().size();
      try (Team one = Team.of(1);
          Team two = Team.of(2);
          Team scalar = Team.scalar(1)) {
        Outcome expected = trial.run(exact, 2, one);
        same(trial, "with two threads", trial.run(exact, 2, two), expected);
        same(trial, "without SIMD", trial.run(exact, 2, scalar), expected);
        Footprint footprint = Footprint.of(trial.network(), trial.lanes(), 2, true);
        Memory little = Memory.within(footprint.smallest(trial.steps()));
        same(trial, "within little memory", trial.run(exact, 2, little, one), expected);
        Outcome other = trial.run(exact, 3, one);
        Agreement agreement =
            new Agreement(
                trial.describe() + " in blocks of 3 steps and of 2",
                "forward has to read of a tape only the step before.");
        // Rows are summed block by block.
        agreement.number("the mean loss", other.loss(), expected.loss(), 1e-12);
        agreement.bits("the last state", other.end(), expected.end(), layers);
      }
    }
  }

  private static void same(Trial trial, String how, Outcome found, Outcome expected) {
    Agreement agreement =
        new Agreement(
            trial.describe() + " " + how,
            "Threads may share outputs but no sum, and a step computed again has to start from the"
                + " tape alone.");
    agreement.number("the mean loss", found.loss(), expected.loss(), 0);
    trial
        .network()
        .layout()
        .tensors()
        .forEach(
            tensor -> {
              float[] part = new float[tensor.size()];
              float[] of = new float[tensor.size()];
              System.arraycopy(found.gradient(), tensor.offset(), part, 0, part.length);
              System.arraycopy(expected.gradient(), tensor.offset(), of, 0, of.length);
              agreement.bits(tensor.name(), part, of, tensor.columns());
            });
    int layers = trial.network().cells().size();
    agreement.bits("the last state", found.end(), expected.end(), layers);
    agreement.bits("the gradient by the state", found.byState(), expected.byState(), layers);
  }

  private Trial shared(String name, int lanes, int hidden, int steps) {
    Network network = Network.of(cells.of(5, hidden), Readout.linear(3));
    return Trial.of(name, network, lanes, steps, false).withResets();
  }
}
