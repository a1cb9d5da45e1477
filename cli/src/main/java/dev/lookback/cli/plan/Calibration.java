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
import java.util.Arrays;

/**
 * How long a block takes on this machine, from a few made-up windows.
 *
 * @param forward seconds for a block's way forward
 * @param back seconds for its way back, readout and loss included
 * @param update seconds for everything that is done once in an update: packing, the optimiser
 */
record Calibration(double forward, double back, double update) {
  private static final int BLOCKS = 8;
  private static final double WARM_UP_SECONDS = 0.6;
  private static final double SECONDS = 0.4;
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
    Window few = window(network, lanes, blockSteps, seed);
    Window many = window(network, lanes, BLOCKS * blockSteps, seed);
    Footprint footprint = Footprint.of(network, lanes, blockSteps, false);
    // Twice the bytes of a tape and some states: most blocks are computed twice.
    Memory tight =
        Memory.within(
            footprint.fixedBytes() + footprint.blockBytes() + BLOCKS * footprint.stateBytes());
    Pass all = new Pass(network, lanes, blockSteps, team);
    Pass again = new Pass(network, lanes, blockSteps, tight, team);
    Coupled one = Coupling.full().couple(few.steps(), lanes, Randomness.of(seed));
    Coupled eight = Coupling.full().couple(many.steps(), lanes, Randomness.of(seed));
    double small = seconds(() -> all.run(weights, few, one, state, gradient));
    double large = seconds(() -> all.run(weights, many, eight, state, gradient));
    double twice = seconds(() -> again.run(weights, many, eight, state, gradient));
    double step = seconds(() -> updater.step(weights, gradient));
    long more = footprint.plan(many.steps(), tight).evaluations() - BLOCKS;
    double block = Math.max(0, large - small) / (BLOCKS - 1);
    double forward = Math.max(0, Math.min(block, (twice - large) / more));
    return new Calibration(forward, block - forward, Math.max(0, small - block) + step);
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

  // The median of some runs, after others.
  private static double seconds(Work work) {
    long start = System.nanoTime();
    do {
      work.run();
    } while (System.nanoTime() - start < WARM_UP_SECONDS * 1e9);
    double[] seconds = new double[FEWEST];
    int count = 0;
    start = System.nanoTime();
    while (count < FEWEST || System.nanoTime() - start < SECONDS * 1e9) {
      long before = System.nanoTime();
      work.run();
      if (count == seconds.length) {
        seconds = Arrays.copyOf(seconds, 2 * count);
      }
      seconds[count++] = (System.nanoTime() - before) * 1e-9;
    }
    Arrays.sort(seconds, 0, count);
    return seconds[count / 2];
  }
}
