package dev.lookback.gradient;

import dev.lookback.math.Randomness;
import dev.lookback.window.Links;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Draws xi for the lanes of a window by a schedule. */
final class Draws {
  private final KeepProbability keep;
  private final int steps;
  private final int lanes;
  private final float[] xi;

  private Draws(KeepProbability keep, int steps, int lanes) {
    this.keep = keep;
    this.steps = steps;
    this.lanes = lanes;
    this.xi = new float[steps * lanes];
    // No link leads to a window's first step.
    Arrays.fill(xi, 0, lanes, 1);
  }

  /** One draw for all lanes. */
  static Links shared(KeepProbability keep, int steps, Randomness randomness) {
    Draws draws = new Draws(keep, steps, 1);
    draws.linkByLink(randomness);
    return Links.shared(draws.xi);
  }

  /** A draw for each lane, independent of the others. */
  static Links perLane(KeepProbability keep, int steps, int lanes, Randomness randomness) {
    Draws draws = new Draws(keep, steps, lanes);
    draws.linkByLink(randomness);
    return Links.perLane(draws.xi, lanes);
  }

  /** A draw for each lane by strata; see {@link Drawing#STRATIFIED}. */
  static Links stratified(KeepProbability keep, int steps, int lanes, Randomness randomness) {
    return bySegments(keep, steps, lanes, n -> strata(lanes, randomness.with(n)));
  }

  /** Numbers in [0, 1), one for each lane: one in each stratum, each uniform. */
  static double[] strata(int lanes, Randomness randomness) {
    int[] stratum = randomness.with("stratum").permutation(lanes);
    Randomness inside = randomness.with("inside");
    double[] uniform = new double[lanes];
    for (int b = 0; b < lanes; b++) {
      double u = (stratum[b] + inside.uniform(b)) / lanes;
      // The sum can round up to the number of lanes.
      uniform[b] = Math.min(u, Math.nextDown(1.0));
    }
    return uniform;
  }

  /**
   * Draws whole segments by their survival: the link k behind a cut is kept as long as a lane's
   * number u for this segment is below pi_1 pi_2 .. pi_k, which has probability pi_k if all before
   * it were.
   *
   * @param uniforms for n = 0, 1, .. the number of each lane for its n-th segment
   */
  static Links bySegments(
      KeepProbability keep, int steps, int lanes, IntFunction<double[]> uniforms) {
    Draws draws = new Draws(keep, steps, lanes);
    int[] start = new int[lanes];
    boolean more = steps > 1;
    for (int n = 0; more; n++) {
      double[] u = uniforms.apply(n);
      more = false;
      for (int b = 0; b < lanes; b++) {
        if (start[b] < steps) {
          start[b] = draws.segment(b, start[b], u[b]);
          more |= start[b] < steps;
        }
      }
    }
    return Links.perLane(draws.xi, lanes);
  }

  /** Draws a lane's segment that begins at a step, and returns where the next one begins. */
  private int segment(int b, int start, double u) {
    double survival = 1;
    for (int t = start + 1; t < steps; t++) {
      double pi = KeepProbability.check(keep.at(t, t - start), t);
      survival *= pi;
      if (u >= survival) {
        return t;
      }
      xi[t * lanes + b] = (float) (1 / pi);
    }
    return steps;
  }

  private void linkByLink(Randomness randomness) {
    for (int b = 0; b < lanes; b++) {
      Randomness lane = randomness.with(b);
      int sinceCut = 1;
      for (int t = 1; t < steps; t++) {
        double pi = KeepProbability.check(keep.at(t, sinceCut), t);
        boolean kept = lane.uniform(t) < pi;
        xi[t * lanes + b] = kept ? (float) (1 / pi) : 0;
        sinceCut = kept ? sinceCut + 1 : 1;
      }
    }
  }
}
