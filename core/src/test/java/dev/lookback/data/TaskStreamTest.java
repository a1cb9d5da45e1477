package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.data.task.AddStream;
import dev.lookback.data.task.Adding;
import dev.lookback.data.task.CopyStream;
import dev.lookback.data.task.Task;
import dev.lookback.data.task.TaskKind;
import dev.lookback.data.task.Tasks;
import dev.lookback.math.Randomness;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Windows of tasks. */
class TaskStreamTest {
  private static final Randomness RANDOM = Randomness.of(5);

  private static TaskStream stream(Task task, int lanes, int steps, long laneSteps) {
    return TaskStream.of(task, lanes, steps, laneSteps, RANDOM);
  }

  /** Everything of lane b, step by step. */
  private static List<String> lane(Window window, int b) {
    List<String> steps = new ArrayList<>();
    for (int t = 0; t < window.steps(); t++) {
      int row = t * window.lanes() + b;
      String in =
          window.inputs() instanceof Inputs.Tokens tokens
              ? "" + tokens.ids()[row]
              : ((Inputs.Dense) window.inputs()).values()[2 * row] + "";
      String out =
          window.targets() instanceof Targets.Classes classes
              ? "" + classes.ids()[row]
              : ((Targets.Values) window.targets()).values()[row] + "";
      boolean reset = window.reset().isPresent() && window.reset().get()[row];
      float weight = window.weight().isPresent() ? window.weight().get()[row] : 1;
      steps.add(in + ">" + out + (reset ? " afresh" : "") + " x" + weight);
    }
    return steps;
  }

  private static List<String> all(TaskCursor cursor, int b, int... steps) {
    List<String> lane = new ArrayList<>();
    for (int count : steps) {
      lane.addAll(lane(cursor.next(count), b));
    }
    return lane;
  }

  private static Task small(TaskKind kind) {
    return switch (kind.name()) {
      case "adding" -> new Adding(4);
      case "temporal-order" -> Tasks.parse("temporal-order?L=12");
      default -> kind.standard();
    };
  }

  @Test
  void aLaneIsTheSameHoweverItIsCutAndHoweverManyGoBesideIt() {
    for (TaskKind kind : Tasks.kinds()) {
      Task task = small(kind);
      TaskStream three = stream(task, 3, 12, 96);
      List<String> whole = all(three.epoch(2), 1, 96);
      assertThat(all(three.epoch(2), 1, 12, 24, 60)).isEqualTo(whole);
      assertThat(all(stream(task, 2, 24, 96).epoch(2), 1, 96)).isEqualTo(whole);
      assertThat(all(three.epoch(3), 1, 96)).as(task.label()).isNotEqualTo(whole);
      assertThat(all(three.epoch(2), 2, 96)).as(task.label()).isNotEqualTo(whole);
    }
  }

  @Test
  void seekingComesToTheSameSteps() {
    for (TaskKind kind : Tasks.kinds()) {
      TaskStream stream = stream(small(kind), 2, 12, 96);
      List<String> whole = all(stream.epoch(0), 1, 96);
      TaskCursor cursor = stream.epoch(0);
      for (int position : new int[] {60, 12, 0, 84}) {
        cursor.seek(position);
        assertThat(cursor.remaining()).isEqualTo(96 - position);
        assertThat(all(cursor, 1, 12)).isEqualTo(whole.subList(position, position + 12));
        assertThat(cursor.position()).isEqualTo(position + 12);
        assertThat(cursor.startsAfresh()).isEqualTo(position == 0);
      }
    }
  }

  @Test
  void independentSequencesStartAfreshAndOnlyTheirLastStepCounts() {
    Window window = stream(new Adding(3), 1, 6, 6).epoch(0).next();
    assertThat(window.reset().orElseThrow())
        .containsExactly(true, false, false, true, false, false);
    assertThat(window.weight().orElseThrow()).containsExactly(0, 0, 1, 0, 0, 1);
    assertThat(window.totalWeight()).isEqualTo(2);
  }

  @Test
  void streamsGoOnAndEveryStepCounts() {
    for (String label : new String[] {"add-stream", "copy-stream", "anbn", "brackets"}) {
      Window window = stream(Tasks.parse(label), 2, 30, 90).epoch(0).next();
      assertThat(window.reset()).isEmpty();
      assertThat(window.weight()).isEmpty();
    }
    assertThat(stream(Tasks.parse("copy"), 1, 7, 70).epoch(0).next().weight()).isEmpty();
  }

  @Test
  void theFirstStepsDoNotCountWhereNobodyCanKnow() {
    TaskStream judging = stream(new AddStream(1, 3), 2, 2, 8).warmingUp();
    TaskCursor cursor = judging.epoch(0);
    assertThat(cursor.next().weight().orElseThrow()).containsExactly(0, 0, 0, 0);
    assertThat(cursor.next().weight().orElseThrow()).containsExactly(0, 0, 1, 1);
    assertThat(cursor.next().weight()).isEmpty();
    assertThatThrownBy(() -> stream(new CopyStream(5, 5), 1, 10, 10).warmingUp())
        .hasMessageContaining("an epoch of 10 steps is over before the 10 steps");
  }

  @Test
  void anEpochEndsAtItsLastWholeWindow() {
    TaskCursor cursor = stream(new AddStream(1, 3), 2, 4, 10).epoch(0);
    assertThat(cursor.windows()).isEqualTo(2);
    cursor.next();
    cursor.next();
    assertThat(cursor.hasNext()).isFalse();
    assertThat(cursor.hasNext(2)).isTrue();
    assertThat(cursor.next(2).steps()).isEqualTo(2);
  }

  @Test
  void windowsThatCutASequenceWhoseEndCountsAreRefused() {
    assertThatThrownBy(() -> stream(new Adding(20), 1, 10, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("adding?T=20 counts only the last of 20 steps")
        .hasMessageContaining("such as fixed:5");
    TaskCursor cursor = stream(new Adding(20), 1, 20, 100).epoch(0);
    assertThatThrownBy(() -> cursor.next(30)).hasMessageContaining("whole sequences");
  }

  @Test
  void everyLaneOfAStretchStartsSomewhereElseInItsUnit() {
    TaskStream stream = stream(Tasks.parse("copy?T=50,m=10"), 32, 70, 7000);
    Window window = new Stretches(stream).draw(70, 32, RANDOM);
    Set<Integer> starts = new HashSet<>();
    for (int b = 0; b < 32; b++) {
      List<String> steps = lane(window, b);
      for (int t = 0; t < 70; t++) {
        if (steps.get(t).contains("afresh")) {
          starts.add(t);
        }
      }
    }
    assertThat(starts).hasSizeGreaterThan(15);
  }
}
