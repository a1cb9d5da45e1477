package dev.lookback.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Injects the losses of steps {@code from} to {@code to - 1} and goes back from step {@code to - 1}
 * to step {@code back}, steps counted from 0. The state that enters step {@code back} is a constant
 * unless it is h0.
 *
 * @param from the first step whose loss counts
 * @param to one past the last
 * @param back the earliest step that credit reaches, at most {@code from}
 */
public record Sweep(int from, int to, int back) {

  /** Checks that 0, back, from and to stand in this order. */
  public Sweep {
    if (back < 0 || back > from || from >= to) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a sweep of the losses of steps %d to %d back to step %d is impossible: it needs 0 <="
                  + " back <= from < to",
              from,
              to - 1,
              back));
    }
  }

  /** Every loss, back to the first step. */
  public static Sweep full(int steps) {
    return new Sweep(0, steps, 0);
  }

  /**
   * Truncation with two lengths: every {@code k1} steps, and at the end, the losses since the last
   * boundary go back through the last {@code k2} steps.
   *
   * <pre>
   *   boundaries e = k1, 2 k1, .. and T;   losses of e_last .. e - 1;   back to max(0, e - k2)
   * </pre>
   *
   * <p>A loss j steps before a full boundary reaches k2 - j lags: for k1 = k2 = K between 1 and K,
   * (K + 1) / 2 on average; for k1 = 1 always K. Where K divides T, (K, K) is fixed truncation;
   * else the last sweep, shorter in losses, still goes back K steps and so over the last cut.
   *
   * <p><b>Source.</b> Sutskever 2013, "Training Recurrent Neural Networks", TBPTT(k1, k2); k1 = 1
   * is BPTT(h) of Williams and Peng 1990, k2 above k1 their BPTT(h; h').
   *
   * @throws IllegalArgumentException if k2 is below k1: the first losses would reach no step
   */
  public static List<Sweep> sliding(int steps, int k1, int k2) {
    if (k1 < 1 || k2 < k1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "k1 = %d, k2 = %d, but a sliding sweep needs 1 <= k1 <= k2", k1, k2));
    }
    List<Sweep> sweeps = new ArrayList<>();
    for (int last = 0; last < steps; last += k1) {
      int e = Math.min(last + k1, steps);
      sweeps.add(new Sweep(last, e, Math.max(0, e - k2)));
    }
    return List.copyOf(sweeps);
  }
}
