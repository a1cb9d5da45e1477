package dev.lookback.bench.peers;

/** The recurrence of a layer. */
public enum Cell {
  /** h = tanh(W x + U h + b). */
  ELMAN,
  /** The gated recurrent unit. */
  GRU,
  /** The long short-term memory, without peepholes. */
  LSTM
}
