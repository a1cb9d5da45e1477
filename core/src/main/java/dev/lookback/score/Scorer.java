package dev.lookback.score;

import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Says how surprising lines of text are to a text model.
 *
 * <p>A line begins where a line ends: the state is the one behind a line end (a space where the
 * vocabulary has none), from the state that streams begin with. Its end counts as a character, so
 * that a line that is cut short is surprising. So lines are scored one by one, in any order, with
 * the same result; {@link #stream} carries the state from line to line instead.
 *
 * <p>A character that the vocabulary does not have counts as {@code <unk>}; where the vocabulary
 * has no such symbol, as the least likely one, and what follows it is predicted as behind a line
 * end. The text has to be normalised as the model's was.
 *
 * <p>Cost: one step of the network a character; the lines of {@link #score(List)} go forward side
 * by side. Scores have the same bits for any number of threads and whatever stands beside a line.
 * Not for use by two threads at a time. Scoring throws an {@link ArithmeticException} where weights
 * are so large that a probability is no number any more.
 */
public final class Scorer {
  // Side by side: more gain little and wait for the longest.
  private static final int LANES = 32;
  // Of a window; a longer line takes several.
  private static final int STEPS = 128;

  private final Network network;
  private final Weights weights;
  private final Vocabulary vocabulary;
  private final OptionalInt separator;
  private final Team team;
  private final RowScores rows;
  private final State start;
  // By their number of lanes.
  private final Map<Integer, Predictor> predictors = new HashMap<>();

  private Scorer(Network network, Weights weights, Vocabulary vocabulary, Team team) {
    this.network = network;
    this.weights = weights;
    this.vocabulary = vocabulary;
    this.team = team;
    this.separator = separator(vocabulary);
    this.rows = new RowScores(network.readout().outputs());
    this.start = State.initial(network, weights, 1);
  }

  /**
   * A scorer of a text model, which must not change meanwhile.
   *
   * @throws IllegalArgumentException if the model has no vocabulary, no softmax, or numbers that
   *     are not finite
   */
  public static Scorer of(Model model, Team team) {
    Vocabulary vocabulary = model.codec();
    if (model.network().readout().kind() != Readout.Kind.SOFTMAX) {
      throw new IllegalArgumentException(
          "the model's readout is "
              + model.network().readout().kind()
              + " but scoring text needs probabilities of characters: use a model with a softmax");
    }
    for (float weight : model.weights().values()) {
      if (!Float.isFinite(weight)) {
        throw new IllegalArgumentException(
            "the model has a weight that is "
                + weight
                + " but scoring needs finite ones: its training diverged. Use another model");
      }
    }
    return new Scorer(model.network(), model.weights(), vocabulary, team);
  }

  private static OptionalInt separator(Vocabulary vocabulary) {
    for (char c : new char[] {'\n', ' '}) {
      if (vocabulary.contains(c)) {
        return OptionalInt.of(vocabulary.id(c));
      }
    }
    return OptionalInt.empty();
  }

  /** The score of one line, without its line end. */
  public LineScore score(String line) {
    return score(List.of(line)).get(0);
  }

  /** The scores of lines, each by itself, in their order. */
  public List<LineScore> score(List<String> lines) {
    List<Line> coded = lines.stream().map(this::code).toList();
    // Lines of like length side by side: less of the work is padding.
    Integer[] order = new Integer[coded.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(i -> -coded.get(i).length()));
    LineScore[] scores = new LineScore[order.length];
    for (int from = 0; from < order.length; from += LANES) {
      int count = Math.min(LANES, order.length - from);
      int lanes = count == 1 ? 1 : LANES;
      List<Line> side = new ArrayList<>(lanes);
      for (int b = 0; b < lanes; b++) {
        side.add(b < count ? coded.get(order[from + b]) : Line.NONE);
      }
      run(side, State.initial(network, weights, lanes));
      for (int b = 0; b < count; b++) {
        scores[order[from + b]] = side.get(b).score();
      }
    }
    return Arrays.asList(scores);
  }

  /** A stream of lines that carries the state from one to the next. */
  public Stream stream() {
    return new Stream();
  }

  private Line code(String line) {
    return Line.of(line, vocabulary, separator);
  }

  // Goes over lines side by side, from the states that enter; leaves the states behind the longest.
  private void run(List<Line> lines, State state) {
    int lanes = lines.size();
    int longest = lines.stream().mapToInt(Line::length).max().orElse(0);
    for (int from = 0; from < longest; from += STEPS) {
      int steps = Math.min(STEPS, longest - from);
      int[] inputs = new int[steps * lanes];
      int[] targets = new int[steps * lanes];
      for (int row = 0; row < inputs.length; row++) {
        Line line = lines.get(row % lanes);
        inputs[row] = line.input(from + row / lanes);
        targets[row] = line.target(from + row / lanes);
      }
      rows.begin(targets);
      predictor(lanes)
          .run(
              Window.ofTokens(steps, lanes, inputs, inputs),
              state,
              (first, count, outputs) -> rows.score(outputs, first * lanes, count * lanes, team));
      for (int row = 0; row < targets.length; row++) {
        if (targets[row] != RowScores.NO_TARGET) {
          requireFinite(rows.nats(row), rows.expected(row));
          lines.get(row % lanes).scored(from + row / lanes, rows.nats(row), rows.expected(row));
        }
      }
    }
  }

  // A rank or a threshold among numbers that are none would say nothing.
  private static void requireFinite(double nats, double expected) {
    if (!Double.isFinite(nats) || !Double.isFinite(expected)) {
      throw new ArithmeticException(
          "a character has the surprise "
              + nats
              + " where "
              + expected
              + " was expected, but ranking needs finite numbers: the model's weights are too large."
              + " Use another model");
    }
  }

  private Predictor predictor(int lanes) {
    return predictors.computeIfAbsent(lanes, n -> new Predictor(network, weights, n, team));
  }

  /**
   * Lines one after another, the state carried from each to the next.
   *
   * <p>Each line is read twice: as going on from the line before, and as beginning afresh. The
   * reading under which it is likelier counts, and its state is carried on. So the first line,
   * which has nothing before it, and the line behind an unusual one, whose state is spoilt, are not
   * surprising for that.
   *
   * <p>With p and q a line's probability under the two readings, its surprise is -log max(p, q).
   * That is at most log 2 below that of the fair mixture (p + q) / 2, which is a distribution, and
   * never above it. As the better of two, the excess of usual lines is a little below 0 on average.
   */
  public final class Stream {
    // Lane 0 goes on, lane 1 begins.
    private final State state = State.initial(network, weights, 2);

    private Stream() {}

    /** The score of the next line, without its line end. */
    public LineScore score(String line) {
      Line goingOn = code(line);
      Line beginning = goingOn.again();
      copy(start, 0, 1);
      run(List.of(goingOn, beginning), state);
      LineScore carried = goingOn.score();
      LineScore fresh = beginning.score();
      if (carried.total() <= fresh.total()) {
        return carried;
      }
      copy(state, 1, 0);
      return fresh;
    }

    /** Lets the next line be the first. */
    public void reset() {
      copy(start, 0, 0);
    }

    private void copy(State from, int lane, int to) {
      for (int l = 0; l < network.cells().size(); l++) {
        float[][] source = from.layer(l);
        float[][] target = state.layer(l);
        for (int p = 0; p < source.length; p++) {
          int hidden = network.cells().get(l).hidden();
          System.arraycopy(source[p], lane * hidden, target[p], to * hidden, hidden);
        }
      }
    }
  }
}
