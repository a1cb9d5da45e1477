package dev.lookback.data.task;

/**
 * What goes in and what comes out at a step: a token and a class, judged by cross-entropy, or a row
 * of numbers and values, judged by half the squared error.
 *
 * @param tokens whether tokens go in and classes come out
 * @param inputs V, or the numbers in a row
 * @param outputs classes, or values
 */
public record Form(boolean tokens, int inputs, int outputs) {

  /** Checks the sizes. */
  public Form {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "a task has " + inputs + " inputs and " + outputs + " outputs but needs 1 or more");
    }
  }

  /** Tokens in, classes out. */
  public static Form tokens(int vocabulary, int classes) {
    return new Form(true, vocabulary, classes);
  }

  /** Rows of numbers in, values out. */
  public static Form rows(int width, int outputs) {
    return new Form(false, width, outputs);
  }

  /** What its losses are counted in. */
  public String unit() {
    return tokens ? "nats" : "half squared error";
  }
}
