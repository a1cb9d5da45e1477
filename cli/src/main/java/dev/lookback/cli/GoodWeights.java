package dev.lookback.cli;

import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;

/**
 * The last weights of a training whose loss was a number. A loss tells about the weights before its
 * update: those after it are good once the next is finite too.
 */
final class GoodWeights {
  private final Weights weights;
  private float[] entering;
  private float[] good;
  private boolean known;

  /** Of weights that are changed in place; none is known to be good. */
  GoodWeights(Weights weights) {
    this.weights = weights;
    this.entering = weights.values().clone();
    this.good = weights.values().clone();
  }

  /** An update begins. */
  void enter() {
    copy(weights.values(), entering);
  }

  /** It was made: its loss was a number. */
  void entered() {
    float[] spare = good;
    good = entering;
    entering = spare;
    known = true;
  }

  /** The weights are those of an earlier place, from which an update was made. */
  void wentBack() {
    copy(weights.values(), good);
  }

  /** Whether there are any. */
  boolean known() {
    return known;
  }

  /** Makes them the weights again, if there are any. */
  void putBack() {
    if (known) {
      copy(good, weights.values());
    }
  }

  void save(Snapshot.Writer to) {
    to.put("good", good).put("has_good", known);
  }

  void restore(Snapshot from) {
    from.copy("good", good);
    known = from.truth("has_good");
  }

  private static void copy(float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, from.length);
  }
}
