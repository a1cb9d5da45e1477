package dev.lookback.bench.peers;

/**
 * The sizes of a network and of what it is shown.
 *
 * @param vocabulary V, the width of the one-hot input and of the decoder's output
 * @param hidden H, of every layer
 * @param batch B
 * @param steps T; a window's length in training
 * @param layers recurrent layers on each other
 */
public record Shape(int vocabulary, int hidden, int batch, int steps, int layers) {
  /** Checks the sizes. */
  public Shape {
    Options.atLeast(1, vocabulary, "--vocabulary");
    Options.atLeast(1, hidden, "--hidden");
    Options.atLeast(1, batch, "--batch");
    Options.atLeast(1, steps, "--steps");
    Options.atLeast(1, layers, "--layers");
  }
}
