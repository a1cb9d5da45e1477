package dev.lookback.format;

import dev.lookback.data.Vocabulary;
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

  /**
   * What turns the characters of a text model into ids and back. It is made anew at each call, so a
   * service keeps it.
   *
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public Vocabulary codec() {
    return Vocabulary.of(
        vocabulary.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the model has no vocabulary, so its ids stand for no text: give it one by"
                        + " withVocabulary, or use a text model")));
  }

  /**
   * The ids of a text's characters; one that the vocabulary does not have is {@code <unk>}. Builds
   * the {@link #codec} for this text alone.
   *
   * @throws dev.lookback.data.DataException if a character is unknown and {@code <unk>} is too
   */
  public int[] encode(CharSequence text) {
    return codec().encode(text);
  }

  /** The same with the symbols of a text model, by id. */
  public Model withVocabulary(List<String> symbols) {
    return new Model(network, weights, Optional.of(symbols), config);
  }
}
