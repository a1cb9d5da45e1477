package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class TurnsTest {
  /** Nobody locks it: that there is never more than one at work is what is tested. */
  private final List<String> diary = new ArrayList<>();

  private Function<Turns.Turn, String> writing(String name, int days) {
    return turn -> {
      for (int day = 0; day < days; day++) {
        diary.add(name + day);
        turn.perhapsWait();
      }
      return name;
    };
  }

  @Test
  void theyAlternateUntilEachHasEnded() {
    List<Function<Turns.Turn, String>> work =
        List.of(writing("a", 3), writing("b", 1), writing("c", 2));
    assertThat(Turns.take(work, 0)).containsExactly("a", "b", "c");
    assertThat(diary).containsExactly("a0", "b0", "c0", "a1", "c1", "a2");
  }

  @Test
  void aTurnThatIsNotOverGoesOn() {
    List<Function<Turns.Turn, String>> work = List.of(writing("a", 3), writing("b", 2));
    assertThat(Turns.take(work, 1e9)).containsExactly("a", "b");
    assertThat(diary).containsExactly("a0", "a1", "a2", "b0", "b1");
  }

  @Test
  void whereOneFailsTheOthersEndAndItIsToldWhy() {
    Failure failure = Failure.running("no", new IllegalStateException());
    List<Function<Turns.Turn, String>> work =
        List.of(
            turn -> {
              while (!turn.isPointless()) {
                turn.perhapsWait();
              }
              diary.add("ended");
              return "";
            },
            turn -> {
              throw failure;
            });
    assertThatThrownBy(() -> Turns.take(work, 0)).isSameAs(failure);
    assertThat(diary).containsExactly("ended");
  }

  @Test
  void aloneThereIsNobodyToWaitFor() {
    assertThat(Turns.<String>alone(writing("a", 2))).isEqualTo("a");
    assertThat(diary).containsExactly("a0", "a1");
  }
}
