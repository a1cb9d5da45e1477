package dev.lookback.cli;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.data.task.Tasks;
import dev.lookback.gradient.PolicyNotation;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Adam;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.optim.Momentum;
import dev.lookback.optim.Optimizer;
import dev.lookback.optim.Rate;
import dev.lookback.optim.RmsProp;
import dev.lookback.optim.Sgd;
import dev.lookback.optim.WeightDecay;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Trainer;
import dev.lookback.train.Training;
import dev.lookback.weights.Snapshot;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small trainings that differ in what they have to remember. */
final class GoodTrainings {
  private static final int SYMBOLS = 4;
  private static final int LANES = 2;
  private static final int STEPS = 5;

  private GoodTrainings() {}

  /** A training that can be saved and gone on with. */
  record Setup(Trainer trainer, Sampling sampling) {
    /** What there is to go on from after three updates. */
    Snapshot saved(Team team) {
      Training training =
          trainer.start(
              trainer.network().initialize(Initialization.orthogonal(), 2), sampling, team);
      for (int i = 0; i < 3; i++) {
        training.next();
      }
      return training.save();
    }
  }

  static Map<String, Setup> all() {
    Readout text = Readout.softmax(SYMBOLS);
    Network gru = Network.of(new Gru(SYMBOLS, 3, Biases.INPUT, true, Gru.Reset.BEFORE), text);
    Network lstm =
        new Network(List.of(Lstm.of(SYMBOLS, 3), Lstm.of(3, 2)), text, Optional.empty(), 0.3);
    Network relu = Network.of(new Elman(3, 3, Activation.RELU, Biases.BOTH, true), text);
    Sampling lanes = Lanes.of(text(60), LANES, STEPS).withOffsets(Randomness.of(7));
    Optimizer momentum = Sgd.of(Rate.step(0.1, 0.5, 2)).then(Momentum.of(0.9));
    Map<String, Setup> all = new LinkedHashMap<>();
    all.put("full, adam", setup(gru, "full", Adam.of(0.01).then(WeightDecay.of(0.1)), lanes));
    all.put("sliding, momentum", setup(lstm, "sliding:2,9", momentum, lanes));
    all.put("random, rms", setup(relu.withEmbedding(SYMBOLS), "random:4", RmsProp.of(0.02), lanes));
    all.put("auto, clip", setup(gru, "auto", Sgd.of(0.1).after(ClipByNorm.of(0.5)), lanes));
    Sampling windows = Windows.of(text(36), STEPS, LANES).shuffled(Randomness.of(7));
    Setup resetting = setup(gru, "fixed:3", Adam.standard(), windows);
    all.put("fixed, windows", new Setup(resetting.trainer().with(StatePolicy.RESET), windows));
    TaskStream copy = TaskStream.of(Tasks.parse("copy?T=4,m=1"), LANES, 7, 28, Randomness.of(7));
    int in = copy.task().form().inputs();
    Network task = Network.of(Elman.of(in, 3), Readout.softmax(copy.task().form().outputs()));
    all.put("task", setup(task, "full", Adam.standard(), copy));
    return all;
  }

  private static Setup setup(Network network, String policy, Optimizer by, Sampling sampling) {
    return new Setup(Trainer.of(network, PolicyNotation.parse(policy), by), sampling);
  }

  private static Tokens text(int length) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> Randomness.of(4).below(SYMBOLS, i));
    return Tokens.of(ids);
  }
}
