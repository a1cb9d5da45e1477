package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.data.TaskStream;
import dev.lookback.data.task.AddStream;
import dev.lookback.data.task.Adding;
import dev.lookback.data.task.Task;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Adam;
import dev.lookback.weights.Weights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Networks reach what their coupling lets them see, and nothing below the optimum. */
class TaskTrainingTest {
  private static final Team TEAM = Team.of(1);
  private static final Task COINS = new AddStream(2, 4);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static TaskStream stream(String purpose, long laneSteps) {
    return TaskStream.of(COINS, 16, 24, laneSteps, Randomness.of(3).with(purpose));
  }

  private static double lossAfter(int updates, Trainer trainer) {
    Network network = trainer.network();
    Weights weights = network.initialize(Initialization.orthogonal(), 2);
    Training training = trainer.start(weights, stream("training", 4800), TEAM);
    training.updates().limit(updates).forEach(update -> {});
    TaskStream judging = stream("validation", 2400).warmingUp();
    Evaluation found = Evaluation.of(network, weights, judging, TEAM);
    assertThat(found.tokens()).isEqualTo(16L * (2400 - COINS.warmUp()));
    return found.loss();
  }

  private static Trainer trainer(Coupling coupling) {
    Network network = Network.of(Elman.of(2, 24), Readout.softmax(2));
    return Trainer.of(network, coupling, Adam.of(0.01));
  }

  @Test
  void whoSeesBothLagsReachesTheOptimum() {
    assertThat(lossAfter(500, trainer(Coupling.full()))).isCloseTo(COINS.optimum(), within(0.02));
  }

  @Test
  void atItsOwnCutsTruncationIsStuckWhereItSeesNothing() {
    double blind = lossAfter(1500, trainer(Coupling.fixed(1)).with(Stride.OWN));
    assertThat(blind).isGreaterThan(COINS.baselines().get(2).loss());
  }

  @Test
  void lossesOfMaskedStepsAreNotCounted() {
    Network network = Network.of(Gru.of(2, 4), Readout.linear(1));
    Weights weights = Weights.zeros(network.layout());
    Task adding = new Adding(6);
    TaskStream stream = TaskStream.of(adding, 8, 12, 6000, Randomness.of(1));
    Evaluation found = Evaluation.of(network, weights, stream, TEAM);
    assertThat(found.tokens()).isEqualTo(8 * 1000);
    // Zero weights answer 0: half of E[(a + b)^2] = (1 + 1/6) / 2.
    assertThat(found.loss()).isCloseTo(7.0 / 12, within(0.015));
    Training training =
        Trainer.of(network, Coupling.full(), Adam.standard()).start(weights, stream, TEAM);
    assertThat(training.next().loss()).isBetween(0.3, 0.9);
  }
}
