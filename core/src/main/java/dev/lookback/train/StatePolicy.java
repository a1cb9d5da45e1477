package dev.lookback.train;

import java.util.Locale;

/** What enters a window. */
public enum StatePolicy {
  /** The state in which the window before left the lane; zero at an epoch's start. */
  CARRY,
  /** Zero. */
  RESET;

  /** The name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
