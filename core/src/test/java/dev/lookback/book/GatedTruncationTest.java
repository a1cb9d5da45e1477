package dev.lookback.book;

import static dev.lookback.book.Cases.distance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.book.RandomTruncation.Moments;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.book.RandomTruncation.Survival;
import dev.lookback.book.Run.Cell;
import dev.lookback.book.Run.Part;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Randomised truncation on the pair (h, c) has the exact gradient for its mean. */
class GatedTruncationTest {
  private static final List<Survival> SURVIVALS =
      List.of(
          Survival.geometric(3), Survival.powerLaw(4, 3), (t, sinceCut) -> 1.0 / (1 + sinceCut));

  @ParameterizedTest
  @EnumSource
  void theMeanOverAllOutcomesOfXiIsTheExactGradient(Cell cell) {
    for (int steps = 1; steps <= 6; steps++) {
      Run run =
          run(
              List.of(cell),
              Set.of(Part.INPUT_BIAS, Part.RECURRENT_BIAS, Part.READOUT_BIAS, Part.CLASSES),
              steps,
              1);
      for (Survival survival : SURVIVALS) {
        List<Outcome> outcomes = RandomTruncation.shared(steps, 1, survival);
        assertThat(outcomes).hasSize(1 << (steps - 1));
        assertUnbiased(run, outcomes);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void andInAStackWithResetsALearnedStateAndXiPerLane(Cell cell) {
    Run run =
        run(
            List.of(cell, Cell.LSTM),
            Set.of(Part.INPUT_BIAS, Part.READOUT_BIAS, Part.LEARNED, Part.RESETS, Part.MASKS),
            4,
            2);
    assertUnbiased(run, RandomTruncation.perLane(4, 2, Survival.powerLaw(4, 3)));
  }

  private static Run run(List<Cell> cells, Set<Part> parts, int steps, int lanes) {
    return Run.of(cells, parts, new Cases(steps), steps, lanes);
  }

  private static void assertUnbiased(Run run, List<Outcome> outcomes) {
    Moments weights = RandomTruncation.moments(outcomes, xi -> coupled(run, xi).parameters());
    Moments state = RandomTruncation.moments(outcomes, xi -> Run.flatten(coupled(run, xi).state()));
    assertThat(distance(weights.mean(), run.full().parameters())).isLessThan(1e-12);
    assertThat(distance(state.mean(), Run.flatten(run.full().state()))).isLessThan(1e-12);
  }

  private static RecurrentGradient coupled(Run run, double[][] xi) {
    return run.gradient(xi, List.of(Sweep.full(run.steps())));
  }
}
