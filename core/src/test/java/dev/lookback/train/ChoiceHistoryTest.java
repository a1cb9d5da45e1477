package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.gradient.Coupling;
import dev.lookback.weights.Snapshot;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceHistoryTest {
  private static final Comparator<CouplingChoice> LEAST =
      Comparator.comparingLong(CouplingChoice::update);

  private static CouplingChoice choice(long update) {
    return new CouplingChoice(update, Coupling.full(), 5, 0.1, 0.5, true, "because");
  }

  private static ChoiceHistory of(int count) {
    ChoiceHistory history = new ChoiceHistory();
    for (int i = 0; i < count; i++) {
      history.add(choice(i));
    }
    return history;
  }

  @Test
  void fewAreAllThere() {
    assertThat(of(64).kept()).hasSize(64).isSortedAccordingTo(LEAST);
    assertThat(of(0).kept()).isEmpty();
  }

  @Test
  void manyAreEvenlySpacedWithTheLast() {
    for (int count : new int[] {65, 66, 1000, 100_000}) {
      ChoiceHistory history = of(count);
      List<CouplingChoice> kept = history.kept();
      assertThat(kept).hasSizeBetween(33, 65).isSortedAccordingTo(LEAST).doesNotHaveDuplicates();
      assertThat(kept.get(0).update()).isZero();
      assertThat(kept.get(kept.size() - 1)).isEqualTo(history.last()).isEqualTo(choice(count - 1));
      assertThat(history.count()).isEqualTo(count);
      long stride = kept.get(1).update();
      for (int i = 1; i < kept.size() - 1; i++) {
        assertThat(kept.get(i).update()).isEqualTo(i * stride);
      }
    }
  }

  @Test
  void goesOnAsIfItHadNotBeenSaved() {
    for (int count : new int[] {1, 64, 65, 66, 130, 777}) {
      ChoiceHistory whole = of(count);
      Snapshot.Writer to = Snapshot.writer();
      whole.save(to);
      ChoiceHistory saved = ChoiceHistory.saved(to.done());
      for (int i = count; i < count + 300; i++) {
        assertThat(saved.kept()).isEqualTo(whole.kept());
        whole.add(choice(i));
        saved.add(choice(i));
      }
      assertThat(saved.count()).isEqualTo(whole.count());
    }
  }
}
