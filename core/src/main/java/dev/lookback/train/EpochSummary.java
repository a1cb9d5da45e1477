package dev.lookback.train;

/**
 * What one epoch was.
 *
 * @param epoch 0, 1, ...
 * @param updates weight updates so far, this epoch's included
 * @param tokens predictions learned from in this epoch
 * @param loss mean over the epoch's predictions, each at the weights of its time
 * @param gradientNorm mean over the epoch's updates
 */
public record EpochSummary(
    long epoch, long updates, long tokens, double loss, double gradientNorm) {

  /** exp of the loss. */
  public double perplexity() {
    return Math.exp(loss);
  }
}
