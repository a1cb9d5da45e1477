package dev.lookback.network;

/**
 * A vector for each token, which the first layer reads instead of the one-hot token itself: x_t =
 * E[id].
 *
 * @param tokens V, the size of the vocabulary
 * @param width E, the numbers in a vector
 */
public record Embedding(int tokens, int width) {
  /** PyTorch's name of the tensor, {@code [V, E]}. */
  public static final String NAME = "embedding.weight";

  /** Checks the sizes. */
  public Embedding {
    if (tokens < 1 || width < 1) {
      throw new IllegalArgumentException(
          "an embedding of " + tokens + " tokens in " + width + " numbers needs 1 or more of both");
    }
  }
}
