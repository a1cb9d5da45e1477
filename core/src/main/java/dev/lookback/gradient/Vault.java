package dev.lookback.gradient;

import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.weights.Snapshot;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The arrays that what is remembered is kept in: tapes of blocks, and states. Used again where they
 * can be, and counted: what is in use and what lies spare are never more bytes together than was
 * allowed.
 */
final class Vault {
  private final Network network;
  private final int capacity;
  private final int lanes;
  private final long blockBytes;
  private final long stateBytes;
  private final Deque<Block> blocks = new ArrayDeque<>();
  private final Deque<State> states = new ArrayDeque<>();
  // Spare ones of a vault that was saved, counted but not made before somebody takes them.
  private int unmadeBlocks;
  private int unmadeStates;
  private long allowed;
  private long bytes;
  private long peak;

  Vault(Network network, int capacity, int lanes) {
    this.network = network;
    this.capacity = capacity;
    this.lanes = lanes;
    this.blockBytes = Block.bytes(network, capacity, lanes);
    this.stateBytes = State.bytes(network, lanes);
  }

  /** The most bytes there ever were at once. */
  long peak() {
    return peak;
  }

  /** From now on there may be as many bytes as this at once, or as many as were allowed before. */
  void allow(long bytes) {
    allowed = Math.max(allowed, bytes);
  }

  Block takeBlock() {
    if (!blocks.isEmpty()) {
      return blocks.pop();
    }
    if (unmadeBlocks > 0) {
      unmadeBlocks--;
    } else {
      grow(blockBytes);
    }
    return new Block(network, capacity, lanes);
  }

  void give(Block block) {
    blocks.push(block);
  }

  State takeState() {
    if (!states.isEmpty()) {
      return states.pop();
    }
    if (unmadeStates > 0) {
      unmadeStates--;
    } else {
      grow(stateBytes);
    }
    return State.zeros(network, lanes);
  }

  void give(State state) {
    states.push(state);
  }

  // Spare arrays of one kind make room for those of the other.
  private void grow(long more) {
    while (bytes + more > allowed && drop(states, unmadeStates)) {
      unmadeStates = Math.max(0, unmadeStates - 1);
      bytes -= stateBytes;
    }
    while (bytes + more > allowed && drop(blocks, unmadeBlocks)) {
      unmadeBlocks = Math.max(0, unmadeBlocks - 1);
      bytes -= blockBytes;
    }
    bytes += more;
    peak = Math.max(peak, bytes);
    if (bytes > allowed) {
      throw new IllegalStateException(
          bytes + " bytes of activations are needed where " + allowed + " were planned");
    }
  }

  // Whether there is a spare one, made or not; one that is made goes.
  private static boolean drop(Deque<?> spare, int unmade) {
    if (unmade == 0 && !spare.isEmpty()) {
      spare.pop();
      return true;
    }
    return unmade > 0;
  }

  /**
   * Puts the counts.
   *
   * @param inUse the blocks that are not spare but will be before another is taken
   */
  void save(int inUse, Snapshot.Writer to) {
    to.put("blocks", blocks.size() + unmadeBlocks + inUse);
    to.put("states", states.size() + unmadeStates);
    to.put("allowed", allowed).put("peak", peak);
  }

  /** A fresh vault's counts are then those that were saved. */
  void restore(Snapshot from) {
    allowed = from.whole("allowed", 0, Long.MAX_VALUE);
    unmadeBlocks = (int) from.whole("blocks", 0, most(allowed, blockBytes));
    bytes = unmadeBlocks * blockBytes;
    unmadeStates = (int) from.whole("states", 0, most(allowed - bytes, stateBytes));
    bytes += unmadeStates * stateBytes;
    peak = from.whole("peak", bytes, allowed);
  }

  private static long most(long bytes, long each) {
    return Math.min(Integer.MAX_VALUE, bytes / each);
  }

  /** The blocks that can be taken without more room. */
  int spareBlocks() {
    return blocks.size() + unmadeBlocks;
  }
}
