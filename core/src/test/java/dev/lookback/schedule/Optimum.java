package dev.lookback.schedule;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/** Oracles for the fewest evaluations. Sizes and budgets are in units. */
final class Optimum {
  static final long NEVER = Long.MAX_VALUE / 4;

  private Optimum() {}

  /**
   * {@code [m][t]}: t blocks, m units besides the working tape, the entering state only at hand.
   * Tries every split.
   */
  static long[][] atHand(int blocks, int stateUnits, int tapeUnits, int free) {
    long[][] hand = new long[free + 1][blocks + 1];
    long[][] kept = new long[free + 1][blocks + 1];
    for (int m = 0; m <= free; m++) {
      for (int t = 1; t <= blocks; t++) {
        long best = t == 1 ? 1 : NEVER;
        if (m >= tapeUnits) {
          best = Math.min(best, 1 + kept[m - tapeUnits][t - 1]);
        }
        for (int y = 1; m >= stateUnits && y < t; y++) {
          best = Math.min(best, y + hand[m - stateUnits][t - y] + hand[m][y]);
        }
        hand[m][t] = best;
        long again = NEVER;
        for (int y = 0; y < t; y++) {
          again = Math.min(again, y + hand[m][t - y] + kept[m][y]);
        }
        kept[m][t] = again;
      }
    }
    return hand;
  }

  /**
   * The mixed strategy as published (Gruslys et al. 2016): {@code [m][t]} with the initial state in
   * m for good and the working tape outside.
   */
  static long[][] published(int blocks, int tapeUnits, int units) {
    long[][] cost = new long[units + 1][blocks + 1];
    for (int m = 1; m <= units; m++) {
      for (int t = 1; t <= blocks; t++) {
        long best = m == 1 || t == 1 ? t * (t + 1L) / 2 : NEVER;
        for (int y = 1; m > 1 && y < t; y++) {
          best = Math.min(best, y + cost[m - 1][t - y] + cost[m][y]);
        }
        for (int y = 1; m > tapeUnits && y <= t; y++) {
          best = Math.min(best, y + cost[m - tapeUnits][t - y] + cost[m][y - 1]);
        }
        cost[m][t] = best;
      }
    }
    return cost;
  }

  /**
   * Of all sequences of actions whatever: Dijkstra over what is stored, what is on tapes, what is
   * at hand and what remains. No way of planning is taken for granted.
   */
  static long ofAllSequences(int blocks, int stateUnits, int tapeUnits, int budget) {
    Map<Model, Long> settled = new HashMap<>();
    PriorityQueue<Model> open = new PriorityQueue<>((a, b) -> Long.compare(a.cost, b.cost));
    open.add(new Model(0, 0, 0, blocks, 0));
    while (!open.isEmpty()) {
      Model model = open.poll();
      if (model.remaining == 0) {
        return model.cost;
      }
      if (settled.putIfAbsent(model.withoutCost(), model.cost) == null) {
        for (int block = 0; block <= model.remaining; block++) {
          model.follow(block, open, new int[] {stateUnits, tapeUnits, budget});
        }
      }
    }
    return NEVER;
  }

  /** Sets of blocks are bits. */
  private record Model(int states, int tapes, int atHand, int remaining, long cost) {
    Model withoutCost() {
      return new Model(states, tapes, atHand, remaining, 0);
    }

    private boolean fits(int scratch, int[] units) {
      int held = Math.max(1, Integer.bitCount(tapes) + scratch);
      return Integer.bitCount(states) * units[0] + held * units[1] <= units[2];
    }

    private void follow(int block, PriorityQueue<Model> open, int[] units) {
      int bit = 1 << block;
      boolean kept = (states & bit) != 0;
      offer(new Model(states ^ bit, tapes, atHand, remaining, cost), kept, units, open);
      offer(new Model(states | bit, tapes, atHand, remaining, cost), block == atHand, units, open);
      boolean restorable = kept || (block > 0 && (tapes & (bit >> 1)) != 0);
      offer(new Model(states, tapes, block, remaining, cost), restorable, units, open);
      if (block == atHand && block < remaining) {
        if (fits(1, units)) {
          open.add(new Model(states, tapes, block + 1, remaining, cost + 1));
        }
        boolean fresh = (tapes & bit) == 0;
        offer(new Model(states, tapes | bit, block + 1, remaining, cost + 1), fresh, units, open);
      }
      boolean back = block == remaining - 1 && (tapes & bit) != 0;
      offer(new Model(states, tapes & ~bit, atHand, block, cost), back, units, open);
    }

    private static void offer(Model next, boolean allowed, int[] units, PriorityQueue<Model> open) {
      if (allowed && next.fits(0, units)) {
        open.add(next);
      }
    }
  }
}
