package dev.lookback.cli.explain;

import dev.lookback.book.BookLoss;
import dev.lookback.book.Matrices;
import dev.lookback.cell.Activation;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Randomness;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.List;
import java.util.Optional;

/**
 * What is explained: a small network, what goes in and what should come out.
 *
 * @param text the characters, where it is about a text
 * @param symbols the vocabulary; empty without a text
 * @param setup the network with phi, biases and all
 * @param x inputs, {@code [T][D]}
 * @param loss the book's
 * @param couplings to compare, never empty
 * @param seed of the weights and of xi
 */
public record Subject(
    Optional<String> text,
    List<String> symbols,
    Setup setup,
    double[][] x,
    BookLoss loss,
    List<Coupling> couplings,
    long seed) {
  /** The longest text, and one more than the most steps. */
  public static final int LONGEST_TEXT = 40;

  /** The most inputs, hidden units or outputs. */
  public static final int WIDEST = 8;

  private static final String ARROWS = "time traveller";

  /**
   * The network's sizes and phi.
   *
   * @param inputs D
   * @param hidden H
   * @param outputs O
   * @param steps T
   * @param activation phi
   */
  public record Sizes(int inputs, int hidden, int outputs, int steps, Activation activation) {}

  /** A text: every character is to predict the next. */
  public static Subject ofText(
      String text, int hidden, Activation activation, List<Coupling> couplings, long seed) {
    int[] characters = text.codePoints().toArray();
    List<String> symbols =
        text.codePoints().sorted().distinct().mapToObj(Character::toString).toList();
    int steps = characters.length - 1;
    int[] ids = new int[steps];
    int[] next = new int[steps];
    int[][] column = new int[steps][];
    for (int t = 0; t < steps; t++) {
      ids[t] = symbols.indexOf(Character.toString(characters[t]));
      next[t] = symbols.indexOf(Character.toString(characters[t + 1]));
      column[t] = new int[] {ids[t]};
    }
    int size = symbols.size();
    Network network = Setup.network(size, hidden, activation, Readout.softmax(size), true);
    double[][] x = new double[steps][];
    double[][][] oneHot = Matrices.oneHot(column, size);
    for (int t = 0; t < steps; t++) {
      x[t] = oneHot[t][0];
    }
    Setup setup = Setup.of(network, draw(network, seed), Window.ofTokens(steps, 1, ids, next));
    return new Subject(
        Optional.of(text), symbols, setup, x, BookLoss.classes(next), couplings, seed);
  }

  /** Random inputs and targets. */
  public static Subject random(Sizes sizes, List<Coupling> couplings, long seed) {
    Network network =
        Setup.network(
            sizes.inputs(),
            sizes.hidden(),
            sizes.activation(),
            Readout.linear(sizes.outputs()),
            true);
    float[] x = numbers(Randomness.of(seed).with("x"), sizes.steps() * sizes.inputs());
    float[] y = numbers(Randomness.of(seed).with("y"), sizes.steps() * sizes.outputs());
    Window window =
        Window.of(
            sizes.steps(),
            1,
            new Inputs.Dense(x, sizes.inputs()),
            new Targets.Values(y, sizes.outputs()));
    return new Subject(
        Optional.empty(),
        List.of(),
        Setup.of(network, draw(network, seed), window),
        Setup.rows(x, sizes.inputs()),
        BookLoss.values(Setup.rows(y, sizes.outputs())),
        couplings,
        seed);
  }

  int steps() {
    return setup.steps();
  }

  /** The text whose segments are drawn: its own, or one that everybody who reads this knows. */
  String arrowsText() {
    return text.orElse(ARROWS);
  }

  /** Whether the targets are classes. */
  boolean isText() {
    return text.isPresent();
  }

  /** xi and sweeps of one coupling as drawn; a longer window begins with the same. */
  Coupled drawn(Coupling coupling, int steps) {
    return coupling.couple(steps, 1, Randomness.of(seed).with("xi"));
  }

  // Two decimals, so that anyone can calculate along; the biases end in 5 so that no sum is
  // exactly 0, where relu has no derivative.
  private static Weights draw(Network network, long seed) {
    Weights weights = network.initialize(Initialization.uniform(), seed);
    for (Tensor tensor : weights.layout().tensors()) {
      double shift = tensor.name().equals("rnn.bias_ih_l0") ? .005 : 0;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        weights.values()[i] = (float) (Math.rint(weights.values()[i] * 100) / 100 + shift);
      }
    }
    return weights;
  }

  private static float[] numbers(Randomness randomness, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (Math.rint(randomness.gaussian(i) * 100) / 100);
    }
    return numbers;
  }
}
