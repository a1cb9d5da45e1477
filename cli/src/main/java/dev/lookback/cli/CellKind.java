package dev.lookback.cli;

import java.util.Locale;

/** The cells there are, by their names on the command line. */
public enum CellKind {
  /** h_t = phi(x_t W_xh + h_{t-1} W_hh + b). */
  ELMAN,
  /** The gated recurrent unit. */
  GRU,
  /** Long short-term memory. */
  LSTM;

  /** The name on the command line and in files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
