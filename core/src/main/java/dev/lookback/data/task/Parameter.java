package dev.lookback.data.task;

/**
 * A whole number that a task is made with.
 *
 * @param name how it is written
 * @param standard its value where it is not said: a number, or the name of another parameter
 * @param meaning what it is, in a few words
 */
public record Parameter(String name, String standard, String meaning) {
  /** The largest value of any parameter: lengths stay far from the end of an int. */
  static final int LARGEST = 10_000_000;

  static void require(String name, int value, int least) {
    if (value < least || value > LARGEST) {
      throw new IllegalArgumentException(
          name + " is " + value + " but has to be from " + least + " to " + LARGEST);
    }
  }
}
