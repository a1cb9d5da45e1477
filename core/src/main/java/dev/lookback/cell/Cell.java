package dev.lookback.cell;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The configuration of one layer of recurrence: h_t = f(x_t, h_{t-1}; w). Immutable.
 *
 * <p>Open for cells of one's own. A {@link GatedCell} is the way to write one whose gates are
 * products and whose arithmetic is number by number. For all others a pass needs nothing of a cell
 * but this and its {@link Recurrence}, which reads a {@link Span}, keeps its states in a {@link
 * Tape} and goes back through an {@link Adjoint}. Names of tensors are {@code rnn.NAME_l{layer}}.
 * Files know the library's own cells only.
 */
public interface Cell {

  /** D, the numbers (or the vocabulary) that come in at a step. */
  int inputs();

  /** H, the numbers that go out at a step. */
  int hidden();

  /**
   * How many arrays {@code [B, H]} make up the state that is carried from step to step: 1 for h, 2
   * for (h, c). The first is the output.
   */
  default int planes() {
    return 1;
  }

  /** How many matrices stand side by side in {@code weight_ih} and {@code weight_hh}. */
  default int gates() {
    return 1;
  }

  /** How many arrays {@code [B, H]} a step keeps beside its state for the way back. */
  default int gatePlanes() {
    return 0;
  }

  /** How many arrays {@code [B, H]} of gradients a step needs on the way back. */
  default int deltaPlanes() {
    return 0;
  }

  /**
   * What a step leaves on its tape, by name and in the order in which it is computed: what a number
   * that is none is traced by. Each plane of the gates and of the state once.
   */
  default List<Quantity> quantities() {
    List<Quantity> all = new ArrayList<>();
    for (int p = 0; p < gatePlanes(); p++) {
      all.add(Quantity.gate("gate " + p, p));
    }
    for (int p = planes() - 1; p > 0; p--) {
      all.add(Quantity.state("state " + p, p));
    }
    all.add(Quantity.state("hidden state h", 0));
    return all;
  }

  /** Of what each of the {@link #deltaPlanes} is the gradient, such as "forget gate f". */
  default List<String> deltas() {
    return IntStream.range(0, deltaPlanes()).mapToObj(p -> "gate " + p).toList();
  }

  /** Whether the state in which a lane starts afresh is a parameter; zero if not. */
  default boolean learnsState() {
    return false;
  }

  /**
   * The names of layer {@code layer}'s learned initial states, one for each plane of its state;
   * none where that is zero.
   */
  default List<String> initialStates(int layer) {
    return learnsState() ? Tensors.initialNames(planes(), layer) : List.of();
  }

  /** The cell's name in files and on the command line. */
  String label();

  /** Adds this layer's tensors under PyTorch's names for layer {@code layer}. */
  void describe(Layout.Builder builder, int layer);

  /** What this cell wants of fresh weights beyond how they are drawn, such as a forget bias. */
  default void prepare(Weights weights, int layer) {}

  /**
   * The same cell with an initial state that is learned.
   *
   * @throws IllegalArgumentException if it always starts at zero, as a cell does that says nothing
   */
  default Cell withLearnedState() {
    throw new IllegalArgumentException(
        label() + " has no initial state to learn: it always starts at zero");
  }

  /** The layer at work, with its packed weights. */
  Recurrence recurrence(Layout layout, int layer);
}
