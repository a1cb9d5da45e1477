package dev.lookback.cli;

import dev.lookback.gradient.Coupling;

/** A truncation with one length K to choose. */
enum Truncation {
  /** Every loss goes back K steps at least: every K steps the last K losses go back 2K - 1. */
  EVERY_LOSS("every-loss-at-least"),
  /** Segments of K steps: a loss goes back 1 to K of them. */
  FIXED("fixed");

  private final String word;

  Truncation(String word) {
    this.word = word;
  }

  Coupling coupling(int k) {
    return this == FIXED ? Coupling.fixed(k) : Coupling.everyLossAtLeast(k);
  }

  String label(int k) {
    return word + ":" + k;
  }

  String word() {
    return word;
  }
}
