package dev.lookback.network;

import dev.lookback.weights.Initializer;
import java.util.function.IntFunction;

/**
 * How a fresh network's weights are drawn.
 *
 * @param label its name on the command line
 * @param input for W_xh and the readout
 * @param recurrent for W_hh, given H
 * @param bias for the biases
 */
public record Initialization(
    String label,
    IntFunction<Initializer> input,
    IntFunction<Initializer> recurrent,
    IntFunction<Initializer> bias) {

  /**
   * Uniform after Glorot and Bengio for inputs and readout, orthogonal recurrent weights, zero
   * biases: gradients neither vanish nor explode at the start. The default.
   */
  public static Initialization orthogonal() {
    return new Initialization(
        "orthogonal",
        hidden -> Initializer.glorot(),
        hidden -> Initializer.orthogonal(1),
        hidden -> Initializer.zeros());
  }

  /** Normal with the given standard deviation, zero biases; d2l takes 0.01. */
  public static Initialization normal(double deviation) {
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException(
          "the standard deviation is " + deviation + " but has to be 0 or more");
    }
    return new Initialization(
        "normal:" + deviation,
        hidden -> Initializer.normal(deviation),
        hidden -> Initializer.normal(deviation),
        hidden -> Initializer.zeros());
  }

  /** Everything uniform in +- 1 / sqrt(H), as PyTorch's recurrent layers start. */
  public static Initialization uniform() {
    IntFunction<Initializer> all = hidden -> Initializer.uniform(1 / Math.sqrt(hidden));
    return new Initialization("uniform", all, all, all);
  }

  /** Reads {@code orthogonal}, {@code uniform} or {@code normal:DEVIATION}. */
  public static Initialization parse(String text) {
    if (text.equals("orthogonal")) {
      return orthogonal();
    } else if (text.equals("uniform")) {
      return uniform();
    } else if (text.startsWith("normal:")) {
      try {
        return normal(Double.parseDouble(text.substring("normal:".length())));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "\"" + text + "\" needs a number after the colon, such as normal:0.01", e);
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no initialisation; there are orthogonal, uniform and normal:0.01");
  }
}
