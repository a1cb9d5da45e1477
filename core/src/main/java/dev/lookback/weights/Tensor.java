package dev.lookback.weights;

/**
 * One named matrix or vector in the flat array of a network's weights, row-major from {@code
 * offset}.
 *
 * <p>A matrix stands as it multiplies a row from the right, {@code x W}: a row for each input, a
 * column for each output. That makes a token's weights one row. Files hold the transpose (PyTorch's
 * {@code [outputs, inputs]}); the format room turns it.
 *
 * @param name PyTorch's name, such as {@code rnn.weight_ih_l0}
 * @param rows inputs of a matrix; 1 for a vector
 * @param columns outputs
 * @param vector whether the file shape has one dimension
 * @param offset where the first number stands
 */
public record Tensor(String name, int rows, int columns, boolean vector, int offset) {

  /** How many numbers it has. */
  public int size() {
    return rows * columns;
  }

  /** One past its last number. */
  public int end() {
    return offset + size();
  }
}
