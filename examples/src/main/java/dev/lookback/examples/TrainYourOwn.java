package dev.lookback.examples;

import dev.lookback.cell.Cell;
import dev.lookback.data.TaskStream;
import dev.lookback.data.task.Adding;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.loss.Loss;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Adam;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.train.Evaluation;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Trainer;
import dev.lookback.weights.Weights;
import java.util.function.Supplier;

/**
 * A network whose cell, coupling and loss are one's own learns to add two numbers of a sequence.
 */
final class TrainYourOwn {
  private static final Adding ADDING = new Adding(8);

  private TrainYourOwn() {}

  /** The losses before and after so many updates. */
  record Losses(double before, double after) {}

  static Losses train(Cell cell, Coupling coupling, Supplier<Loss> loss, int updates) {
    Network network = Network.of(cell, Readout.linear(1));
    Weights weights = network.initialize(Initialization.orthogonal(), 1);
    TaskStream learning = stream("training");
    Bptt method = Bptt.of(coupling).minimising(loss);
    Trainer trainer = Trainer.of(network, method, Adam.of(0.01).after(ClipByNorm.of(1)));
    try (Team team = Team.of(1)) {
      double before = loss(network, weights, loss, team);
      trainer.start(weights, learning, team).updates().limit(updates).forEach(update -> {});
      return new Losses(before, loss(network, weights, loss, team));
    }
  }

  private static double loss(Network network, Weights weights, Supplier<Loss> loss, Team team) {
    TaskStream judging = stream("validation");
    return Evaluation.of(network, weights, judging, StatePolicy.CARRY, loss.get(), team).loss();
  }

  private static TaskStream stream(String purpose) {
    return TaskStream.of(ADDING, 16, 8, 1600, Randomness.of(1).with(purpose));
  }
}
