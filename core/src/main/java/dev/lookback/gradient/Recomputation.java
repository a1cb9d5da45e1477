package dev.lookback.gradient;

import dev.lookback.network.State;
import dev.lookback.schedule.Action;
import dev.lookback.schedule.Plan;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a sweep as a plan says: keeps some states and some tapes, and computes the rest
 * again. The same blocks on the same grid as a sweep that keeps everything, in the same order on
 * the way back, so that not a bit differs.
 */
final class Recomputation {
  private final Tapes tapes;
  private final WayBack back;
  private final WayBack.Task task;
  private final Witness witness;
  private final State hand;
  private final Map<Integer, State> kept = new HashMap<>();
  private final Map<Integer, Block> recorded = new HashMap<>();
  private final int first;
  private final int last;
  private final State leaving;
  private double loss;

  /** Goes through the sweep of a task; {@code state} enters it and is left as it is at its end. */
  Recomputation(Tapes tapes, WayBack back, WayBack.Task task, Witness witness, State state) {
    this.tapes = tapes;
    this.back = back;
    this.task = task;
    this.witness = witness;
    this.hand = state.copy();
    this.leaving = state;
    this.first = task.sweep().backTo() / tapes.capacity();
    this.last = (task.sweep().to() - 1) / tapes.capacity();
  }

  /** The blocks of the grid that a sweep touches. */
  static int blocks(Sweep sweep, int blockSteps) {
    return (sweep.to() - 1) / blockSteps - sweep.backTo() / blockSteps + 1;
  }

  /** Carries the plan out, and returns the sum of the losses injected. */
  double run(Plan plan) {
    tapes.skipTo(task.sweep().to());
    for (Action action : plan) {
      if (action instanceof Action.Advance advance) {
        for (int block = advance.from(); block < advance.to(); block++) {
          tapes.vault().give(compute(block));
        }
      } else if (action instanceof Action.Tape tape) {
        recorded.put(tape.block(), compute(tape.block()));
      } else if (action instanceof Action.Back goBack) {
        Block block = taken(recorded.remove(goBack.block()));
        loss += back.through(block, task, witness);
        tapes.vault().give(block);
      } else if (action instanceof Action.Store store) {
        State state = tapes.vault().takeState();
        state.set(hand);
        kept.put(store.block(), state);
      } else if (action instanceof Action.Restore restore) {
        restore(restore.block());
      } else if (action instanceof Action.Discard discard) {
        tapes.vault().give(taken(kept.remove(discard.block())));
      }
    }
    return loss;
  }

  private static <T> T taken(@Nullable T kept) {
    return Objects.requireNonNull(kept, "the plan takes what it does not keep");
  }

  private void restore(int block) {
    State state = kept.get(block);
    if (state != null) {
      hand.set(state);
    } else {
      taken(recorded.get(block - 1)).leave(hand);
    }
  }

  // The block with this number on tapes; the state at hand goes on to its end.
  private Block compute(int number) {
    int cell = first + number;
    int steps = tapes.capacity();
    Block block = tapes.vault().takeBlock();
    block.begin(Math.max(task.sweep().backTo(), cell * steps), hand);
    int end = Math.min(task.sweep().to(), (cell + 1) * steps);
    tapes.extend(task.window(), task.links(), block, end, hand);
    if (cell == last) {
      leaving.set(hand);
    }
    return block;
  }
}
