package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.analysis.Sample;
import dev.lookback.cell.Elman;
import dev.lookback.data.Lanes;
import dev.lookback.data.Tokens;
import dev.lookback.gradient.LagNorms;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.train.StatePolicy;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeldOutTest {
  @Test
  void lagsAreAveragedOverTheWindows() {
    int[] ids = new int[100];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * i % 7 % 5;
    }
    Network network = Network.of(Elman.of(5, 4), Readout.softmax(5));
    Weights weights = network.initialize(Initialization.uniform(), 3);
    HeldOut heldOut =
        new HeldOut(count -> Optional.of(Lanes.of(Tokens.of(ids), 2, 6)), StatePolicy.CARRY);
    try (Team team = Team.of(1)) {
      List<Sample> samples = heldOut.samples(network, weights, 3, team);
      assertThat(samples).hasSize(3);
      double[] mean = new double[6];
      for (Sample sample : samples) {
        LagNorms norms =
            new Pass(network, 2, 1, team).lagNorms(weights, sample.window(), sample.state().copy());
        for (int k = 0; k < mean.length; k++) {
          mean[k] += norms.phi()[k] / 3;
        }
      }
      LagNorms found = heldOut.lags(network, weights, 3, team);
      assertThat(found.phi()).containsExactly(mean, within(1e-12));
      assertThat(found.decay()).isCloseTo(new LagNorms(mean).decay(), within(1e-9));
    }
  }
}
