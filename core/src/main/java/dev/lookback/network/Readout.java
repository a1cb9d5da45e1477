package dev.lookback.network;

import java.util.Locale;

/**
 * What turns the top layer's state into outputs: o_t = h_t W_hq + b_q.
 *
 * @param outputs O, or the size of the vocabulary
 * @param bias whether b_q is there
 * @param kind what the outputs mean
 */
public record Readout(int outputs, boolean bias, Kind kind) {

  /** What the outputs mean, and with that which loss is theirs. */
  public enum Kind {
    /** Scores whose softmax is a distribution over classes; trained by cross-entropy. */
    SOFTMAX,
    /** Values; trained by squared error. */
    LINEAR;

    /** The name used in files. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks the size. */
  public Readout {
    if (outputs < 1) {
      throw new IllegalArgumentException(
          "the readout has " + outputs + " outputs but needs 1 or more");
    }
  }

  /** Scores of classes, with a bias. */
  public static Readout softmax(int classes) {
    return new Readout(classes, true, Kind.SOFTMAX);
  }

  /** Values, with a bias. */
  public static Readout linear(int outputs) {
    return new Readout(outputs, true, Kind.LINEAR);
  }

  /** The same without a bias. */
  public Readout withoutBias() {
    return new Readout(outputs, false, kind);
  }
}
