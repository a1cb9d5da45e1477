package dev.lookback.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;

/**
 * Carries a plan out on block numbers alone. The state at hand is the number of the block that it
 * enters; a tape is worth something only if it was recorded from the state that enters its block.
 */
final class FakeModel {
  private final long stateBytes;
  private final long tapeBytes;
  private final Set<Integer> states = new HashSet<>();
  private final Set<Integer> tapes = new HashSet<>();
  private int atHand;
  private int remaining;
  private long evaluations;
  private long peakBytes;

  private FakeModel(int blocks, long stateBytes, long tapeBytes) {
    this.remaining = blocks;
    this.stateBytes = stateBytes;
    this.tapeBytes = tapeBytes;
  }

  /** Carries the plan out and checks every number that it says of itself. */
  static void check(Plan plan, long stateBytes, long tapeBytes, long budget) {
    FakeModel model = new FakeModel(plan.blocks(), stateBytes, tapeBytes);
    for (Action action : plan) {
      model.act(action);
    }
    String what = plan + " with states of " + stateBytes + " and tapes of " + tapeBytes;
    assertThat(model.remaining).as(what).isZero();
    assertThat(model.states).as(what).isEmpty();
    assertThat(model.tapes).as(what).isEmpty();
    assertThat(plan.evaluations()).as(what).isEqualTo(model.evaluations);
    assertThat(plan.peakBytes()).as(what).isEqualTo(model.peakBytes).isLessThanOrEqualTo(budget);
  }

  // Plain ifs: millions of actions are checked.
  private static void require(boolean holds, Action action, String why) {
    if (!holds) {
      throw new AssertionError(action + ": " + why);
    }
  }

  private void act(Action action) {
    boolean advancing = false;
    if (action instanceof Action.Store store) {
      require(atHand == store.block(), action, "another state is at hand");
      require(states.add(store.block()), action, "stored already");
    } else if (action instanceof Action.Restore restore) {
      boolean onTape = tapes.contains(restore.block() - 1);
      require(onTape || states.contains(restore.block()), action, "nothing to restore from");
      atHand = restore.block();
    } else if (action instanceof Action.Discard discard) {
      require(states.remove(discard.block()), action, "not stored");
    } else if (action instanceof Action.Advance advance) {
      require(atHand == advance.from(), action, "another state is at hand");
      require(advance.to() > advance.from(), action, "no blocks");
      require(advance.to() < remaining, action, "beyond what anything needs");
      atHand = advance.to();
      evaluations += advance.to() - advance.from();
      advancing = true;
    } else if (action instanceof Action.Tape tape) {
      require(atHand == tape.block(), action, "another state is at hand");
      require(tape.block() < remaining, action, "its way back is done");
      require(tapes.add(tape.block()), action, "recorded already");
      atHand = tape.block() + 1;
      evaluations++;
    } else if (action instanceof Action.Back back) {
      require(back.block() == remaining - 1, action, "not the last block that remains");
      require(tapes.remove(back.block()), action, "no tape");
      remaining--;
    }
    // The tape that Back has just freed was counted when it was recorded.
    long held = Math.max(1, tapes.size() + (advancing ? 1 : 0));
    peakBytes = Math.max(peakBytes, states.size() * stateBytes + held * tapeBytes);
  }
}
