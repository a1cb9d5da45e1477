package dev.lookback.data.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.math.Randomness;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Units against their definitions. */
class UnitsTest {
  private static final Randomness LANE = Randomness.of(11);
  private static final int MANY = 400;

  private static Steps unit(Task task, long number) {
    Steps steps = new Steps(task.form());
    task.write(LANE, number, steps);
    assertThat(steps.count()).isEqualTo(task.length(LANE, number));
    return steps;
  }

  private static int[] ids(Steps steps) {
    int[] ids = new int[steps.count()];
    Arrays.setAll(ids, steps::id);
    return ids;
  }

  private static int[] targets(Steps steps) {
    int[] targets = new int[steps.count()];
    Arrays.setAll(targets, steps::target);
    return targets;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10})
  void addingMarksTwoDistinctPlacesAndAllPairsOccur(int length) {
    Set<Integer> pairs = new HashSet<>();
    for (int k = 0; k < MANY; k++) {
      Steps steps = unit(new Adding(length), k);
      float[] row = new float[2];
      float[] value = new float[1];
      float sum = 0;
      int marks = 0;
      int pair = 0;
      for (int t = 0; t < length; t++) {
        steps.copyInputs(t, row, 0);
        steps.copyValues(t, value, 0);
        assertThat(row[0]).isBetween(0f, 1f);
        sum += row[0] * row[1];
        marks += (int) row[1];
        pair += row[1] == 1 ? 1 << t : 0;
        assertThat(steps.weight(t)).isEqualTo(t == length - 1 ? 1 : 0);
      }
      assertThat(marks).isEqualTo(2);
      assertThat(value[0]).isEqualTo(sum);
      pairs.add(pair);
    }
    assertThat(pairs).hasSize(length * (length - 1) / 2);
  }

  @Test
  void copyMemoryAsksForTheFirstTokensAtTheLastSteps() {
    int[] ids = ids(unit(new CopyMemory(4, 3), 0));
    int[] targets = targets(unit(new CopyMemory(4, 3), 0));
    assertThat(ids).hasSize(10);
    assertThat(Arrays.copyOfRange(ids, 3, 10)).containsExactly(0, 0, 0, 9, 9, 9, 9);
    assertThat(Arrays.copyOf(targets, 7)).containsOnly(0);
    assertThat(Arrays.copyOfRange(targets, 7, 10)).isEqualTo(Arrays.copyOf(ids, 3));
    Set<Integer> seen = new HashSet<>();
    for (int k = 0; k < MANY; k++) {
      seen.add(ids(unit(new CopyMemory(4, 3), k))[1]);
    }
    assertThat(seen).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void copyStreamAnswersWithItsTokensAfterTheLag() {
    Set<Integer> lags = new HashSet<>();
    Set<Integer> seen = new HashSet<>();
    for (int k = 0; k < MANY; k++) {
      Steps steps = unit(new CopyStream(5, 10), k);
      int lag = steps.count() / 2;
      lags.add(lag);
      int[] ids = ids(steps);
      int[] targets = targets(steps);
      assertThat(ids[0]).isEqualTo(1);
      assertThat(Arrays.copyOfRange(ids, lag, 2 * lag)).containsOnly(0);
      assertThat(Arrays.copyOf(targets, lag)).containsOnly(0);
      assertThat(Arrays.copyOfRange(targets, lag, 2 * lag)).isEqualTo(Arrays.copyOf(ids, lag));
      for (int t = 1; t < lag; t++) {
        seen.add(ids[t]);
      }
    }
    assertThat(lags).containsExactlyInAnyOrder(5, 6, 7, 8, 9, 10);
    assertThat(seen).containsExactlyInAnyOrder(2, 3, 4, 5);
  }

  @Test
  void copyLanesBeginAtAnyStepOfTheirFirstUnit() {
    CopyStream task = new CopyStream(3, 3);
    Set<Integer> shifts = new HashSet<>();
    for (int b = 0; b < MANY; b++) {
      shifts.add(task.shift(LANE.with(b)));
    }
    assertThat(shifts).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
  }

  // The four cases are equally likely, and in each the answer falls as its chance says: what a
  // predictor that knows the case pays is then the optimum, to the accuracy of so many draws.
  @Test
  void coinsAnswerByTheCoinsBefore() {
    AddStream task = new AddStream(2, 5);
    int draws = 40_000;
    double[] ones = new double[4];
    double[] count = new double[4];
    int[] x = new int[draws];
    for (int t = 0; t < draws; t++) {
      Steps step = unit(task, t);
      x[t] = step.id(0);
      if (t >= task.warmUp()) {
        int drawnAt = 2 * x[t - 2] + x[t - 5];
        ones[drawnAt] += step.target(0);
        count[drawnAt]++;
      }
    }
    double[] chance = {0.5, 0.25, 1, 0.75};
    for (int c = 0; c < 4; c++) {
      assertThat(count[c] / draws).isCloseTo(0.25, within(0.015));
      assertThat(ones[c] / count[c]).isCloseTo(chance[c], within(0.02));
    }
    assertThat(ones[2]).isEqualTo(count[2]);
  }

  @Test
  void linesOfAAndBAreEquallyLongAndOfEveryLength() {
    Anbn task = new Anbn(6);
    Map<Integer, Integer> seen = new HashMap<>();
    for (int k = 0; k < MANY; k++) {
      Steps steps = unit(task, k);
      String text = text(task, ids(steps));
      int n = text.indexOf('\n');
      assertThat(text).isEqualTo("a".repeat(n) + "\n" + "b".repeat(n) + "\n");
      assertThat(text(task, targets(steps))).isEqualTo(text.substring(1) + "a");
      seen.merge(n, 1, Integer::sum);
    }
    assertThat(seen.keySet()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
  }

  private static String text(Task task, int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(task.symbols().get(id - 1));
    }
    return text.toString();
  }

  @Test
  void theSecondBracketHoldsWhatTheFirstHeld() {
    Brackets task = new Brackets(2, 3, 4);
    for (int k = 0; k < 20; k++) {
      Steps steps = unit(task, k);
      String text = text(task, ids(steps));
      assertThat(text).matches("\\[([a-d]{2})][a-d]{3}\\[\\1]\n");
      assertThat(text(task, targets(steps))).isEqualTo(text.substring(1) + "[");
    }
    assertThat(text(new Brackets(1, 5, 10), ids(unit(new Brackets(1, 5, 10), 0)))).hasSize(12);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 13, 50})
  void theOrderOfTwoSignsIsAskedForAtTheEnd(int length) {
    TemporalOrder task = new TemporalOrder(length);
    Set<Integer> answers = new HashSet<>();
    for (int k = 0; k < MANY; k++) {
      Steps steps = unit(task, k);
      int[] places = new int[2];
      int found = 0;
      int answer = 0;
      for (int t = 0; t < length; t++) {
        assertThat(steps.weight(t)).isEqualTo(t == length - 1 ? 1 : 0);
        if (steps.id(t) < 2) {
          answer = 2 * answer + steps.id(t);
          places[found++] = t;
        }
      }
      assertThat(found).isEqualTo(2);
      assertThat(places[0]).isBetween(length / 10, length / 5 - 1);
      assertThat(places[1]).isBetween(length / 2, length * 3 / 5 - 1);
      assertThat(steps.target(length - 1)).isEqualTo(answer);
      answers.add(answer);
    }
    assertThat(answers).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void theMeanLengthIsThatOfAllOutcomes() {
    for (TaskKind kind : Tasks.kinds()) {
      Task task = kind.standard();
      double sum = 0;
      for (int k = 0; k < 4000; k++) {
        sum += task.length(LANE, k);
      }
      assertThat(sum / 4000).as(task.label()).isCloseTo(task.meanLength(), within(0.6));
    }
  }
}
