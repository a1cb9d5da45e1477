package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.book.CellState;
import dev.lookback.book.RecurrentTrace;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sliding truncation that recomputes what lies in front of a window, by its definition: before the
 * window [a, b) the steps from s = max(0, a - (k2 - k1)) to a are computed again with the weights
 * as they are, from the state that step s was entered with when it was computed last. Nothing in it
 * knows of blocks.
 */
class RefreshTest {
  private static final Team TEAM = Team.of(1);
  private static final int STEPS = 29;

  @AfterAll
  static void close() {
    TEAM.close();
  }

  // Streams of the last cases end inside of a window's k1 steps.
  private static final int[][] SIZES = {
    {1, 1, 1}, {1, 6, 2}, {2, 5, 5}, {4, 10, 7}, {3, 7, 2}, {4, 11, 4}, {6, 30, 3}, {5, 13, 20}
  };

  private static CellCase example(CellCase.Kind kind, boolean drops) {
    Network network =
        new Network(List.of(kind.cell(5, 4), kind.cell(4, 3)), Readout.softmax(6)).withEmbedding(7);
    Network dropping = drops ? network.withDropout(0.3) : network;
    CellCase c = CellCase.of(dropping, 3, STEPS, true, 17);
    c = c.with(c.window().withReset(c.resets(3)));
    return drops ? c.dropping(Randomness.of(4)) : c;
  }

  /** The weights of each window: another factor away from those of the case. */
  private static Weights weights(CellCase c, int window) {
    Weights weights = c.weights().copy();
    Randomness r = Randomness.of(11).with(window);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] *= (float) (1 + 0.4 * r.gaussian(i));
    }
    return weights;
  }

  private static Window part(Window window, int from, int to) {
    return (from == 0 ? window : window.from(from)).upTo(to - from);
  }

  /** What a window gave: its loss, its gradient, and the state behind it. */
  private record Slid(double loss, float[] gradient, State end) {}

  private static List<Slid> slid(CellCase c, int[] sizes, Pass pass, Randomness... dropping) {
    pass.drop(dropping.length > 0 ? Optional.of(dropping[0]) : Optional.empty());
    Coupling.Sliding sliding = new Coupling.Sliding(sizes[0], sizes[1]);
    State state = c.state().copy();
    List<Slid> all = new ArrayList<>();
    for (int from = 0; from < STEPS; from += sizes[2]) {
      Window window = part(c.window(), from, Math.min(STEPS, from + sizes[2]));
      Weights gradient = Weights.zeros(c.network().layout());
      Weights weights = weights(c, all.size());
      double loss = pass.slide(weights, window, sliding, state, gradient, true).loss();
      all.add(new Slid(loss, gradient.values(), state.copy()));
    }
    return all;
  }

  // The steps [s, to) with losses from step `from` on, entered by this state.
  private static CellCase recomputed(CellCase c, Weights weights, int[] steps, State entered) {
    Window window = part(c.window(), steps[0], steps[2]);
    float[] judged = new float[window.steps() * window.lanes()];
    Arrays.fill(judged, (steps[1] - steps[0]) * window.lanes(), judged.length, 1);
    return new CellCase(c.network(), weights, window.withWeight(judged), entered, Optional.empty());
  }

  private static Coupled sweeps(int[] sizes, int[] steps) {
    List<Sweep> sweeps = new ArrayList<>();
    if (steps[1] > steps[0]) {
      sweeps.add(new Sweep(0, steps[1] - steps[0], 0));
    }
    for (int from = steps[1]; from < steps[2]; from += sizes[0]) {
      int to = Math.min(steps[2], from + sizes[0]);
      int back = Math.min(from, Math.max(steps[0], to - sizes[1]));
      sweeps.add(new Sweep(from - steps[0], to - steps[0], back - steps[0]));
    }
    return new Coupled(Links.whole(steps[2] - steps[0]), sweeps);
  }

  @ParameterizedTest
  @EnumSource(CellCase.Kind.class)
  void theEngineRecomputesWhatTheBookDoes(CellCase.Kind kind) {
    CellCase c = example(kind, false);
    for (int[] sizes : SIZES) {
      State[] before = new State[STEPS + 1];
      before[0] = c.state().copy();
      List<CellCase> windows = new ArrayList<>();
      for (int from = 0; from < STEPS; from += sizes[2]) {
        int first = Math.max(0, from - (sizes[1] - sizes[0]));
        int[] steps = {first, from, Math.min(STEPS, from + sizes[2])};
        CellCase again = recomputed(c, weights(c, windows.size()), steps, before[first]);
        RecurrentTrace trace = again.bookTrace();
        for (int t = 0; t < again.steps(); t++) {
          before[first + t + 1] = state(trace, t, c.network());
        }
        windows.add(again);
      }
      for (int blockSteps : new int[] {1, 3, 64}) {
        List<Slid> slid = slid(c, sizes, new Pass(c.network(), c.lanes(), blockSteps, TEAM));
        for (int i = 0; i < windows.size(); i++) {
          int from = i * sizes[2];
          int[] steps = {Math.max(0, from - (sizes[1] - sizes[0])), from, 0};
          steps[2] = Math.min(STEPS, from + sizes[2]);
          CellCase again = windows.get(i);
          double[] book = again.book(again.bookTrace(), sweeps(sizes, steps)).parameters();
          assertThat(slid.get(i).gradient()).hasSize(book.length);
          for (int j = 0; j < book.length; j++) {
            assertThat((double) slid.get(i).gradient()[j])
                .as("window %d, blocks of %d, %s", i, blockSteps, Arrays.toString(sizes))
                .isCloseTo(book[j], Offset.offset(2e-6));
          }
        }
      }
    }
  }

  private static State state(RecurrentTrace trace, int t, Network network) {
    State state = State.zeros(network, trace.lanes());
    for (int l = 0; l < network.cells().size(); l++) {
      for (int b = 0; b < trace.lanes(); b++) {
        CellState after = trace.after()[l][t][b];
        copy(after.h(), state.layer(l)[0], b);
        if (state.layer(l).length > 1) {
          copy(after.c(), state.layer(l)[1], b);
        }
      }
    }
    return state;
  }

  private static void copy(double[] from, float[] plane, int lane) {
    for (int j = 0; j < from.length; j++) {
      plane[lane * from.length + j] = (float) from[j];
    }
  }

  // Forward values do not depend on blocks to the bit, so neither does the state behind a window.
  @ParameterizedTest
  @EnumSource(CellCase.Kind.class)
  void blocksDoNotChangeABitOfTheStates(CellCase.Kind kind) {
    CellCase c = example(kind, true);
    Randomness dropping = c.dropping().orElseThrow();
    for (int[] sizes : SIZES) {
      List<Slid> ofSteps = slid(c, sizes, new Pass(c.network(), c.lanes(), 1, TEAM), dropping);
      for (int blockSteps : new int[] {2, 5, 64}) {
        Pass pass = new Pass(c.network(), c.lanes(), blockSteps, TEAM);
        List<Slid> ofBlocks = slid(c, sizes, pass, dropping);
        for (int i = 0; i < ofSteps.size(); i++) {
          assertSameBits(ofBlocks.get(i).end(), ofSteps.get(i).end());
          assertThat(ofBlocks.get(i).loss()).isCloseTo(ofSteps.get(i).loss(), Offset.offset(1e-12));
          assertThat(ofBlocks.get(i).gradient())
              .containsExactly(ofSteps.get(i).gradient(), Offset.offset(2e-6f));
        }
      }
    }
  }

  // What the engine recomputes is what it computes from the state that entered, bit for bit.
  @ParameterizedTest
  @CsvSource({"1", "4", "64"})
  void theStatesAreThoseOfADirectComputation(int blockSteps) {
    CellCase c = example(CellCase.Kind.LSTM, false);
    for (int[] sizes : SIZES) {
      List<Slid> slid = slid(c, sizes, new Pass(c.network(), c.lanes(), blockSteps, TEAM));
      State[] before = new State[STEPS + 1];
      before[0] = c.state().copy();
      for (int i = 0; i < slid.size(); i++) {
        int from = i * sizes[2];
        int first = Math.max(0, from - (sizes[1] - sizes[0]));
        State state = before[first].copy();
        for (int t = first; t < Math.min(STEPS, from + sizes[2]); t++) {
          new Pass(c.network(), c.lanes(), 1, TEAM)
              .run(
                  weights(c, i),
                  part(c.window(), t, t + 1),
                  Coupling.full().couple(1, c.lanes(), Randomness.of(0)),
                  state,
                  Weights.zeros(c.network().layout()));
          before[t + 1] = state.copy();
        }
        assertSameBits(slid.get(i).end(), state);
      }
    }
  }

  private static void assertSameBits(State found, State expected) {
    for (int l = 0; l < 2; l++) {
      for (int p = 0; p < expected.layer(l).length; p++) {
        assertThat(found.layer(l)[p]).isEqualTo(expected.layer(l)[p]);
      }
    }
  }
}
