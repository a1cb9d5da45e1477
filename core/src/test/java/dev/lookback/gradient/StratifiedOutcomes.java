package dev.lookback.gradient;

import dev.lookback.book.RandomTruncation.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * Every outcome of xi drawn by strata, with its probability.
 *
 * <p>A segment's length is the same for all numbers between two survivals pi_1 .. pi_k. So one
 * number stands for each piece of [0, 1) between survivals and borders of strata, with the piece's
 * width as its weight, and every way to deal the strata to the lanes comes with each.
 */
final class StratifiedOutcomes {
  private final KeepProbability keep;
  private final int steps;
  private final int lanes;
  private final List<Deal> deals = new ArrayList<>();
  private final Map<List<Boolean>, Double> found = new LinkedHashMap<>();

  /** One number for each lane's segment. */
  private record Deal(double[] uniform, double probability) {}

  private StratifiedOutcomes(KeepProbability keep, int steps, int lanes) {
    this.keep = keep;
    this.steps = steps;
    this.lanes = lanes;
  }

  /** For a schedule that does not depend on the step. */
  static List<Outcome> of(KeepProbability keep, int steps, int lanes) {
    StratifiedOutcomes all = new StratifiedOutcomes(keep, steps, lanes);
    all.deal(new double[lanes], 0, new boolean[lanes], 1);
    all.draw(new ArrayList<>(), 1);
    return all.found.entrySet().stream()
        .map(e -> new Outcome(all.xi(e.getKey()), e.getValue()))
        .toList();
  }

  /** The pieces of [0, 1). */
  private double[] borders() {
    TreeSet<Double> borders = new TreeSet<>();
    for (int p = 0; p <= lanes; p++) {
      borders.add((double) p / lanes);
    }
    double survival = 1;
    for (int k = 1; k < steps; k++) {
      survival *= keep.at(k, k);
      borders.add(survival);
    }
    return borders.stream().mapToDouble(d -> d).toArray();
  }

  private void deal(double[] uniform, int lane, boolean[] taken, double probability) {
    if (lane == lanes) {
      deals.add(new Deal(uniform.clone(), probability));
      return;
    }
    double[] borders = borders();
    for (int i = 1; i < borders.length; i++) {
      uniform[lane] = (borders[i - 1] + borders[i]) / 2;
      int stratum = (int) (uniform[lane] * lanes);
      if (!taken[stratum]) {
        taken[stratum] = true;
        // One of the strata that are left, and a place inside it.
        double p = (borders[i] - borders[i - 1]) * lanes / (lanes - lane);
        deal(uniform, lane + 1, taken, probability * p);
        taken[stratum] = false;
      }
    }
  }

  private void draw(List<double[]> dealt, double probability) {
    if (dealt.size() < steps - 1) {
      for (Deal deal : deals) {
        dealt.add(deal.uniform);
        draw(dealt, probability * deal.probability);
        dealt.remove(dealt.size() - 1);
      }
      return;
    }
    // A segment of that number begins at the last step if at all, and draws nothing.
    IntFunction<double[]> uniforms = n -> n < dealt.size() ? dealt.get(n) : new double[lanes];
    List<Boolean> kept = new ArrayList<>();
    for (float xi : Draws.bySegments(keep, steps, lanes, uniforms).toArray()) {
      kept.add(xi != 0);
    }
    found.merge(kept, probability, Double::sum);
  }

  /** xi in double, {@code [T][B]}. */
  private double[][] xi(List<Boolean> kept) {
    double[][] xi = new double[steps][lanes];
    for (int b = 0; b < lanes; b++) {
      int sinceCut = 1;
      for (int t = 0; t < steps; t++) {
        boolean on = kept.get(t * lanes + b);
        if (t == 0) {
          xi[t][b] = 1;
        } else {
          xi[t][b] = on ? 1 / keep.at(t, sinceCut) : 0;
          sinceCut = on ? sinceCut + 1 : 1;
        }
      }
    }
    return xi;
  }
}
