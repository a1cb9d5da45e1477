package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.Meter;
import dev.lookback.gradient.CellCase.Kind;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pass that is warm allocates next to nothing, however many numbers it computes. */
class AllocationTest {
  private static final int WARM_UP = 200;
  private static final int RUNS = 50;
  private static final int MOST_ROUNDS = 60;
  private static final long FEW_BYTES = 2048;

  @ParameterizedTest
  @EnumSource
  void tokens(Kind kind) {
    CellCase c = CellCase.of(network(kind), 8, 35, true, 1);
    assertAllocatesFewBytes(c);
  }

  @ParameterizedTest
  @EnumSource
  void everythingThereIs(Kind kind) {
    Network network = network(kind).withEmbedding(40).withDropout(0.2);
    CellCase c = CellCase.of(network, 8, 35, true, 2).dropping(Randomness.of(3));
    assertAllocatesFewBytes(
        c.with(c.window().withReset(c.resets(4)).withWeight(c.sampleWeights(5))));
  }

  private static Network network(Kind kind) {
    return new Network(
        List.of(kind.cell(32, 32).withLearnedState(), kind.cell(32, 32)), Readout.softmax(30));
  }

  private static void assertAllocatesFewBytes(CellCase c) {
    try (Team scalar = Team.scalar(1);
        Team vector = Team.of(1)) {
      assertThat(bytes(c, scalar)).as("scalar").isLessThan(FEW_BYTES);
      assertThat(bytes(c, vector)).as(vector.describe()).isLessThan(FEW_BYTES);
    }
  }

  /**
   * Bytes for each run of a pass that has been run often enough. Vectors are objects until the
   * compiler has done its work, which it does beside us; so a few more chances.
   */
  private static long bytes(CellCase c, Team team) {
    Pass pass = new Pass(c.network(), c.lanes(), team);
    pass.drop(c.dropping());
    Coupled coupled = Coupling.fixed(12).couple(c.steps(), c.lanes(), Randomness.of(1));
    State state = c.state().copy();
    Weights gradient = Weights.zeros(c.network().layout());
    long bytes = Long.MAX_VALUE;
    for (int i = 0; i < WARM_UP; i++) {
      pass.run(c.weights(), c.window(), coupled, state, gradient);
    }
    for (int round = 0; round < MOST_ROUNDS && bytes >= FEW_BYTES; round++) {
      long before = Meter.read();
      for (int i = 0; i < RUNS; i++) {
        pass.run(c.weights(), c.window(), coupled, state, gradient);
      }
      bytes = (Meter.read() - before) / RUNS;
    }
    return bytes;
  }
}
