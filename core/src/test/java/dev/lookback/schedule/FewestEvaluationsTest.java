package dev.lookback.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FewestEvaluationsTest {
  private static long evaluations(int blocks, int state, int tape, int free) {
    return Plan.within(blocks, state, tape, (long) free + tape).evaluations();
  }

  /** What every strategy is measured against takes no strategy for granted. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "1, 5", "2, 3", "4, 5", "3, 2"})
  void theRecurrenceIsTheOptimumOfAllSequences(int state, int tape) {
    for (int blocks = 2; blocks <= 6; blocks++) {
      int most = Math.min(tape * blocks, 14);
      long[][] optimum = Optimum.atHand(blocks, state, tape, most);
      for (int free = Math.min(state, tape); free <= most; free++) {
        assertThat(Optimum.ofAllSequences(blocks, state, tape, free + tape))
            .as("%d blocks, %d units besides a tape", blocks, free)
            .isEqualTo(optimum[free][blocks]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "1, 5", "2, 3", "4, 5", "3, 7", "1, 20", "5, 2"})
  void isTheOptimumUpTo64Blocks(int state, int tape) {
    int most = Math.min(64 * tape, 200);
    long[][] optimum = Optimum.atHand(64, state, tape, most);
    for (int blocks = 2; blocks <= 64; blocks += blocks < 30 ? 1 : 17) {
      for (int free = Math.min(state, tape); free <= most; free++) {
        assertThat(evaluations(blocks, state, tape, free))
            .as("%d blocks, %d units besides a tape", blocks, free)
            .isEqualTo(optimum[free][blocks]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 1.3", "1, 5, 1.3", "3, 7, 1.3", "2, 3, 2", "4, 5, 2"})
  void isWithinTwoPercentOfTheOptimum(int state, int tape, double percent) {
    int most = 90;
    long[][] optimum = Optimum.atHand(400, state, tape, most);
    for (int blocks = 66; blocks <= 400; blocks += 83) {
      for (int free = state; free <= most; free++) {
        long found = evaluations(blocks, state, tape, free);
        long best = optimum[free][blocks];
        assertThat(found)
            .as("%d blocks, %d units besides a tape", blocks, free)
            .isBetween(best, (long) (best * (1 + percent / 100)));
      }
    }
  }

  @Test
  void griewankAndWalther2000WithStatesAlone() {
    // Tapes so large that there is room for one.
    int tape = 5000;
    for (int states = 1; states <= 6; states++) {
      for (int blocks = 2; blocks <= 60; blocks++) {
        assertThat(evaluations(blocks, 1, tape, states)).isEqualTo(revolve(blocks, states));
      }
    }
  }

  private static long revolve(int t, int m) {
    long r = 0;
    while (choose(m + r, m) < t) {
      r++;
    }
    return t + r * t - choose(m + r, m + 1);
  }

  private static long choose(long n, long k) {
    long product = 1;
    for (long i = 1; i <= k; i++) {
      product = product * (n - k + i) / i;
    }
    return k > n ? 0 : product;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 500500",
    "2, 29820",
    "3, 13155",
    "5, 7284",
    "10, 4636",
    "20, 3747",
    "32, 3405",
    "44, 2954",
    "50, 2948",
    "100, 2898",
    "999, 1999",
    "1000, 1999",
    "4000, 1999"
  })
  void hiddenStateMemoryOfGruslys2016AtAThousandSteps(int states, long expected) {
    assertThat(evaluations(1000, 1, 5000, states)).isEqualTo(expected);
  }

  @Test
  void internalStateMemoryOfGruslys2016() {
    // C(t, m) = min_y y + C(t - y, m - 1) + C(y - 1, m), m tapes with the working one, from a
    // state that costs nothing; here that is the end of the first block's tape.
    int most = 40;
    long[][] cost = new long[most + 1][most + 1];
    for (int m = 1; m <= most; m++) {
      for (int t = 1; t <= most; t++) {
        long best = m == 1 ? t * (t + 1L) / 2 : Long.MAX_VALUE;
        for (int y = 1; m > 1 && y <= t; y++) {
          best = Math.min(best, y + cost[m - 1][t - y] + cost[m][y - 1]);
        }
        cost[m][t] = best;
        assertThat(evaluations(t + 1, 3, 2, 2 * m)).isEqualTo(1 + best);
      }
    }
  }

  /**
   * Budgets of 1, 2.5 and 5 per cent of a thousand tapes, by the recurrence of that paper with a
   * tape that takes as much as 5 or 2 states, and as found here.
   */
  @ParameterizedTest
  @CsvSource({
    "5, 50, 2723",
    "5, 125, 1982",
    "5, 250, 1950",
    "2, 20, 3114",
    "2, 50, 2347",
    "2, 100, 1950"
  })
  void mixedMemoryOfGruslys2016AtAThousandSteps(int tape, int units, long recurrence) {
    assertThat(Optimum.published(1000, tape, units)[units][1000]).isEqualTo(recurrence);
    long best = Optimum.atHand(1000, 1, tape, units)[units][1000];
    // Fewer than by that recurrence: states are dropped when nothing starts from them again.
    assertThat(best).isLessThanOrEqualTo(recurrence);
    assertThat(evaluations(1000, 1, tape, units)).isBetween(best, best + best / 100);
  }

  @ParameterizedTest
  @CsvSource({
    "15625, 1, 300, 50, 0.1",
    "15625, 1, 300, 1500, 0.1",
    "15625, 1, 300, 150000, 0.1",
    "15625, 7, 97, 700, 1",
    "15625, 1, 5, 50, 2",
    "15625, 1, 2, 10, 4",
    "1000000, 1, 300, 2000, 0.1",
    "1000000, 1, 5, 500, 0.2",
    "1000000, 4, 5, 100, 2"
  })
  void isNearABoundThatNoPlanCanBeat(int blocks, int state, int tape, int free, double percent) {
    Lengths lengths = new Lengths(state, tape, blocks);
    long bound = blocks;
    for (int r = 0; lengths.atHand(r, free) < blocks; r++) {
      bound += blocks - lengths.atHand(r, free);
    }
    assertThat(evaluations(blocks, state, tape, free))
        .isBetween(bound, (long) (bound * (1 + percent / 100)));
  }

  /** The bound is a bound: no optimum lies below it. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "2, 3", "4, 5", "1, 20"})
  void theBoundIsBelowEveryOptimum(int state, int tape) {
    long[][] optimum = Optimum.atHand(80, state, tape, 200);
    Lengths lengths = new Lengths(state, tape, 80);
    for (int free = state; free <= 200; free++) {
      for (int blocks = 2; blocks <= 80; blocks++) {
        long bound = blocks;
        for (int r = 0; lengths.atHand(r, free) < blocks; r++) {
          bound += blocks - lengths.atHand(r, free);
        }
        assertThat(bound).isLessThanOrEqualTo(optimum[free][blocks]);
      }
    }
  }
}
