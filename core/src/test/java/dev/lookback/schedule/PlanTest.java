package dev.lookback.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
  private static List<String> actions(Plan plan) {
    List<String> all = new ArrayList<>();
    plan.forEach(action -> all.add(action.toString()));
    return all;
  }

  @Test
  void keepsAllTapes() {
    Plan plan = Plan.keepAll(2, 1, 3);
    assertThat(actions(plan))
        .containsExactly("Tape[block=0]", "Tape[block=1]", "Back[block=1]", "Back[block=0]");
    assertThat(plan.keepsAll()).isTrue();
    assertThat(plan).hasToString("keep-all (2 blocks, 2 evaluations)");
    assertThat(plan.peakBytes()).isEqualTo(6);
  }

  @Test
  void restartsFromAStateAndDropsItWhenNothingNeedsIt() {
    Plan plan = Plan.within(3, 1, 5, 7);
    assertThat(actions(plan))
        .containsExactly(
            "Store[block=0]",
            "Advance[from=0, to=1]",
            "Store[block=1]",
            "Advance[from=1, to=2]",
            "Tape[block=2]",
            "Back[block=2]",
            "Restore[block=1]",
            "Discard[block=1]",
            "Tape[block=1]",
            "Back[block=1]",
            "Restore[block=0]",
            "Discard[block=0]",
            "Tape[block=0]",
            "Back[block=0]");
    assertThat(plan.label()).isEqualTo("within:7");
  }

  @Test
  void restartsFromTheEndOfATape() {
    // A tape costs less than a state: none is stored.
    assertThat(actions(Plan.within(3, 3, 2, 4)))
        .containsExactly(
            "Tape[block=0]",
            "Advance[from=1, to=2]",
            "Tape[block=2]",
            "Back[block=2]",
            "Restore[block=1]",
            "Tape[block=1]",
            "Back[block=1]",
            "Back[block=0]");
  }

  @Test
  void isAValidPlanWhateverTheSizes() {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      int blocks = 1 + random.nextInt(i % 3 == 0 ? 12 : 300);
      long state = 1L + random.nextInt(20);
      long tape = 1L + random.nextInt(40);
      long smallest = tape + (blocks == 1 ? 0 : Math.min(state, tape));
      double share = Math.pow(random.nextDouble(), 3);
      long budget = smallest + (long) (share * blocks * tape);
      FakeModel.check(Plan.within(blocks, state, tape, budget), state, tape, budget);
      FakeModel.check(Plan.within(blocks, state, tape, smallest), state, tape, smallest);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "15625, 1, 300, 303",
    "15625, 1, 300, 1500",
    "15625, 7, 97, 700",
    "15625, 1, 300, 400000",
    "15625, 9, 10, 5000",
    "1000000, 1, 300, 2300",
    "1000000, 4, 5, 2005",
    "1000000, 7, 301, 20011",
    "1000000, 5, 4, 2000",
    "1000000, 1, 300, 100000000",
    "1000000, 1, 1, 1000000"
  })
  void isAValidPlanForManyBlocks(int blocks, long state, long tape, long budget) {
    Plan plan = Plan.within(blocks, state, tape, budget);
    FakeModel.check(plan, state, tape, budget);
  }

  @ParameterizedTest
  @CsvSource({"1, 300, 301", "1, 5, 6", "4, 5, 9", "5, 4, 8", "4, 5, 10"})
  void plansAMillionBlocksInTheSmallestMemory(long state, long tape, long budget) {
    long n = 1_000_000;
    Plan plan = Plan.within((int) n, state, tape, budget);
    boolean tapeFirst = budget >= 2 * tape;
    assertThat(plan.evaluations()).isEqualTo(tapeFirst ? 1 + (n - 1) * n / 2 : n * (n + 1) / 2);
    Iterator<Action> actions = plan.iterator();
    assertThat(actions.next()).isEqualTo(tapeFirst ? new Action.Tape(0) : new Action.Store(0));
  }

  @Test
  void neverEvaluatesMoreWithMoreMemory() {
    for (long[] sizes : new long[][] {{1, 1}, {1, 2}, {1, 5}, {2, 3}, {3, 7}, {5, 3}, {1, 40}}) {
      for (int blocks : new int[] {17, 65, 300, 1000}) {
        long state = sizes[0];
        long tape = sizes[1];
        long before = Long.MAX_VALUE;
        long smallest = tape + Math.min(state, tape);
        for (long budget = smallest; budget <= smallest + 60; budget++) {
          long now = Plan.within(blocks, state, tape, budget).evaluations();
          assertThat(now).as("%d blocks in %d", blocks, budget).isBetween((long) blocks, before);
          before = now;
        }
      }
    }
  }

  @Test
  void thePlansOfUselessBytesAreTheSame() {
    Plan plan = Plan.within(40, 10, 20, 105);
    assertThat(Plan.within(40, 10, 20, 109)).isEqualTo(plan).hasSameHashCodeAs(plan);
    assertThat(plan.peakBytes()).isEqualTo(100);
    assertThat(Plan.within(40, 10, 20, 110)).isNotEqualTo(plan);
    assertThat(Plan.within(41, 10, 20, 105)).isNotEqualTo(plan);
    assertThat(Plan.within(40, 11, 20, 105)).isNotEqualTo(plan);
    assertThat(Plan.within(40, 10, 20, Long.MAX_VALUE)).isEqualTo(Plan.keepAll(40, 10, 20));
    assertThat(actions(plan)).isEqualTo(actions(plan));
  }

  @Test
  void anIteratorEnds() {
    Iterator<Action> actions = Plan.keepAll(1, 1, 1).iterator();
    actions.next();
    assertThat(actions.next()).isEqualTo(new Action.Back(0));
    assertThat(actions.hasNext()).isFalse();
    assertThatThrownBy(actions::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void saysWhichBudgetIsNeeded() {
    assertThatThrownBy(() -> Plan.within(5, 10, 70, 79))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a budget of 79 bytes is too small to go back through 5 blocks: it needs 80 bytes or"
                + " more, a tape has 70 and a state 10");
    assertThatThrownBy(() -> Plan.within(1, 10, 70, 69)).hasMessageContaining("it needs 70 bytes");
    assertThatThrownBy(() -> Plan.within(2, 90, 70, 139)).hasMessageContaining("it needs 140");
    assertThat(Plan.within(5, 10, 70, 80).evaluations()).isEqualTo(15);
    assertThatThrownBy(() -> Plan.keepAll(0, 1, 1))
        .hasMessage("a plan of 0 blocks, but it needs 1 to 1048576");
    assertThatThrownBy(() -> Plan.keepAll(1, 0, 1))
        .hasMessage("a state has 0 bytes, but the plan needs 1 to 1125899906842624");
    assertThatThrownBy(() -> Plan.within(1024, 1, 1L << 41, 1))
        .hasMessage("a tape has 2199023255552 bytes, but the plan needs 1 to 1099511627776");
  }
}
