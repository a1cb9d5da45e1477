package dev.lookback.examples;

import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.network.Predictor;
import dev.lookback.network.StreamPredictor;
import java.io.IOException;
import java.nio.file.Path;

/** A text model in a service: many users type, each has a state, any thread may serve any user. */
final class PredictPerStream {
  private final StreamPredictor<String> predictor;
  private final Vocabulary vocabulary;

  PredictPerStream(Path file) throws IOException {
    Model model = ModelFile.read(file);
    predictor = model.predictor();
    vocabulary = model.codec();
    predictor.warmUp(2_000); // before the first request, not during it
  }

  /**
   * The logarithm of the probability that {@code next} follows what a user has typed so far, this
   * key included. A character that the model never saw is its symbol for unknown ones.
   */
  double typed(String user, int key, int next) {
    float[] scores = predictor.step(user, vocabulary.id(key));
    return Predictor.logSoftmax(scores)[vocabulary.id(next)];
  }
}
