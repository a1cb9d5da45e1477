package dev.lookback.examples;

import dev.lookback.cell.Elman;
import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.Lanes;
import dev.lookback.data.TextSource;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Adam;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.train.EpochSummary;
import dev.lookback.train.Trainer;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The README's example: a character model from a text file, as a lazy stream of epochs. */
final class TrainOnText {
  private TrainOnText() {}

  static void train(Path file, int epochs, Path out, Consumer<EpochSummary> listener)
      throws IOException {
    try (Corpus corpus = Corpus.read(TextSource.file(file), CorpusOptions.standard());
        Team team = Team.of(2)) {
      int symbols = corpus.vocabulary().size();
      Network network = Network.of(Elman.of(symbols, 64), Readout.softmax(symbols));
      Weights weights = network.initialize(Initialization.orthogonal(), 1);

      Trainer trainer =
          Trainer.of(network, Coupling.fixed(20), Adam.standard().after(ClipByNorm.of(1)));
      trainer
          .start(weights, Lanes.of(corpus.tokens(), 16, 40), team)
          .epochs()
          .limit(epochs)
          .forEach(listener);

      Model model = Model.of(network, weights).withVocabulary(corpus.vocabulary().symbols());
      ModelFile.write(out, model);
    }
  }
}
