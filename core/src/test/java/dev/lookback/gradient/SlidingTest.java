package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Activation;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SlidingTest {
  private static final Team TEAM = Team.of(1);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Window part(Window window, int from, int to) {
    Window rest = from == 0 ? window : window.from(from);
    int rows = (to - from) * window.lanes();
    return new Window(
        to - from,
        window.lanes(),
        rest.inputs().rows(0, rows),
        rest.targets().rows(0, rows),
        rest.reset(),
        rest.weight());
  }

  private static Case example(long seed, boolean reset) {
    Randomness r = Randomness.of(seed).with("sliding");
    Case.Sizes sizes =
        new Case.Sizes(1 + r.below(2, 0), 3, 5 + r.below(13, 1), 4, 1 + r.below(3, 2), 24);
    boolean[] kinds = {r.uniform(3) < 0.5, r.uniform(4) < 0.5, false};
    Case c = Case.of(sizes, Activation.TANH, kinds, seed);
    if (!reset) {
      return c;
    }
    boolean[] starts = new boolean[c.steps() * c.lanes()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = r.with("reset").uniform(i) < 0.1;
    }
    return new Case(
        c.network(), c.weights(), c.window().withReset(starts), c.state(), c.reset(), c.weight());
  }

  // With the same weights all along it makes no difference where windows begin.
  private static void goesOnThroughWindows(Case c, int k1, int k2, int steps, int blockSteps) {
    Coupling.Sliding sliding = new Coupling.Sliding(k1, k2);
    Weights whole = Weights.zeros(c.network().layout());
    State atEnd = c.state().copy();
    Coupled coupled = sliding.couple(c.steps(), c.lanes(), Randomness.of(1));
    double loss =
        new Pass(c.network(), c.lanes(), blockSteps, TEAM)
            .run(c.weights(), c.window(), coupled, atEnd, whole)
            .loss();

    Pass pass = new Pass(c.network(), c.lanes(), blockSteps, TEAM);
    Weights gradient = Weights.zeros(c.network().layout());
    State state = c.state().copy();
    double[] sum = new double[whole.values().length];
    double losses = 0;
    int longest = 0;
    for (int from = 0; from < c.steps(); from += steps) {
      Window window = part(c.window(), from, Math.min(c.steps(), from + steps));
      Pass.Result result = pass.slide(c.weights(), window, sliding, state, gradient, false);
      double share = window.totalWeight() / c.window().totalWeight();
      losses += share * result.loss();
      longest = Math.max(longest, result.longestSegment());
      for (int i = 0; i < sum.length; i++) {
        sum[i] += share * gradient.values()[i];
      }
    }
    assertThat(losses).isCloseTo(loss, Offset.offset(1e-6));
    assertThat(longest).isEqualTo(coupled.longestSegment());
    for (int i = 0; i < sum.length; i++) {
      assertThat(sum[i]).isCloseTo(whole.values()[i], Offset.offset(2e-5));
    }
    assertThat(state.layer(0)[0]).isEqualTo(atEnd.layer(0)[0]);
  }

  @Test
  void windowsDoNotChangeWhatASlidingSweepSees() {
    int[][] sizes = {{1, 1}, {1, 7}, {2, 5}, {3, 3}, {4, 7}, {4, 20}, {6, 30}, {12, 13}};
    for (int[] k : sizes) {
      for (int blockSteps : new int[] {1, 3, 4, 8, 64}) {
        for (int windows : new int[] {1, 2, 3}) {
          int steps = k[0] * windows;
          if (c24(steps)) {
            goesOnThroughWindows(example(k[1] + blockSteps, false), k[0], k[1], steps, blockSteps);
            goesOnThroughWindows(example(k[1] + windows, true), k[0], k[1], steps, blockSteps);
          }
        }
      }
    }
  }

  // Where a window's end comes before the boundary, whole blocks hold more than may be gone over.
  @Test
  void blocksDoNotChangeWhatASlidingSweepSees() {
    for (int[] sizes : new int[][] {{3, 7, 2}, {3, 7, 8}, {12, 13, 4}, {8, 8, 3}, {5, 24, 3}}) {
      Coupling.Sliding sliding = new Coupling.Sliding(sizes[0], sizes[1]);
      Case c = example(sizes[1], false);
      List<float[]> ofSteps = slideOver(c, sliding, sizes[2], 1);
      for (int blockSteps : new int[] {3, 8, 64}) {
        List<float[]> ofBlocks = slideOver(c, sliding, sizes[2], blockSteps);
        for (int i = 0; i < ofSteps.size(); i++) {
          assertThat(ofBlocks.get(i)).containsExactly(ofSteps.get(i), Offset.offset(2e-5f));
        }
      }
    }
  }

  private static List<float[]> slideOver(
      Case c, Coupling.Sliding sliding, int steps, int blockSteps) {
    Pass pass = new Pass(c.network(), c.lanes(), blockSteps, TEAM);
    State state = c.state().copy();
    List<float[]> gradients = new ArrayList<>();
    int longest = 0;
    for (int from = 0; from + steps <= c.steps(); from += steps) {
      Weights gradient = Weights.zeros(c.network().layout());
      Window window = part(c.window(), from, from + steps);
      Pass.Result result = pass.slide(c.weights(), window, sliding, state, gradient, false);
      longest = Math.max(longest, result.longestSegment());
      gradients.add(gradient.values());
    }
    assertThat(longest).isEqualTo(sliding.lagCoverageThroughWindows(steps).most());
    return gradients;
  }

  private static boolean c24(int steps) {
    return 24 % steps == 0;
  }

  @Test
  void refreshingComputesWhatLiesBehindWithTheWeightsAsTheyAre() {
    Case c = example(5, false);
    Coupling.Sliding sliding = new Coupling.Sliding(4, 11);
    Pass pass = new Pass(c.network(), c.lanes(), 3, TEAM);
    Weights weights = c.weights().copy();
    Weights gradient = Weights.zeros(weights.layout());
    State state = c.state().copy();
    for (int from = 0; from < c.steps(); from += 4) {
      pass.slide(weights, part(c.window(), from, from + 4), sliding, state, gradient, true);
      if (from == 16) {
        for (int i = 0; i < weights.values().length; i++) {
          weights.values()[i] *= 1.25f;
        }
      }
    }
    // Behind the last window are the steps 13 to 20, all computed with the weights before.
    Weights expected = Weights.zeros(weights.layout());
    State again = c.state().copy();
    for (int step = 0; step < 13; step++) {
      new Pass(c.network(), c.lanes(), 1, TEAM)
          .run(
              c.weights(),
              part(c.window(), step, step + 1),
              Coupling.full().couple(1, c.lanes(), Randomness.of(0)),
              again,
              Weights.zeros(weights.layout()));
    }
    Window last = part(c.window(), 13, 24);
    Coupled coupled =
        new Coupled(Links.whole(11), List.of(new Sweep(0, 7, 0), new Sweep(7, 11, 0)));
    float[] onlyLast = new float[11 * c.lanes()];
    Arrays.fill(onlyLast, 7 * c.lanes(), onlyLast.length, 1);
    new Pass(c.network(), c.lanes(), 3, TEAM)
        .run(weights, last.withWeight(onlyLast), coupled, again, expected);
    for (int i = 0; i < expected.values().length; i++) {
      assertThat(gradient.values()[i]).isCloseTo(expected.values()[i], Offset.offset(2e-5f));
    }
  }

  // A policy may lengthen or shorten the coupling under way.
  @Test
  void blocksDoNotChangeWhatAnotherCouplingFindsBehindIt() {
    Case c = example(21, false);
    for (boolean refresh : new boolean[] {false, true}) {
      List<float[]> ofSteps = slideOverWithOthers(c, refresh, 1);
      for (int blockSteps : new int[] {3, 4, 8, 64}) {
        List<float[]> ofBlocks = slideOverWithOthers(c, refresh, blockSteps);
        for (int i = 0; i < ofSteps.size(); i++) {
          assertThat(ofBlocks.get(i)).containsExactly(ofSteps.get(i), Offset.offset(2e-6f));
        }
      }
    }
  }

  private static List<float[]> slideOverWithOthers(Case c, boolean refresh, int blockSteps) {
    int[][] couplings = {{1, 3}, {4, 14}, {1, 2}, {5, 5}, {3, 20}, {2, 4}, {2, 9}, {6, 7}};
    Pass pass = new Pass(c.network(), c.lanes(), blockSteps, TEAM);
    State state = c.state().copy();
    List<float[]> gradients = new ArrayList<>();
    for (int i = 0; i < couplings.length; i++) {
      Weights weights = c.weights().copy();
      for (int j = 0; j < weights.values().length; j++) {
        weights.values()[j] *= 1 - 0.1f * (i % 3);
      }
      Weights gradient = Weights.zeros(c.network().layout());
      Coupling.Sliding sliding = new Coupling.Sliding(couplings[i][0], couplings[i][1]);
      Window window = part(c.window(), 3 * i, 3 * i + 3);
      pass.slide(weights, window, sliding, state, gradient, refresh);
      gradients.add(gradient.values());
    }
    return gradients;
  }

  @Test
  void whatLiesBehindCanBeForgotten() {
    Case c = example(7, false);
    Coupling.Sliding sliding = new Coupling.Sliding(4, 20);
    Pass pass = new Pass(c.network(), c.lanes(), TEAM);
    Weights gradient = Weights.zeros(c.network().layout());
    State state = c.state().copy();
    pass.slide(c.weights(), part(c.window(), 0, 8), sliding, state, gradient, false);
    pass.forget();
    State entering = state.copy();
    pass.slide(c.weights(), part(c.window(), 8, 12), sliding, state, gradient, false);
    Weights alone = Weights.zeros(c.network().layout());
    new Pass(c.network(), c.lanes(), TEAM)
        .run(
            c.weights(),
            part(c.window(), 8, 12),
            Coupling.full().couple(4, c.lanes(), Randomness.of(1)),
            entering,
            alone);
    assertThat(gradient.values()).isEqualTo(alone.values());
  }

  @Test
  void memoryIsThatOfOneSweepHoweverLongTheStream() {
    Case c = example(9, false);
    Coupling.Sliding sliding = new Coupling.Sliding(2, 6);
    Pass pass = new Pass(c.network(), c.lanes(), 2, TEAM);
    pass.drop(Optional.empty());
    Weights gradient = Weights.zeros(c.network().layout());
    State state = c.state().copy();
    long bytes = 0;
    for (int i = 0; i < 200; i++) {
      int from = 2 * (i % 12);
      pass.slide(c.weights(), part(c.window(), from, from + 2), sliding, state, gradient, false);
      if (i == 3) {
        bytes = pass.peakActivationBytes();
      }
    }
    assertThat(pass.peakActivationBytes()).isEqualTo(bytes);
  }

  @Test
  void anotherNumberOfLanesCannotGoOn() {
    Case c = example(11, false);
    Window two = Window.ofTokens(1, 2, new int[2], new int[2]);
    Window one = Window.ofTokens(1, 1, new int[1], new int[1]);
    assertThatThrownBy(() -> two.followedBy(one))
        .hasMessageContaining("a window of 1 lanes cannot go on behind one of 2");
    assertThat(c.window().from(20).steps()).isEqualTo(4);
  }
}
