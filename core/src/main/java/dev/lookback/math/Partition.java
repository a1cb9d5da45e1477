package dev.lookback.math;

import java.util.ArrayList;
import java.util.List;

/**
 * How a team shares the steps of a recurrence.
 *
 * <p>Lanes never touch each other, so where there are enough of them each thread takes some through
 * all steps, and nobody waits. Where there are few, or where the weights are so large that each
 * thread would draw all of them through its cache at every step, each thread takes some of the
 * units of all lanes, and all wait for each other after every step. Where a step is too small for
 * that, one thread does it all: more threads never make it slower.
 *
 * @param parts a piece for each thread
 * @param inStep whether the threads wait for each other after every step
 */
public record Partition(List<Part> parts, boolean inStep) {
  // Rows below which a thread's products run well below their best.
  private static final int LANES_WORTH_A_THREAD = 4;
  // Recurrent weights of a layer beyond which a step draws them from the last cache: half a
  // megabyte.
  private static final long WEIGHTS_THAT_STAY = 1 << 17;
  // Multiplications of a step that are worth two waits.
  private static final long WORTH_WAITING = 150_000;

  /** Copies the list. */
  public Partition {
    parts = List.copyOf(parts);
  }

  /**
   * The pieces of steps of so many lanes and units.
   *
   * @param weights multiplications that one lane's step takes: the recurrent weights
   */
  public static Partition of(Team team, int lanes, int units, long weights) {
    int threads = team.size();
    int columnThreads = Math.min(threads, units / team.grain());
    boolean fewLanes = lanes < LANES_WORTH_A_THREAD * threads;
    if (threads > 1
        && columnThreads > 1
        && (fewLanes || weights > WEIGHTS_THAT_STAY)
        && lanes * weights >= WORTH_WAITING) {
      return byUnits(lanes, units, columnThreads, team.grain());
    }
    return byLanes(lanes, units, fewLanes ? Math.max(1, lanes / LANES_WORTH_A_THREAD) : threads);
  }

  private static Partition byLanes(int lanes, int units, int threads) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      parts.add(new Part(lanes * i / threads, lanes * (i + 1) / threads, 0, units));
    }
    return new Partition(parts, false);
  }

  private static Partition byUnits(int lanes, int units, int threads, int grain) {
    int grains = (units + grain - 1) / grain;
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int from = grains * i / threads * grain;
      int to = Math.min(units, grains * (i + 1) / threads * grain);
      parts.add(new Part(0, lanes, from, to));
    }
    return new Partition(parts, true);
  }
}
