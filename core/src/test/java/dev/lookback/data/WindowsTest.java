package dev.lookback.data;

import static dev.lookback.data.LanesTest.counting;
import static dev.lookback.data.LanesTest.ids;
import static dev.lookback.data.LanesTest.targets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.math.Randomness;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private static final Randomness SEED = Randomness.of(3);

  /** Where each window of the epoch starts. */
  private static List<Integer> starts(Epoch epoch) {
    List<Integer> starts = new ArrayList<>();
    epoch.forEachRemaining(
        w -> IntStream.range(0, w.lanes()).map(b -> ids(w)[b]).forEach(starts::add));
    return starts;
  }

  @Test
  void inOrderAndWithoutOverlapByDefault() {
    Windows windows = Windows.of(counting(22), 5, 3);
    assertThat(windows.size()).isEqualTo(4);
    Epoch epoch = windows.epoch(0);
    assertThat(epoch.windows()).isEqualTo(2);
    Window first = epoch.next();
    assertThat(ids(first)).containsExactly(0, 5, 10, 1, 6, 11, 2, 7, 12, 3, 8, 13, 4, 9, 14);
    assertThat(targets(first)).containsExactly(1, 6, 11, 2, 7, 12, 3, 8, 13, 4, 9, 14, 5, 10, 15);
    Window last = epoch.next();
    assertThat(last.lanes()).isEqualTo(1);
    assertThat(ids(last)).containsExactly(15, 16, 17, 18, 19);
    assertThat(epoch.startsAfresh()).isTrue();
    assertThatThrownBy(epoch::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void secondEditionsWindowsForTrainingAndValidation() {
    Tokens corpus = counting(173_428);
    Windows all = Windows.of(corpus, 32, 1024).stride(1);
    assertThat(all.size()).isEqualTo(173_428 - 32);
    Windows training = all.range(0, 10_000).shuffled(SEED);
    assertThat(training.epoch(0).windows()).isEqualTo(10);
    List<Integer> first = starts(training.epoch(0));
    assertThat(first).doesNotHaveDuplicates().hasSize(10_000);
    assertThat(first.stream().mapToInt(i -> i).max()).hasValue(9_999);
    assertThat(starts(training.epoch(1))).isNotEqualTo(first);
    assertThat(starts(training.epoch(0))).isEqualTo(first);
    assertThat(starts(all.range(10_000, 5_000).epoch(0)))
        .isEqualTo(IntStream.range(10_000, 15_000).boxed().toList());
  }

  @Test
  void firstEditionsRandomSampling() {
    Windows windows = Windows.of(counting(35), 5, 2).shuffled(SEED).withOffsets().droppingLast();
    for (int e = 0; e < 20; e++) {
      List<Integer> starts = starts(windows.epoch(e));
      int offset = starts.get(0) % 5;
      assertThat(starts).hasSize(6).allMatch(start -> start % 5 == offset).doesNotHaveDuplicates();
    }
    assertThat(IntStream.range(0, 50).map(e -> starts(windows.epoch(e)).get(0) % 5).boxed())
        .contains(0, 1, 2, 3, 4);
  }

  @Test
  void aPositionResumesTheEpoch() {
    Windows windows = Windows.of(counting(1_000), 5, 7).shuffled(SEED);
    Epoch whole = windows.epoch(4);
    whole.next();
    whole.next();
    Epoch resumed = windows.epoch(4);
    resumed.seek(whole.position());
    assertThat(starts(resumed)).isEqualTo(starts(whole));
    assertThatThrownBy(() -> resumed.seek(-1)).hasMessageStartingWith("position -1 is outside");
  }

  @Test
  void billionsOfWindowsAreShuffledWithoutStoringTheirOrder() {
    Windows windows = Windows.of(counting(1L << 33), 2, 4).stride(1).shuffled(SEED);
    assertThat(windows.size()).isEqualTo((1L << 33) - 2);
    assertThat(windows.epoch(0).next().lanes()).isEqualTo(4);
  }

  @Test
  void tooLittleTextSaysWhatIsNeeded() {
    Tokens validation = counting(30).named("validation text");
    assertThatThrownBy(() -> Windows.of(validation, 32, 8))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "the validation text has 30 characters but a window of --steps 32 needs at least 33."
                + " Lower --steps, or pass more text.");
    assertThatThrownBy(() -> Windows.of(counting(40), 5, 2).stride(1).range(30, 10))
        .hasMessage(
            "windows 30 to 39 were asked for but the text of 40 characters has 35 windows of"
                + " --steps 5 at stride 1. Ask for fewer, lower --steps, or pass more text.");
    assertThatThrownBy(() -> Windows.of(counting(40), 5, 8).droppingLast())
        .hasMessage(
            "the text has 7 windows of --steps 5 but a batch needs 8 and incomplete batches are"
                + " dropped. Lower --batch or --steps, or pass more text.");
  }

  @Test
  void impossibleSettingsAreRefused() {
    Windows windows = Windows.of(counting(40), 5, 2);
    assertThatThrownBy(() -> windows.stride(0)).hasMessage("stride is 0 but has to be 1 or more");
    assertThatThrownBy(() -> windows.range(0, 0)).hasMessageContaining("0 windows from number 0");
    assertThatThrownBy(windows::withOffsets).hasMessageContaining("needs shuffled windows");
    assertThatThrownBy(() -> Windows.of(counting(40), 0, 2))
        .hasMessageContaining("2 windows of 0 steps");
  }
}
