package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A budget changes how often steps are computed, and not a bit of what comes out. */
class MemoryTest {
  private static final Team TEAM = Team.of(1);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private record Gone(
      double loss, float[] gradient, State byState, State end, long peak, Coupled coupled) {}

  private static Gone go(CellCase c, Coupling coupling, int blockSteps, Memory memory, long seed) {
    Pass pass = new Pass(c.network(), c.lanes(), blockSteps, memory, TEAM);
    pass.drop(c.dropping());
    Weights gradient = Weights.zeros(c.network().layout());
    State byState = State.zeros(c.network(), c.lanes());
    State end = c.state().copy();
    Coupled coupled = coupling.couple(c.steps(), c.lanes(), Randomness.of(seed));
    Pass.Result result = pass.run(c.weights(), c.window(), coupled, end, gradient, byState);
    return new Gone(
        result.loss(), gradient.values(), byState, end, pass.peakActivationBytes(), coupled);
  }

  private static void same(CellCase c, Gone a, Gone b) {
    assertThat(a.loss()).isEqualTo(b.loss());
    assertThat(a.gradient()).isEqualTo(b.gradient());
    for (int l = 0; l < c.layers(); l++) {
      assertThat(a.byState().layer(l)).isDeepEqualTo(b.byState().layer(l));
      assertThat(a.end().layer(l)).isDeepEqualTo(b.end().layer(l));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void everyBudgetGivesTheBitsOfKeepingAll(long seed) {
    List<CellCase.Kind> kinds = List.of(CellCase.Kind.values());
    CellCase c = CellCase.draw(seed, kinds.subList((int) (seed % 4), (int) (seed % 4) + 1));
    boolean resets = c.window().reset().isPresent();
    for (Coupling coupling : List.of(Coupling.full(), Coupling.fixed(7), Coupling.random(9))) {
      for (int blockSteps : new int[] {1, 2, 3, 5}) {
        Footprint footprint = Footprint.of(c.network(), c.lanes(), blockSteps, resets);
        Gone all = go(c, coupling, blockSteps, Memory.unlimited(), seed);
        long most = footprint.peak(all.coupled());
        if (coupling instanceof Coupling.Full) {
          assertThat(all.peak()).isEqualTo(most);
        }
        long least = footprint.smallest(c.steps());
        for (int i = 0; i < 8; i++) {
          long budget = least + (most - least) * i / 7;
          Gone tight = go(c, coupling, blockSteps, Memory.within(budget), seed);
          same(c, tight, all);
          assertThat(tight.peak()).isLessThanOrEqualTo(budget);
          if (coupling instanceof Coupling.Full) {
            assertThat(tight.peak())
                .isEqualTo(
                    footprint.fixedBytes()
                        + footprint.plan(c.steps(), Memory.within(budget)).peakBytes());
          }
        }
      }
    }
  }

  @Test
  void slidingRemembersAsManyBytesAsForetold() {
    CellCase c = CellCase.draw(3, List.of(CellCase.Kind.LSTM));
    for (int[] k : new int[][] {{1, 1}, {1, 7}, {2, 9}, {3, 3}, {4, 11}, {5, 6}}) {
      for (int blockSteps : new int[] {1, 2, 3, 8}) {
        for (int windows = 1; windows <= 3; windows++) {
          int steps = k[0] * windows;
          Coupling.Sliding sliding = new Coupling.Sliding(k[0], k[1]);
          Pass pass = new Pass(c.network(), c.lanes(), blockSteps, TEAM);
          Weights gradient = Weights.zeros(c.network().layout());
          State state = c.state().copy();
          CellCase part = CellCase.of(c.network(), c.lanes(), steps, true, 5);
          for (int i = 0; i < 60; i++) {
            pass.slide(c.weights(), part.window(), sliding, state, gradient, false);
          }
          assertThat(pass.peakActivationBytes())
              .isEqualTo(
                  Footprint.of(c.network(), c.lanes(), blockSteps, false)
                      .peak(new SlidingWindows(sliding, steps, true)));
        }
      }
    }
  }

  @Test
  void aBudgetThatIsTooSmallNamesTheSmallestThatWorks() {
    CellCase c = CellCase.draw(3, List.of(CellCase.Kind.LSTM));
    long smallest = Footprint.of(c.network(), c.lanes(), 1, false).smallest(1000);
    assertThatThrownBy(
            () ->
                Footprint.within(c.network(), c.lanes(), 1000, Memory.within(smallest - 1), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the smallest that works is " + smallest + " bytes (");
    assertThat(
            Footprint.within(c.network(), c.lanes(), 1000, Memory.within(smallest), false)
                .blockSteps())
        .isEqualTo(1);
  }

  @Test
  void slidingBeyondTheBudgetIsRefused() {
    CellCase c =
        CellCase.of(CellCase.draw(3, List.of(CellCase.Kind.GRU_AFTER)).network(), 2, 40, true, 4);
    long budget = Footprint.of(c.network(), c.lanes(), 2, false).smallest(40);
    assertThatThrownBy(() -> go(c, Coupling.sliding(2, 30), 2, Memory.within(budget), 1))
        .hasMessageContaining("what sliding truncation remembers is not computed again");
    SlidingWindows windows = new SlidingWindows(new Coupling.Sliding(2, 30), 2, true);
    Network network = c.network();
    long least = Long.MAX_VALUE;
    for (int blockSteps = Pass.blockStepsFor(2); blockSteps >= 1; blockSteps /= 2) {
      long peak = Footprint.of(network, 2, blockSteps, false).peak(windows);
      least = Math.min(least, peak);
    }
    Memory enough = Memory.within(least);
    Memory less = Memory.within(least - 1);
    assertThat(Footprint.within(network, 2, windows, enough, false).peak(windows)).isEqualTo(least);
    assertThatThrownBy(() -> Footprint.within(network, 2, windows, less, false))
        .hasMessageContaining("the smallest that works is " + least + " bytes (")
        .hasMessageContaining("Use a shorter length");
  }
}
