package dev.lookback.schedule;

import dev.lookback.schedule.Part.Start;
import java.util.Iterator;
import java.util.Objects;

/**
 * How to go back through a number of blocks within a number of bytes: which states and tapes are
 * kept and what is computed again. An immutable value; its actions are worked out while they are
 * iterated over.
 *
 * <p>The gradient is the same, bit for bit, whatever the plan. Counted are the evaluations, which
 * are blocks computed forward (n when every tape is kept), and the bytes of stored states and of
 * tapes as {@code dev.lookback.schedule} says; the state at hand is not counted.
 *
 * <p>Where tapes fit, a plan keeps those of the blocks that it computes last, and more of them as
 * states are dropped. With k tapes and a state in front of every k blocks nothing is computed more
 * than twice.
 *
 * <p>The evaluations are the fewest possible with up to 64 blocks, and with any number where no
 * more than one tape fits. Else they were at most 1.3 % above the optimum of an exact dynamic
 * program up to 400 blocks (1.8 % where a tape is less than two states), 0.1 % on average. Up to a
 * million blocks they were within 4 % of a bound that no plan can beat, and within 0.1 % where a
 * tape is 300 states. More bytes never gave more evaluations in any range that was tried, which is
 * measured, not proved, beyond 64 blocks.
 *
 * <p>Sources: Griewank and Walther, Algorithm 799: Revolve (2000); Gruslys, Munos, Danihelka,
 * Lanctot and Graves, Memory-efficient backpropagation through time (2016). Unlike the latter, a
 * plan counts the working tape, and drops a stored state once nothing starts from it again.
 */
public final class Plan implements Iterable<Action> {
  /** The most blocks of a plan. */
  public static final int MOST_BLOCKS = 1 << 20;

  private static final long MOST_BYTES = 1L << 50;

  private final long stateBytes;
  private final long tapeBytes;
  private final Part whole;
  private final Fewest fewest;
  private final long evaluations;
  private final long peakBytes;

  private Plan(int blocks, long stateBytes, long tapeBytes, long free) {
    this.stateBytes = stateBytes;
    this.tapeBytes = tapeBytes;
    this.whole = new Part(Start.AT_HAND, blocks, free);
    this.fewest = new Fewest(blocks, stateBytes, tapeBytes);
    this.evaluations = fewest.evaluations(whole);
    this.peakBytes = tapeBytes + fewest.peak(whole);
  }

  /**
   * Every tape is kept and nothing is computed again.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Plan keepAll(int blocks, long stateBytes, long tapeBytes) {
    requireSizes(blocks, stateBytes, tapeBytes);
    return new Plan(blocks, stateBytes, tapeBytes, (blocks - 1) * tapeBytes);
  }

  /**
   * The fewest evaluations that can be found within a budget.
   *
   * @param blocks how many blocks, 1 to {@link #MOST_BLOCKS}
   * @param stateBytes the bytes of a stored state
   * @param tapeBytes the bytes of a block's tape
   * @param budgetBytes what states and tapes may take together
   * @throws IllegalArgumentException if a number is out of range, or the budget is less than one
   *     tape and, for two blocks or more, another tape or a state, whichever is smaller
   */
  public static Plan within(int blocks, long stateBytes, long tapeBytes, long budgetBytes) {
    requireSizes(blocks, stateBytes, tapeBytes);
    long smallest = tapeBytes + (blocks == 1 ? 0 : Math.min(stateBytes, tapeBytes));
    if (budgetBytes < smallest) {
      throw new IllegalArgumentException(
          "a budget of "
              + budgetBytes
              + " bytes is too small to go back through "
              + blocks
              + (blocks == 1 ? " block" : " blocks")
              + ": it needs "
              + smallest
              + " bytes or more, a tape has "
              + tapeBytes
              + " and a state "
              + stateBytes);
    }
    long mostUseful = (blocks - 1) * tapeBytes;
    long free = Math.min(budgetBytes - tapeBytes, mostUseful);
    return new Plan(blocks, stateBytes, tapeBytes, Fewest.filled(free, stateBytes, tapeBytes));
  }

  private static void requireSizes(int blocks, long stateBytes, long tapeBytes) {
    if (blocks < 1 || blocks > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          "a plan of " + blocks + " blocks, but it needs 1 to " + MOST_BLOCKS);
    }
    requireBytes("a state", stateBytes, MOST_BYTES);
    requireBytes("a tape", tapeBytes, MOST_BYTES / blocks);
  }

  private static void requireBytes(String what, long bytes, long most) {
    if (bytes < 1 || bytes > most) {
      throw new IllegalArgumentException(
          what + " has " + bytes + " bytes, but the plan needs 1 to " + most);
    }
  }

  /** How many blocks are gone back through. */
  public int blocks() {
    return (int) whole.blocks();
  }

  /** Blocks computed forward, again or not: those of Advance and Tape. */
  public long evaluations() {
    return evaluations;
  }

  /** The most bytes of stored states and tapes at any time, exactly. */
  public long peakBytes() {
    return peakBytes;
  }

  /** Whether every tape is kept and nothing is computed again. */
  public boolean keepsAll() {
    return evaluations == whole.blocks();
  }

  /** {@code keep-all} or {@code within:} with the plan's own peak in bytes. */
  public String label() {
    return keepsAll() ? "keep-all" : "within:" + peakBytes;
  }

  /** The actions, first to last. Each iterator goes its own way. */
  @Override
  public Iterator<Action> iterator() {
    return new Walk(fewest, whole);
  }

  /** Plans for the same blocks, sizes and useful budget have the same actions. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Plan plan
        && whole.equals(plan.whole)
        && stateBytes == plan.stateBytes
        && tapeBytes == plan.tapeBytes;
  }

  @Override
  public int hashCode() {
    return Objects.hash(whole, stateBytes, tapeBytes);
  }

  @Override
  public String toString() {
    return label() + " (" + blocks() + " blocks, " + evaluations + " evaluations)";
  }
}
