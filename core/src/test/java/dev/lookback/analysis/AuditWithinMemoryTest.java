package dev.lookback.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Activation;
import dev.lookback.gradient.Case;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** An audit within a budget: less memory, the same bits. */
class AuditWithinMemoryTest {
  private static final Team TEAM = Team.of(1);
  private static final int STEPS = 640;
  private static final Case FIRST = drawn(1);
  private static final Case SECOND = drawn(2);
  private static final Network NETWORK = FIRST.network();
  private static final List<Sample> SAMPLES =
      List.of(
          new Sample(FIRST.window(), FIRST.state()), new Sample(SECOND.window(), SECOND.state()));
  // Ten blocks of 64 steps, of which there is room for five.
  private static final Footprint FOOTPRINT =
      Footprint.of(NETWORK, 2, Pass.blockStepsFor(2), SAMPLES.get(0).window().reset().isPresent());
  private static final Memory HALF =
      Memory.within(FOOTPRINT.fixedBytes() + 5 * FOOTPRINT.blockBytes());

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Case drawn(long seed) {
    Case.Sizes sizes = new Case.Sizes(1, 2, 4, 3, 2, STEPS);
    return Case.of(sizes, Activation.TANH, new boolean[] {true, true, false}, seed);
  }

  private static TruncationAudit audit(Memory memory) {
    return new TruncationAudit(NETWORK, FIRST.weights(), SAMPLES, TEAM, memory);
  }

  private static Audit drawing(Memory memory) {
    return new Audit(NETWORK, FIRST.weights(), SAMPLES, TEAM, memory);
  }

  @Test
  void notABitDiffersAndTheBudgetIsKept() {
    TruncationAudit free = audit(Memory.unlimited());
    TruncationAudit bounded = audit(HALF);
    assertThat(bounded.exactNorm()).isEqualTo(free.exactNorm());
    for (Coupling coupling :
        List.of(Coupling.full(), Coupling.fixed(500), Coupling.everyLossAtLeast(70))) {
      assertThat(bounded.measure(coupling)).isEqualTo(free.measure(coupling));
    }
    assertThat(free.peakActivationBytes()).isGreaterThan(HALF.bytes());
    assertThat(bounded.peakActivationBytes()).isPositive().isLessThanOrEqualTo(HALF.bytes());
    Audit drawn = drawing(HALF);
    Randomness seed = Randomness.of(3);
    assertThat(drawn.measure(Coupling.random(200), 3, seed))
        .isEqualTo(drawing(Memory.unlimited()).measure(Coupling.random(200), 3, seed));
    assertThat(drawn.peakActivationBytes()).isLessThanOrEqualTo(HALF.bytes());
  }

  @Test
  void theNormsByLagAreThoseWithoutABudget() {
    LagProfile free = LagProfile.of(NETWORK, FIRST.weights(), SAMPLES, TEAM);
    Memory tenth = Memory.within(free.peakActivationBytes() / 10);
    LagProfile bounded = LagProfile.of(NETWORK, FIRST.weights(), SAMPLES, TEAM, tenth);
    assertThat(bounded.mean().phi()).isEqualTo(free.mean().phi());
    assertThat(bounded.peakActivationBytes()).isPositive().isLessThanOrEqualTo(tenth.bytes());
  }

  @Test
  void whatSlidesNeedsRoomForWhatItRemembers() {
    TruncationAudit bounded = audit(HALF);
    // 2 K - 1 steps, on a grid of blocks that they need not begin on.
    assertThat(bounded.fits(Coupling.everyLossAtLeast(100))).isTrue();
    assertThat(bounded.fits(Coupling.everyLossAtLeast(300))).isFalse();
    assertThat(bounded.fits(Coupling.fixed(STEPS - 1))).isTrue();
    assertThatThrownBy(() -> bounded.measure(Coupling.everyLossAtLeast(300)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("every-loss-at-least:300 remembers more than the memory has room");
    assertThatThrownBy(() -> audit(Memory.within(100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the smallest that works is");
  }
}
