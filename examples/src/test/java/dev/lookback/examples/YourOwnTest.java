package dev.lookback.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Elman;
import dev.lookback.gradient.Coupling;
import dev.lookback.loss.SquaredError;
import dev.lookback.testkit.CellCheck;
import dev.lookback.testkit.CouplingCheck;
import dev.lookback.testkit.CouplingCheck.Outcome;
import dev.lookback.testkit.LossCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cell, couplings and a loss written outside of the library are as good as its own. */
class YourOwnTest {
  @Test
  void theCellIsWhatTheLibraryTakesItFor() {
    CellCheck.of(Mgu::new).all();
  }

  @Test
  void theCouplingsKeepWhatTheyPromise() {
    CouplingCheck.of(new Anchored(2, 6)).all();
    CouplingCheck.of(new OneCut()).all();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12})
  void oneCutIsUnbiased(int steps) {
    List<Outcome> outcomes =
        IntStream.rangeClosed(1, steps)
            .mapToObj(cut -> new Outcome(OneCut.cutAt(cut, steps), 1.0 / steps))
            .toList();
    CouplingCheck.of(new OneCut()).unbiased(steps, 2, outcomes);
  }

  @Test
  void theLossIsWhatAPassTakesItFor() {
    LossCheck.ofValues(LogCosh::new).all();
  }

  @Test
  void anchorsNeedToFit() {
    assertThatThrownBy(() -> new Anchored(4, 6)).hasMessageContaining("multiple of 4 steps");
  }

  @Test
  void eachOfThemLearns() {
    assertLearns(TrainYourOwn.train(new Mgu(2, 16), Coupling.full(), SquaredError::new, 300));
    assertLearns(TrainYourOwn.train(Elman.of(2, 16), new OneCut(), SquaredError::new, 300));
    assertLearns(TrainYourOwn.train(Elman.of(2, 16), new Anchored(2, 8), LogCosh::new, 300));
  }

  private static void assertLearns(TrainYourOwn.Losses losses) {
    assertThat(losses.after()).isLessThan(losses.before() / 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mgu", "OneCut", "Anchored"})
  void eachIsShorterThanSixtyLinesOfCode(String name) throws IOException {
    Path file = Path.of("src/main/java/dev/lookback/examples/" + name + ".java");
    long lines =
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .filter(line -> !line.startsWith("//") && !line.startsWith("*"))
            .filter(line -> !line.startsWith("/*"))
            .count();
    assertThat(lines).isBetween(20L, 59L);
  }
}
