package dev.lookback.gradient;

import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.schedule.Plan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How many bytes of activations a {@link Pass} needs, known before anything is allocated and equal
 * to what it then counts.
 *
 * @param blockSteps S, the steps of a block
 * @param fixedBytes what lives for one block: outputs, deltas, scratch
 * @param blockBytes the tapes of a block
 * @param stateBytes a kept state
 */
public record Footprint(int blockSteps, long fixedBytes, long blockBytes, long stateBytes) {
  private static final double TWICE = 2;

  /**
   * For blocks of a given number of steps.
   *
   * @param resets whether lanes start afresh inside of windows
   */
  public static Footprint of(Network network, int lanes, int blockSteps, boolean resets) {
    return new Footprint(
        blockSteps,
        WayBack.bytes(network, lanes, blockSteps, resets),
        Block.bytes(network, blockSteps, lanes),
        State.bytes(network, lanes));
  }

  /** For blocks of {@link Pass#blockStepsFor} steps, of half as many, a quarter, ... and of one. */
  public static List<Footprint> candidates(Network network, int lanes, boolean resets) {
    return of(network, lanes, Pass.blockStepsFor(lanes), resets).orShorter(network, lanes, resets);
  }

  /** This one, and those of blocks of half as many steps, a quarter, ... and of one. */
  public List<Footprint> orShorter(Network network, int lanes, boolean resets) {
    List<Footprint> all = new ArrayList<>();
    for (int steps = blockSteps; steps >= 1; steps /= 2) {
      all.add(of(network, lanes, steps, resets));
    }
    return all;
  }

  /**
   * For windows of so many steps within a budget: with blocks of {@link Pass#blockStepsFor} steps,
   * so that a run within a budget has the same bits as one without, or, where that would compute
   * blocks more than twice, with the blocks of half, a quarter, ... of those steps that compute
   * least.
   *
   * @throws IllegalArgumentException if the budget is too small, with the smallest that works
   */
  public static Footprint within(
      Network network, int lanes, long steps, Memory memory, boolean resets) {
    Footprint best = of(network, lanes, Pass.blockStepsFor(lanes), resets);
    if (memory.budget().isEmpty()) {
      return best;
    }
    double least = Double.POSITIVE_INFINITY;
    long smallest = Long.MAX_VALUE;
    for (Footprint candidate : best.orShorter(network, lanes, resets)) {
      smallest = Math.min(smallest, candidate.smallest(steps));
      if (candidate.smallest(steps) > memory.bytes()) {
        continue;
      }
      double share = candidate.computed(steps, memory);
      if (share <= TWICE) {
        return candidate;
      }
      if (share < least) {
        least = share;
        best = candidate;
      }
    }
    if (least == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "a memory of "
              + Memory.text(memory.bytes())
              + " is too small for windows of "
              + steps
              + " steps of "
              + lanes
              + " lanes: the smallest that works is "
              + Memory.text(smallest)
              + ". Use fewer lanes, fewer hidden units or more memory");
    }
    return best;
  }

  /**
   * For sliding over windows within a budget: with the largest blocks that fit. What sweeps share
   * is remembered and never computed again, so the budget decides how far sliding can look.
   *
   * @param resets whether lanes start afresh inside of windows
   * @throws IllegalArgumentException if the budget is too small, with the smallest that works
   */
  public static Footprint within(
      Network network, int lanes, SlidingWindows windows, Memory memory, boolean resets) {
    if (memory.budget().isEmpty()) {
      return of(network, lanes, Pass.blockStepsFor(lanes), resets);
    }
    long smallest = Long.MAX_VALUE;
    for (Footprint candidate : candidates(network, lanes, resets)) {
      long peak = candidate.peak(windows);
      if (peak <= memory.bytes()) {
        return candidate;
      }
      smallest = Math.min(smallest, peak);
    }
    throw new IllegalArgumentException(
        "a memory of "
            + Memory.text(memory.bytes())
            + " is too small for "
            + windows.coupling().label()
            + " with windows of "
            + windows.steps()
            + " steps of "
            + lanes
            + " lanes: what it looks back over is remembered, never computed again, and the smallest"
            + " that works is "
            + Memory.text(smallest)
            + ". Use a shorter length, fewer lanes, fewer hidden units or more memory; full and"
            + " fixed compute again what does not fit");
  }

  /**
   * For sliding over windows of any lengths with sweeps of up to {@code longest} steps, which have
   * to be remembered as a whole: with the largest blocks, halving those of {@link
   * Pass#blockStepsFor}, with which that fits wherever on the grid of blocks a sweep begins; none
   * if it fits with no blocks.
   */
  public static Optional<Footprint> sliding(
      Network network, int lanes, int longest, Memory memory, boolean resets) {
    return candidates(network, lanes, resets).stream()
        .filter(candidate -> candidate.fits(candidate.touched(longest), memory))
        .findFirst();
  }

  // The most blocks that so many consecutive steps lie in.
  private int touched(int steps) {
    return (int) ((steps - 1L + blockSteps - 1) / blockSteps) + 1;
  }

  /** The blocks of so many steps. */
  public int blocks(long steps) {
    return Math.toIntExact((steps + blockSteps - 1) / blockSteps);
  }

  /** The smallest budget with which a window of so many steps can be gone back through. */
  public long smallest(long steps) {
    long keepAll = fixedBytes + blocks(steps) * blockBytes;
    return Math.min(keepAll, fixedBytes + blockBytes + stateBytes);
  }

  /** How often each block is computed on average. */
  public double computed(long steps, Memory memory) {
    return computedOfBlocks(blocks(steps), memory);
  }

  /** Whether the tapes of so many blocks may be kept at once. */
  boolean fits(int blocks, Memory memory) {
    return blocks * blockBytes <= memory.bytes() - fixedBytes;
  }

  /**
   * Whether each sweep of a window coupled like this may have all its tapes at once. Sweeps that
   * overlap the one before need that: what they remember is not computed again.
   */
  public boolean remembers(Coupled coupled, Memory memory) {
    return coupled.sweeps().stream()
        .allMatch(sweep -> fits(Recomputation.blocks(sweep, blockSteps), memory));
  }

  /** What to keep and what to compute again for the exact gradient of so many steps. */
  public Plan plan(long steps, Memory memory) {
    return planOfBlocks(blocks(steps), memory);
  }

  /** The same for the blocks of a sweep, wherever on the grid it begins. */
  Plan planOfBlocks(int blocks, Memory memory) {
    return fits(blocks, memory)
        ? Plan.keepAll(blocks, stateBytes, blockBytes)
        : Plan.within(blocks, stateBytes, blockBytes, memory.bytes() - fixedBytes);
  }

  /** How often each block of a sweep is computed on average, wherever on the grid it begins. */
  public double computed(Sweep sweep, Memory memory) {
    return computedOfBlocks(Recomputation.blocks(sweep, blockSteps), memory);
  }

  private double computedOfBlocks(int blocks, Memory memory) {
    return fits(blocks, memory) ? 1 : (double) planOfBlocks(blocks, memory).evaluations() / blocks;
  }

  /** The peak of a sweep, wherever on the grid of blocks it begins. */
  public long peak(Sweep sweep, Memory memory) {
    return peakOfBlocks(Recomputation.blocks(sweep, blockSteps), memory);
  }

  /** The peak of the exact gradient of so many steps. */
  public long peak(long steps, Memory memory) {
    return peakOfBlocks(blocks(steps), memory);
  }

  private long peakOfBlocks(int blocks, Memory memory) {
    return fixedBytes + planOfBlocks(blocks, memory).peakBytes();
  }

  /** The peak of a pass without a budget over a window coupled like this. */
  public long peak(Coupled coupled) {
    Live live = new Live();
    int most = 0;
    for (Sweep sweep : coupled.sweeps()) {
      most = Math.max(most, live.sweep(sweep));
    }
    return fixedBytes + most * blockBytes;
  }

  /** The peak of a pass that slides over windows. */
  public long peak(SlidingWindows windows) {
    Coupling.Sliding sliding = windows.coupling();
    int windowSteps = windows.steps();
    if (!windows.carries()) {
      return peak(windows.alone());
    }
    int most = 0;
    Live live = new Live();
    int position = 0;
    // Until every place of a window's start on the grid of blocks has been seen.
    long enough = sliding.k2() + (long) windowSteps * blockSteps;
    while (position <= enough) {
      int end = position + windowSteps;
      int first = Math.max(live.start(), position - (sliding.k2() - sliding.k1()));
      for (int from = position; from < end; from += sliding.k1()) {
        int to = Math.min(end, from + sliding.k1());
        int back = Math.min(from, Math.max(first, to - sliding.k2()));
        most = Math.max(most, live.sweep(new Sweep(from, to, back)));
      }
      live.release(end - (sliding.k2() - sliding.k1()));
      if (live.isEmpty()) {
        return fixedBytes + most * blockBytes;
      }
      position = end;
    }
    return fixedBytes + most * blockBytes;
  }

  // The blocks that Tapes would remember, by the steps at which they begin and end.
  private final class Live {
    private final Deque<int[]> blocks = new ArrayDeque<>();
    private int position;

    int sweep(Sweep sweep) {
      release(sweep.backTo());
      while (position < sweep.to()) {
        int gridEnd = (position / blockSteps + 1) * blockSteps;
        int end = Math.min(gridEnd, sweep.to());
        if (!blocks.isEmpty() && position < (blocks.getLast()[0] / blockSteps + 1) * blockSteps) {
          blocks.getLast()[1] = end;
        } else {
          blocks.add(new int[] {position, end});
        }
        position = end;
      }
      return blocks.size();
    }

    void release(int step) {
      while (!blocks.isEmpty() && blocks.getFirst()[1] <= step) {
        blocks.removeFirst();
      }
    }

    int start() {
      return blocks.isEmpty() ? position : blocks.getFirst()[0];
    }

    boolean isEmpty() {
      return blocks.isEmpty();
    }
  }
}
