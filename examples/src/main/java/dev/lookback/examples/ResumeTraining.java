package dev.lookback.examples;

import dev.lookback.cell.Gru;
import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.Lanes;
import dev.lookback.data.TextSource;
import dev.lookback.format.CheckpointFile;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Adam;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.train.Trainer;
import dev.lookback.train.Training;
import dev.lookback.train.Update;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A training that may be stopped at any moment. It saves itself every so many updates; run again
 * with the same text, it goes on from there and ends with the bits of a run that never stopped.
 */
final class ResumeTraining {
  static final int UPDATES_BETWEEN_CHECKPOINTS = 20;

  private ResumeTraining() {}

  static void train(Path text, long updates, Path folder, Consumer<Update> listener)
      throws IOException {
    Path checkpoint = folder.resolve("checkpoint.safetensors");
    try (Corpus corpus = Corpus.read(TextSource.file(text), CorpusOptions.standard());
        Team team = Team.of(2)) {
      int symbols = corpus.vocabulary().size();
      Network network = Network.of(Gru.of(symbols, 32), Readout.softmax(symbols));
      Weights weights = network.initialize(Initialization.orthogonal(), 1);
      Lanes lanes = Lanes.of(corpus.tokens(), 8, 30);
      Trainer trainer =
          Trainer.of(network, Coupling.random(10), Adam.standard().after(ClipByNorm.of(1)));

      Training training =
          Files.exists(checkpoint)
              ? trainer.resume(CheckpointFile.read(checkpoint), weights, lanes, team)
              : trainer.start(weights, lanes, team);
      while (training.updatesSoFar() < updates) {
        listener.accept(training.next());
        if (training.updatesSoFar() % UPDATES_BETWEEN_CHECKPOINTS == 0) {
          // Whole or not at all: whoever is stopped while writing still has the one before.
          CheckpointFile.write(checkpoint, training.save());
        }
      }

      Model model = Model.of(network, weights).withVocabulary(corpus.vocabulary().symbols());
      ModelFile.write(folder.resolve("model.safetensors"), model);
    }
  }
}
