package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.math.Randomness;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {

  /** Tokens whose id is their position, as far as an int goes. */
  static Tokens counting(long length) {
    return new Tokens() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public int read(long from, int[] into, int offset, int count) {
        int found = (int) Math.max(0, Math.min(count, length - from));
        for (int i = 0; i < found; i++) {
          into[offset + i] = (int) (from + i);
        }
        return found;
      }
    };
  }

  static int[] ids(Window window) {
    return ((Inputs.Tokens) window.inputs()).ids();
  }

  static int[] targets(Window window) {
    return ((Targets.Classes) window.targets()).ids();
  }

  @Test
  void firstEditionsSequentialPartition() {
    // seq_data_iter_sequential(range(35), batch_size=2, num_steps=5) at offset 0.
    LaneCursor epoch = Lanes.of(counting(35), 2, 5).epoch(0);
    assertThat(epoch.laneLength()).isEqualTo(17);
    assertThat(epoch.windows()).isEqualTo(3);
    Window first = epoch.next();
    assertThat(ids(first)).containsExactly(0, 17, 1, 18, 2, 19, 3, 20, 4, 21);
    assertThat(targets(first)).containsExactly(1, 18, 2, 19, 3, 20, 4, 21, 5, 22);
    assertThat(epoch.startsAfresh()).isTrue();
    assertThat(ids(epoch.next())).containsExactly(5, 22, 6, 23, 7, 24, 8, 25, 9, 26);
    assertThat(epoch.startsAfresh()).isFalse();
    epoch.next();
    assertThat(epoch.hasNext()).isFalse();
    assertThatThrownBy(epoch::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("5 steps were asked for but the epoch has 2 left");
  }

  @Test
  void theRemainderComesOnlyWhenKept() {
    LaneCursor epoch = Lanes.of(counting(35), 2, 5).keepingRemainder().epoch(0);
    assertThat(epoch.windows()).isEqualTo(4);
    List<Window> windows = new ArrayList<>();
    epoch.forEachRemaining(windows::add);
    assertThat(windows).extracting(Window::steps).containsExactly(5, 5, 5, 2);
    assertThat(ids(windows.get(3))).containsExactly(15, 32, 16, 33);
  }

  @Test
  void oneLaneWithTheRemainderPredictsEveryTokenButTheFirstOnce() {
    LaneCursor epoch = Lanes.of(counting(23), 1, 5).keepingRemainder().epoch(0);
    List<Integer> predicted = new ArrayList<>();
    epoch.forEachRemaining(w -> IntStream.of(targets(w)).forEach(predicted::add));
    assertThat(predicted).isEqualTo(IntStream.range(1, 23).boxed().toList());
  }

  @Test
  void windowsOfAnyLengthTileTheLane() {
    LaneCursor epoch = Lanes.of(counting(101), 4, 5).keepingRemainder().epoch(0);
    List<Integer> lane = new ArrayList<>();
    int[] lengths = {1, 7, 3, 12, 9};
    for (int steps : lengths) {
      Window window = epoch.next(steps);
      for (int t = 0; t < window.steps(); t++) {
        lane.add(ids(window)[t * 4 + 2]);
      }
    }
    assertThat(lane).isEqualTo(IntStream.range(50, 75).boxed().toList());
    assertThat(epoch.hasNext(1)).isFalse();
    assertThat(epoch.remaining()).isZero();
  }

  @Test
  void withoutTheRemainderAWindowIsNeverShorterThanAskedFor() {
    LaneCursor epoch = Lanes.of(counting(101), 4, 5).epoch(0);
    epoch.next(20);
    assertThat(epoch.hasNext(6)).isFalse();
    assertThat(epoch.hasNext(5)).isTrue();
    assertThatThrownBy(() -> epoch.next(0)).hasMessage("a window of 0 steps was asked for");
  }

  @Test
  void offsetsDependOnTheEpochAloneAndReachEveryPlaceBelowT() {
    Lanes lanes = Lanes.of(counting(1_000), 3, 7).withOffsets(Randomness.of(1));
    List<Integer> offsets = IntStream.range(0, 100).map(lanes::offset).boxed().toList();
    assertThat(offsets).containsOnly(0, 1, 2, 3, 4, 5, 6).contains(0, 6);
    assertThat(lanes.offset(42)).isEqualTo(offsets.get(42));
    LaneCursor epoch = lanes.epoch(42);
    assertThat(epoch.laneLength()).isEqualTo((1_000 - lanes.offset(42) - 1) / 3);
    assertThat(ids(epoch.next())[0]).isEqualTo(lanes.offset(42));
  }

  @Test
  void offsetsLeaveAWindowHoweverShortTheText() {
    Lanes lanes = Lanes.of(counting(24), 3, 7).withOffsets(Randomness.of(1));
    for (int epoch = 0; epoch < 50; epoch++) {
      assertThat(lanes.offset(epoch)).isBetween(0, 2);
      assertThat(lanes.epoch(epoch).windows()).isEqualTo(1);
    }
  }

  @Test
  void aPositionResumesTheEpoch() {
    Lanes lanes = Lanes.of(counting(1_000), 3, 7).withOffsets(Randomness.of(5));
    LaneCursor whole = lanes.epoch(9);
    whole.next();
    whole.next(11);
    LaneCursor resumed = lanes.epoch(9);
    resumed.seek(whole.position());
    assertThat(ids(resumed.next())).isEqualTo(ids(whole.next()));
    assertThat(resumed.startsAfresh()).isFalse();
    assertThatThrownBy(() -> resumed.seek(334))
        .hasMessageStartingWith("position 334 is outside the lane's 0 to ");
  }

  @Test
  void positionsPast32BitsAreRead() {
    Tokens tokens = counting(1L << 33);
    LaneCursor epoch = Lanes.of(tokens, 2, 4).epoch(0);
    assertThat(epoch.laneLength()).isEqualTo((1L << 32) - 1);
    epoch.seek((1L << 31) + 3);
    assertThat(ids(epoch.next(1)))
        .containsExactly((int) ((1L << 31) + 3), (int) ((1L << 32) + (1L << 31) + 2));
  }

  @Test
  void aTextShorterThanAWindowSaysWhatIsNeeded() {
    Tokens training = counting(120).named("training text");
    assertThatThrownBy(() -> Lanes.of(training, 32, 35))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "the training text has 120 characters but --batch 32 lanes of --steps 35 need at least"
                + " 1121. Lower --batch or --steps, or pass more text.");
    assertThat(Lanes.of(counting(1121), 32, 35).epoch(0).windows()).isEqualTo(1);
  }

  @Test
  void impossibleShapesAreRefused() {
    assertThatThrownBy(() -> Lanes.of(counting(9), 0, 1))
        .hasMessageContaining("0 lanes of 1 steps");
    assertThatThrownBy(() -> Lanes.of(counting(9), 1 << 16, 1 << 15))
        .hasMessageContaining("the most one window can hold");
  }
}
