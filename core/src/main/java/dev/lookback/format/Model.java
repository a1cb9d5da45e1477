package dev.lookback.format;

import dev.lookback.network.Network;
import dev.lookback.network.StreamPredictor;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * A network with its numbers and what is needed to use it.
 *
 * @param network its shape
 * @param weights its numbers
 * @param vocabulary the symbols of a text model, by id
 * @param config everything of the run that made it, as JSON
 */
public record Model(
    Network network, Weights weights, Optional<List<String>> vocabulary, Optional<String> config) {

  /** Checks that the weights are the network's. */
  public Model {
    if (!weights.layout().equals(network.layout())) {
      throw new IllegalArgumentException("the weights are not laid out as the network's");
    }
    vocabulary = vocabulary.map(List::copyOf);
  }

  /** Without vocabulary or configuration. */
  public static Model of(Network network, Weights weights) {
    return new Model(network, weights, Optional.empty(), Optional.empty());
  }

  /**
   * What predicts with it, for many streams and threads.
   *
   * @param <K> the ids of the streams
   */
  public <K> StreamPredictor<K> predictor() {
    return StreamPredictor.of(network, weights);
  }

  /** The same with the symbols of a text model, by id. */
  public Model withVocabulary(List<String> symbols) {
    return new Model(network, weights, Optional.of(symbols), config);
  }
}
