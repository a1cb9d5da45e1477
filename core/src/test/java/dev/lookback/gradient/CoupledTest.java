package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Elman;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.window.Links;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoupledTest {
  @Test
  void noSweepGoesBackToWhatIsReleased() {
    List<Sweep> sweeps = List.of(new Sweep(0, 5, 0), new Sweep(5, 10, 5), new Sweep(10, 15, 0));
    assertThatThrownBy(() -> new Coupled(Links.whole(15), sweeps))
        .hasMessageContaining("goes back to step 0 after one that went back to 5");
  }

  @Test
  void everyLossIsInjectedOnce() {
    assertThatThrownBy(() -> new Coupled(Links.whole(4), List.of(new Sweep(0, 3, 0))))
        .hasMessage("the sweeps inject 3 steps but the window has 4");
    assertThatThrownBy(
            () -> new Coupled(Links.whole(4), List.of(new Sweep(0, 2, 0), new Sweep(3, 4, 2))))
        .hasMessage("the sweeps inject step 3 after step 1");
  }

  @Test
  void equalCouplingsAreEqual() {
    assertThat(Coupling.random(35)).isEqualTo(Coupling.random(35));
    assertThat(KeepProbability.perStep(1, 0.5)).isEqualTo(KeepProbability.perStep(1, 0.5));
  }

  @Test
  void blocksThatNoArrayHoldsAreRefused() {
    Network wide = Network.of(Elman.of(1, 7282), Readout.softmax(2));
    try (Team team = Team.of(1)) {
      assertThatThrownBy(() -> new Pass(wide, 65_536, team))
          .hasMessageContaining("more than one array holds");
    }
  }
}
