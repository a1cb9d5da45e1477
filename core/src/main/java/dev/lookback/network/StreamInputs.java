package dev.lookback.network;

import dev.lookback.window.Inputs;
import java.util.Locale;

/** Refuses what a network cannot read, before anything is computed. */
final class StreamInputs {
  private final int width;
  private final boolean embeds;

  /** For that network. */
  StreamInputs(Network network) {
    this.width = network.inputs();
    this.embeds = network.embedding().isPresent();
  }

  /** D, or the size of the vocabulary. */
  int width() {
    return width;
  }

  /** Whether rows of numbers can be read, not token ids only. */
  boolean takesRows() {
    return !embeds;
  }

  void requireToken(int token) {
    if (token < 0 || token >= width) {
      throw unknown("the token is " + token);
    }
  }

  Inputs.Tokens tokens(int[] tokens) {
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= width) {
        throw unknown("token " + i + " is " + tokens[i]);
      }
    }
    return new Inputs.Tokens(tokens);
  }

  private IllegalArgumentException unknown(String found) {
    return new IllegalArgumentException(
        found
            + " but the network knows 0 to "
            + (width - 1)
            + ": encode with the vocabulary that it was trained with");
  }

  void requireRow(float[] x) {
    requireNumbersMean();
    if (x.length != width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "x has %d numbers but the network takes %d: pass one row [D = %d]",
              x.length,
              width,
              width));
    }
    requireFinite(x);
  }

  Inputs.Dense rows(float[] rows) {
    requireNumbersMean();
    if (rows.length % width != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "x has %d numbers but the network takes rows of %d: pass whole rows, one after"
                  + " another",
              rows.length,
              width));
    }
    requireFinite(rows);
    return new Inputs.Dense(rows, width);
  }

  private void requireNumbersMean() {
    if (embeds) {
      throw new IllegalArgumentException(
          "x is numbers but the network has an embedding: pass token ids from 0 to " + (width - 1));
    }
  }

  private static void requireFinite(float[] x) {
    for (int i = 0; i < x.length; i++) {
      if (!Float.isFinite(x[i])) {
        throw new IllegalArgumentException(
            "x["
                + i
                + "] is "
                + x[i]
                + " but only finite numbers can be used: mend or replace it; no state has changed");
      }
    }
  }

  static void requireCount(int streams, int inputs) {
    if (streams != inputs) {
      throw new IllegalArgumentException(
          streams + " streams have " + inputs + " inputs but each needs one");
    }
  }

  static void requireRoom(float[] outputs, long needed) {
    if (outputs.length < needed) {
      throw new IllegalArgumentException(
          "the array for the outputs has room for "
              + outputs.length
              + " numbers but "
              + needed
              + " are needed");
    }
  }
}
