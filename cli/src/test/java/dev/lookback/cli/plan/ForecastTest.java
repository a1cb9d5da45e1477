package dev.lookback.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.data.Lanes;
import dev.lookback.data.Tokens;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.gradient.Memory;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Sgd;
import dev.lookback.train.Trainer;
import dev.lookback.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is foretold is what a training then counts, to the byte. */
class ForecastTest {
  private static final int SYMBOLS = 5;
  private static final int LANES = 3;
  private static final int STEPS = 129;

  private static List<Network> networks() {
    List<Network> networks = new ArrayList<>();
    for (boolean learned : new boolean[] {false, true}) {
      for (List<Cell> cells :
          List.<List<Cell>>of(
              List.of(Elman.of(4, 6), Elman.of(6, 7)),
              List.of(Lstm.of(4, 11), Lstm.of(11, 3)),
              List.of(Gru.of(4, 5), Gru.of(5, 5)),
              List.of(Gru.original(4, 5), Gru.original(5, 5)))) {
        List<Cell> same = learned ? cells.stream().map(Cell::withLearnedState).toList() : cells;
        networks.add(Network.of(first(same.get(0), learned), Readout.softmax(SYMBOLS)));
        networks.add(
            new Network(same, Readout.softmax(SYMBOLS)).withEmbedding(SYMBOLS).withDropout(0.2));
      }
    }
    return networks;
  }

  // The same cell over tokens.
  private static Cell first(Cell cell, boolean learned) {
    Cell over;
    if (cell instanceof Lstm) {
      over = Lstm.of(SYMBOLS, cell.hidden());
    } else if (cell instanceof Gru gru) {
      over =
          gru.reset() == Gru.Reset.AFTER
              ? Gru.of(SYMBOLS, cell.hidden())
              : Gru.original(SYMBOLS, cell.hidden());
    } else {
      over = Elman.of(SYMBOLS, cell.hidden());
    }
    return learned ? over.withLearnedState() : over;
  }

  private static long counted(Network network, Coupling coupling, Memory memory) {
    int[] ids = new int[LANES * STEPS * 3 + 1];
    Arrays.setAll(ids, i -> Randomness.of(4).below(SYMBOLS, i));
    Trainer plain = Trainer.of(network, coupling, Sgd.of(0.01));
    Bptt method = plain.method().within(memory);
    Trainer trainer =
        new Trainer(
            network, method, plain.optimizer(), plain.state(), plain.stride(), plain.seed());
    try (Team team = Team.of(1)) {
      Training training =
          trainer.start(
              network.initialize(Initialization.orthogonal(), 2),
              Lanes.of(Tokens.of(ids), LANES, STEPS),
              team);
      training.updates().limit(4).forEach(update -> {});
      return training.peakActivationBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "fixed:40", "fixed:7", "sliding:3,14", "every-loss-at-least:33"})
  void everyNetworkTakesWhatWasForetold(String notation) {
    Coupling coupling = CouplingNotation.parse(notation);
    for (Network network : networks()) {
      Forecast forecast = new Forecast(network, LANES, STEPS, true, 1);
      long all = forecast.of(coupling, Memory.unlimited()).bytes();
      assertThat(all).isEqualTo(counted(network, coupling, Memory.unlimited()));
      for (int share : new int[] {2, 4, 20}) {
        Memory tight = Memory.within(all / share);
        try {
          long bytes = forecast.of(coupling, tight).bytes();
          assertThat(bytes).isLessThanOrEqualTo(tight.bytes());
          assertThat(counted(network, coupling, tight)).isEqualTo(bytes);
        } catch (IllegalArgumentException e) {
          assertThatThrownBy(() -> counted(network, coupling, tight))
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
  }

  @Test
  void aLearnedInitialStateTakesMemory() {
    Network zero = Network.of(Lstm.of(SYMBOLS, 11), Readout.softmax(SYMBOLS));
    Network learned = Network.of(Lstm.of(SYMBOLS, 11).withLearnedState(), Readout.softmax(SYMBOLS));
    assertThat(bytes(learned)).isGreaterThan(bytes(zero));
  }

  private static long bytes(Network network) {
    return new Forecast(network, LANES, STEPS, true, 1)
        .of(Coupling.full(), Memory.unlimited())
        .bytes();
  }
}
