package dev.lookback.examples;

import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.network.Predictor;
import dev.lookback.network.StreamPredictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A text model in a service: many users type, each has a state, any thread may serve any user. */
final class PredictPerStream {
  private final StreamPredictor<String> predictor;
  private final List<String> symbols;

  PredictPerStream(Path file) throws IOException {
    Model model = ModelFile.read(file);
    predictor = model.predictor();
    symbols = model.vocabulary().orElseThrow();
  }

  /** The probability that {@code next} follows what a user has typed so far, this key included. */
  double typed(String user, String key, String next) {
    float[] scores = predictor.step(user, symbols.indexOf(key));
    return Predictor.softmax(scores)[symbols.indexOf(next)];
  }
}
