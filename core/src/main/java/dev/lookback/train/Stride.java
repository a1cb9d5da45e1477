package dev.lookback.train;

import java.util.Locale;

/** When the weights change. */
public enum Stride {
  /** After every window of as many steps as the sampling says: couplings differ in xi only. */
  WINDOW,
  /**
   * At the coupling's own cuts, the protocol of the papers: fixed truncation updates every tau
   * steps; randomised truncation at its cuts, its sum of losses divided by the constant mean * B,
   * because dividing by the random length would bias it; sliding truncation every k1 steps; the
   * others as {@link #WINDOW}.
   */
  OWN;

  /** The name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
