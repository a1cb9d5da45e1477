package dev.lookback.bench.peers;

/** What one iteration is. */
public enum Mode {
  /**
   * A training step: gradients to zero, forward over T dense one-hot rows of B streams, softmax
   * cross-entropy at every step (its mean), backward over all of T, plain gradient descent.
   */
  TRAIN,
  /**
   * One step of B streams without gradients: the carried state goes on, and the decoder answers.
   */
  STEP
}
