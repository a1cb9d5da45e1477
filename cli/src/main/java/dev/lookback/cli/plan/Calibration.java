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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a block takes on this machine, from a few made-up windows. Keeping everything and
 * computing again are two lines: what is kept has left the caches when it is needed, what was just
 * computed again has not.
 *
 * @param kept seconds for a block's way forward and back where all are kept, readout and loss
 *     included
 * @param once the same where blocks are computed again, without what that takes
 * @param forward seconds for a block's way forward
 * @param update seconds for everything that is done once in an update: packing, the optimiser
 */
record Calibration(double kept, double once, double forward, double update) {
  private static final int FEWEST_BLOCKS = 8;
  private static final int MOST_BLOCKS = 256;
  private static final double WINDOW_SECONDS = 0.1;
  private static final double FIRST_SECONDS = 0.2;
  private static final double WARM_UP_SECONDS = 1.5;
  private static final double SECONDS = 2;
  private static final int FEWEST = 5;

  /** Seconds of a block that is computed so often and gone back through so often, on average. */
  double block(double computed, double goneBack) {
    double first = computed > 1 ? once + (computed - 1) * forward : kept;
    return first + (goneBack - 1) * Math.max(0, kept - forward);
  }

  private interface Work {
    void run();
  }

  /** Times blocks of each of the sizes, in steps, in windows of up to {@code steps} steps. */
  static Map<Integer, Calibration> of(
      Network network, Shape shape, List<Integer> sizes, Team team, long seed) {
    Weights weights = network.initialize(Initialization.uniform(), seed);
    Weights gradient = Weights.zeros(weights.layout());
    Updater updater = Adam.standard().start(weights.layout());
    Scene scene = new Scene(network, weights, gradient, shape, team, seed);
    List<Timed> blocks = new ArrayList<>();
    List<Work> works = new ArrayList<>();
    works.add(() -> updater.step(weights, gradient));
    for (int size : sizes) {
      blocks.add(scene.timed(size));
      works.addAll(blocks.get(blocks.size() - 1).works());
    }
    rounds(WARM_UP_SECONDS, 1, works);
    double[] seconds = medians(rounds(SECONDS, FEWEST, works), works.size());
    Map<Integer, Calibration> calibrations = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      int first = 1 + i * Timed.WORKS;
      double[] own = Arrays.copyOfRange(seconds, first, first + Timed.WORKS);
      calibrations.put(sizes.get(i), blocks.get(i).calibration(own, seconds[0]));
    }
    return calibrations;
  }

  /** The windows that are planned for. */
  record Shape(int steps, int lanes) {}

  /** What the passes that are timed have in common. */
  private record Scene(
      Network network, Weights weights, Weights gradient, Shape shape, Team team, long seed) {

    private Work work(Pass pass, Window window) {
      State state = State.zeros(network, shape.lanes());
      Coupled coupled = Coupling.full().couple(window.steps(), window.lanes(), Randomness.of(seed));
      return () -> pass.run(weights, window, coupled, state, gradient);
    }

    // A block alone, many of them, and many of which most are computed twice.
    private Timed timed(int size) {
      Pass all = new Pass(network, shape.lanes(), size, team);
      Work one = work(all, window(network, shape.lanes(), size, seed));
      // Windows long enough to be told from a block by the clock, and to leave the caches as those
      // that are planned for do.
      double guess = medians(rounds(FIRST_SECONDS, 1, List.of(one)), 1)[0];
      double most = Math.min(WINDOW_SECONDS / guess, (double) shape.steps() / size);
      int blocks = (int) Math.max(FEWEST_BLOCKS, Math.min(MOST_BLOCKS, most));
      Window many = window(network, shape.lanes(), blocks * size, seed);
      Footprint footprint = Footprint.of(network, shape.lanes(), size, false);
      long least = footprint.fixedBytes() + footprint.blockBytes();
      // A state for each block, and for one in some.
      Memory tight = Memory.within(least + blocks * footprint.stateBytes());
      Memory tighter = Memory.within(least + (2 + blocks / FEWEST_BLOCKS) * footprint.stateBytes());
      Work twice = work(new Pass(network, shape.lanes(), size, tight, team), many);
      Work more = work(new Pass(network, shape.lanes(), size, tighter, team), many);
      return new Timed(
          List.of(one, work(all, many), twice, more),
          blocks,
          footprint.plan(many.steps(), tight).evaluations() - blocks,
          footprint.plan(many.steps(), tighter).evaluations() - blocks);
    }
  }

  /**
   * The passes of one size of block.
   *
   * @param works a block alone; a window of blocks; the same with less memory, and with least
   * @param blocks of the window
   * @param again how many blocks are computed again with less memory
   * @param more and with least
   */
  private record Timed(List<Work> works, int blocks, long again, long more) {
    private static final int WORKS = 4;

    private Calibration calibration(double[] seconds, double step) {
      double start = Math.max(0, seconds[0] - seconds[1] / blocks);
      double kept = (seconds[1] - start) / blocks;
      double less = (seconds[2] - start) / blocks;
      double slope = (seconds[3] - seconds[2]) / Math.max(1, more - again);
      double forward = Math.max(0, Math.min(kept, slope));
      double once = Math.max(0, less - forward * again / blocks);
      return new Calibration(kept, once, forward, start + step);
    }
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

  // The median seconds of each piece of work.
  private static double[] medians(List<double[]> rounds, int works) {
    double[] medians = new double[works];
    for (int w = 0; w < works; w++) {
      int which = w;
      double[] sorted = rounds.stream().mapToDouble(round -> round[which]).sorted().toArray();
      medians[w] = sorted[sorted.length / 2];
    }
    return medians;
  }

  // They take turns, so that what compiles late and what else the machine does meets them alike.
  private static List<double[]> rounds(double seconds, int fewest, List<Work> works) {
    List<double[]> rounds = new ArrayList<>();
    long start = System.nanoTime();
    do {
      double[] round = new double[works.size()];
      for (int w = 0; w < works.size(); w++) {
        long before = System.nanoTime();
        works.get(w).run();
        round[w] = (System.nanoTime() - before) * 1e-9;
      }
      rounds.add(round);
    } while (rounds.size() < fewest || System.nanoTime() - start < seconds * 1e9);
    return rounds;
  }
}
