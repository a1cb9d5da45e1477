package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Gru;
import dev.lookback.data.Lanes;
import dev.lookback.data.Tokens;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Adam;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was saved with words that do not go together is refused before a training goes on. */
class UnfitSnapshotTest {
  private static final Team TEAM = Team.of(1);
  private static final Network NETWORK = Network.of(Gru.of(4, 3), Readout.softmax(4));
  private static final Trainer TRAINER =
      Trainer.of(NETWORK, Coupling.sliding(2, 9), Adam.standard());

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Lanes lanes() {
    int[] ids = new int[60];
    Arrays.setAll(ids, i -> i % 4);
    return Lanes.of(Tokens.of(ids), 2, 5);
  }

  private static Snapshot saved() {
    Training training = TRAINER.start(Weights.zeros(NETWORK.layout()), lanes(), TEAM);
    training.next();
    training.next();
    return training.save();
  }

  private static Snapshot with(Snapshot from, Map<String, String> words) {
    assertThat(from.wordNames()).containsAll(words.keySet());
    Snapshot.Writer to = Snapshot.writer();
    from.floatNames().forEach(name -> to.put(name, from.floats(name)));
    from.intNames().forEach(name -> to.put(name, from.ints(name)));
    from.wordNames().forEach(name -> to.put(name, words.getOrDefault(name, from.word(name))));
    return to.done();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "passes.2.tapes.position = 4",
        "passes.2.tapes.live = 0",
        "passes.2.tapes.live = 2147483647",
        "passes.2.tapes.block.0.start = 1",
        "passes.2.tapes.block.0.steps = 0",
        "passes.2.tapes.dropping = 1",
        "passes.2.tapes.vault.blocks = 2147483647",
        "passes.2.tapes.vault.states = 2147483647",
        "passes.2.tapes.vault.allowed = -1",
        "passes.2.tapes.vault.peak = 0",
        "passes.2.window.steps = 1",
      })
  void isRefusedAndTheWeightsStay(String change) {
    String[] sides = change.split(" = ", -1);
    Snapshot unfit = with(saved(), Map.of(sides[0], sides[1]));
    Weights weights = Weights.zeros(NETWORK.layout());
    Arrays.fill(weights.values(), 0.25f);
    assertThatThrownBy(() -> TRAINER.resume(unfit, weights, lanes(), TEAM))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(weights.values()).containsOnly(0.25f);
  }

  @Test
  void itsWordsAreQuotedShortAndClean() {
    String loud = "\u001b[31m" + "9".repeat(100_000);
    String brief = "\\u001b[31m" + "9".repeat(95) + "...";
    for (String name : new String[] {"updates", "trainer.coupling"}) {
      Snapshot unfit = with(saved(), Map.of(name, loud));
      assertThatThrownBy(
              () -> TRAINER.resume(unfit, Weights.zeros(NETWORK.layout()), lanes(), TEAM))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(brief);
    }
    // Names that are in a word are its too.
    Snapshot unfit = with(saved(), Map.of("optimizer.names", loud));
    assertThatThrownBy(() -> TRAINER.resume(unfit, Weights.zeros(NETWORK.layout()), lanes(), TEAM))
        .hasMessageContaining("there is no optimizer.state.\\u001b[31m999")
        .message()
        .hasSizeLessThan(300);
  }
}
