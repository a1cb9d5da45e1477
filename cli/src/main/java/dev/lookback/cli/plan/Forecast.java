package dev.lookback.cli.plan;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.LagCoverage;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.SlidingWindows;
import dev.lookback.gradient.Sweep;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Foretells what strategies cost, for windows of some steps of a network. */
public final class Forecast {
  // Draws of a random coupling; all but one in a hundred windows need no more than is said.
  private static final int DRAWS = 200;
  private static final double ALMOST_ALL = 0.99;
  private static final int TWENTY = 20;
  private static final int CURVE_POINTS = 16;

  private final Network network;
  private final int lanes;
  private final int steps;
  private final long seed;
  private final boolean carries;
  // A learned initial state enters the windows at whose first step lanes start afresh.
  private final boolean resets;

  /**
   * For windows of {@code steps} steps of {@code lanes} lanes.
   *
   * @param carries whether a window is entered by the state that the one before it ended in
   */
  public Forecast(Network network, int lanes, int steps, boolean carries, long seed) {
    this.network = network;
    this.lanes = lanes;
    this.steps = steps;
    this.carries = carries;
    this.seed = seed;
    this.resets = network.learnsState();
  }

  /**
   * Costs with the times they take. All block sizes are timed in turns, so that a machine that is
   * busy for a while slows them all alike and what is compared stays comparable.
   */
  public List<Strategy> timed(List<Cost> costs, Team team) {
    List<Integer> sizes = costs.stream().map(Cost::blockSteps).distinct().toList();
    Map<Integer, Calibration> calibrations =
        Calibration.of(network, new Calibration.Shape(steps, lanes), sizes, team, seed);
    return costs.stream()
        .map(cost -> cost.taking(Objects.requireNonNull(calibrations.get(cost.blockSteps()))))
        .toList();
  }

  /** A twentieth of what the exact gradient needs where everything is kept, if that works. */
  public Memory twentieth() {
    return Memory.within(Math.max(all() / TWENTY, least()));
  }

  // Bytes of the exact gradient where everything is kept.
  private long all() {
    Footprint footprint = Footprint.within(network, lanes, steps, Memory.unlimited(), resets);
    return footprint.peak(steps, Memory.unlimited());
  }

  // And in the smallest memory that works.
  private long least() {
    return Footprint.of(network, lanes, 1, resets).smallest(steps);
  }

  /** The exact gradient within ever more memory: from the smallest that works to keeping all. */
  public List<Cost> curve() {
    double all = all();
    double least = least();
    List<Cost> curve = new ArrayList<>();
    for (int i = 0; i < CURVE_POINTS; i++) {
      double bytes = least * Math.pow(all / least, (double) i / (CURVE_POINTS - 1));
      Cost cost = of(Coupling.full(), Memory.within((long) Math.ceil(bytes)));
      if (curve.isEmpty() || cost.bytes() > curve.get(curve.size() - 1).bytes()) {
        curve.add(cost);
      }
    }
    return curve;
  }

  /** What a window needs. */
  private record Need(long bytes, double computed) {}

  /**
   * The cost of a coupling within a memory.
   *
   * @throws IllegalArgumentException if the memory is too small, with the smallest that works
   */
  public Cost of(Coupling coupling, Memory memory) {
    if (coupling instanceof Coupling.Sliding sliding) {
      return sliding(sliding, memory);
    }
    long longest = coupling instanceof Coupling.Fixed fixed ? fixed.tau() : steps;
    long sweep = Math.min(longest, steps);
    Footprint footprint = Footprint.within(network, lanes, sweep, memory, resets);
    boolean drawn = coupling.isDrawn();
    int draws = drawn ? DRAWS : 1;
    long[] bytes = new long[draws];
    double computed = 0;
    for (int i = 0; i < draws; i++) {
      Randomness randomness = Randomness.of(seed).with("forecast").with(i);
      Need need = need(footprint, coupling.couple(steps, lanes, randomness), memory);
      bytes[i] = need.bytes();
      computed += need.computed() / draws;
    }
    Arrays.sort(bytes);
    long peak = bytes[(int) Math.ceil(ALMOST_ALL * draws) - 1];
    return cost(coupling, footprint, peak, computed, 1, coupling.lagCoverage(steps));
  }

  private Cost sliding(Coupling.Sliding sliding, Memory memory) {
    SlidingWindows windows = new SlidingWindows(sliding, steps, carries);
    Footprint footprint = Footprint.within(network, lanes, windows, memory, resets);
    return cost(
        sliding,
        footprint,
        footprint.peak(windows),
        1,
        windows.backwardSteps(),
        windows.lagCoverage());
  }

  private static Need need(Footprint footprint, Coupled coupled, Memory memory) {
    long bytes = footprint.peak(coupled);
    if (bytes <= memory.bytes()) {
      return new Need(bytes, 1);
    }
    double computed = 0;
    bytes = 0;
    for (Sweep sweep : coupled.sweeps()) {
      computed += sweep.length() * footprint.computed(sweep, memory);
      bytes = Math.max(bytes, footprint.peak(sweep, memory));
    }
    return new Need(bytes, computed / coupled.links().steps());
  }

  private Cost cost(
      Coupling coupling,
      Footprint footprint,
      long bytes,
      double computed,
      double goneBack,
      LagCoverage coverage) {
    return new Cost(
        coupling.label(),
        coupling.promise(),
        coupling.isDrawn(),
        steps,
        bytes,
        computed,
        goneBack,
        footprint.blockSteps(),
        coverage);
  }
}
