package dev.lookback.gradient;

import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.Optional;

/**
 * Finds the first NaN or infinity of a window: give it to {@link Pass#watch}, run the window again,
 * and ask what it {@link #found}.
 *
 * <p>First on the way forward, in the order of the steps and in a step from the input through the
 * layers' quantities to the loss; if all of that is finite, on the way back, sweep by sweep, last
 * step first and in a step from the outputs down through q and delta; and if those are finite, in
 * the sums that make up the weights' gradient. Where an infinite sum goes into a sigmoid or tanh,
 * which makes a right number of it again, the sum is what is found ({@code Worker.sigmoid}, {@code
 * Worker.tanh}: a cell that takes its own leaves no trace of it).
 *
 * <p>Looks at every number, and so takes its time. For one pass.
 */
public final class Trace {
  private final Scan scan;
  private Optional<Found> forward = Optional.empty();
  private Optional<Found> backward = Optional.empty();

  // Of two in one step the smaller stage is the earlier.
  private record Found(Origin origin, int sweep, int stage) {}

  /** Watches passes of a network. */
  public Trace(Network network, Team team) {
    this.scan = new Scan(network, team, this);
  }

  /**
   * What was found since the beginning: the way forward's, if there is any, else the way back's.
   */
  public Optional<Origin> found() {
    return forward.or(() -> backward).map(Found::origin);
  }

  /**
   * The first of some weights that is no number, as messages have it: a matrix by the row and
   * column that PyTorch has, {@code rnn.weight_hh_l0[3, 4] is NaN}.
   */
  public static Optional<String> in(Weights weights) {
    for (Tensor tensor : weights.layout().tensors()) {
      int at = firstBad(weights.values(), tensor.offset(), tensor.end());
      if (at >= 0) {
        int place = at - tensor.offset();
        int row = place / tensor.columns();
        int column = place % tensor.columns();
        String index = tensor.vector() ? "[" + place + "]" : "[" + column + ", " + row + "]";
        return Optional.of(tensor.name() + index + " is " + weights.values()[at]);
      }
    }
    return Optional.empty();
  }

  /** The place of the first number in [from, to) that is none, or -1. */
  static int firstBad(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Float.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  Witness witness() {
    return scan;
  }

  /** The window begins so many steps behind what is remembered. */
  void begin(int behind, int lanes) {
    scan.begin(behind, lanes);
  }

  /** Whether anything was found on the way back. */
  boolean foundBackward() {
    return backward.isPresent();
  }

  /** Takes what was found in a sweep. */
  void found(Origin origin, int sweep, int stage) {
    Found candidate = new Found(origin, sweep, stage);
    if (origin.forward()) {
      boolean first = forward.isEmpty() || earlier(candidate, forward.get(), 1);
      forward = first ? Optional.of(candidate) : forward;
    } else {
      boolean first =
          backward.isEmpty()
              || (sweep == backward.get().sweep() && earlier(candidate, backward.get(), -1));
      backward = first ? Optional.of(candidate) : backward;
    }
  }

  private static boolean earlier(Found a, Found b, int direction) {
    int steps = direction * Integer.compare(a.origin().step(), b.origin().step());
    return steps != 0 ? steps < 0 : a.stage() < b.stage();
  }
}
