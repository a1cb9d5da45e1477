package dev.lookback.cli.plan;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.optim.Adam;
import dev.lookback.optim.Updater;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a block takes on this machine, from a few made-up windows.
 *
 * @param forward seconds for a block's way forward
 * @param back seconds for its way back, readout and loss included
 * @param update seconds for everything that is done once in an update: packing, the optimiser
 */
record Calibration(double forward, double back, double update) {
  private static final int FEWEST_BLOCKS = 8;
  private static final int MOST_BLOCKS = 256;
  private static final double WINDOW_SECONDS = 0.02;
  private static final double FIRST_SECONDS = 0.2;
  private static final double WARM_UP_SECONDS = 0.8;
  private static final double SECONDS = 0.6;
  private static final int FEWEST = 5;

  private interface Work {
    void run();
  }

  /** Times blocks of {@code blockSteps} steps. */
  static Calibration of(Network network, int lanes, int blockSteps, Team team, long seed) {
    Weights weights = network.initialize(Initialization.uniform(), seed);
    Weights gradient = Weights.zeros(weights.layout());
    Updater updater = Adam.standard().start(weights.layout());
    State state = State.zeros(network, lanes);
    Pass all = new Pass(network, lanes, blockSteps, team);
    Window few = window(network, lanes, blockSteps, seed);
    Coupled one = Coupling.full().couple(few.steps(), lanes, Randomness.of(seed));
    Work small = () -> all.run(weights, few, one, state, gradient);
    // Windows long enough to be told from a block by the clock, and to leave the caches.
    double guess = medians(FIRST_SECONDS, 0, small)[0];
    int blocks = (int) Math.max(FEWEST_BLOCKS, Math.min(MOST_BLOCKS, WINDOW_SECONDS / guess));
    Window many = window(network, lanes, blocks * blockSteps, seed);
    Coupled whole = Coupling.full().couple(many.steps(), lanes, Randomness.of(seed));
    Footprint footprint = Footprint.of(network, lanes, blockSteps, false);
    // Twice the bytes of a tape and some states: most blocks are computed twice.
    Memory tight =
        Memory.within(
            footprint.fixedBytes() + footprint.blockBytes() + blocks * footprint.stateBytes());
    Pass again = new Pass(network, lanes, blockSteps, tight, team);
    double[] seconds =
        medians(
            WARM_UP_SECONDS,
            SECONDS,
            small,
            () -> all.run(weights, many, whole, state, gradient),
            () -> again.run(weights, many, whole, state, gradient),
            () -> updater.step(weights, gradient));
    long more = footprint.plan(many.steps(), tight).evaluations() - blocks;
    double block = Math.max(0, seconds[1] - seconds[0]) / (blocks - 1);
    double forward = Math.max(0, Math.min(block, (seconds[2] - seconds[1]) / more));
    double once = Math.max(0, seconds[0] - block) + seconds[3];
    return new Calibration(forward, block - forward, once);
  }

  private static Window window(Network network, int lanes, int steps, long seed) {
    Randomness r = Randomness.of(seed).with("calibration");
    int[] ids = new int[steps * lanes];
    int[] targets = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = r.below(network.inputs(), i);
      targets[i] = r.with("targets").below(network.readout().outputs(), i);
    }
    return Window.ofTokens(steps, lanes, ids, targets);
  }

  // The median seconds of each piece of work. They take turns, so that what compiles late and what
  // else the machine does meets them all alike.
  private static double[] medians(double warmUp, double measured, Work... works) {
    rounds(warmUp, 1, works);
    List<double[]> rounds = rounds(measured, FEWEST, works);
    double[] medians = new double[works.length];
    for (int w = 0; w < works.length; w++) {
      int which = w;
      double[] sorted = rounds.stream().mapToDouble(round -> round[which]).sorted().toArray();
      medians[w] = sorted[sorted.length / 2];
    }
    return medians;
  }

  private static List<double[]> rounds(double seconds, int fewest, Work... works) {
    List<double[]> rounds = new ArrayList<>();
    long start = System.nanoTime();
    do {
      double[] round = new double[works.length];
      for (int w = 0; w < works.length; w++) {
        long before = System.nanoTime();
        works[w].run();
        round[w] = (System.nanoTime() - before) * 1e-9;
      }
      rounds.add(round);
    } while (rounds.size() < fewest || System.nanoTime() - start < seconds * 1e9);
    return rounds;
  }
}
