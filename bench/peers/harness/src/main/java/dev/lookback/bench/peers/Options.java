package dev.lookback.bench.peers;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The options of a peer's program.
 *
 * @param cell the recurrence
 * @param mode what one iteration is
 * @param shape the sizes
 * @param threads threads that the library may use
 * @param effort how long to measure
 */
public record Options(Cell cell, Mode mode, Shape shape, int threads, Effort effort) {
  private static final List<String> NAMES =
      List.of(
          "--cell",
          "--mode",
          "--vocabulary",
          "--hidden",
          "--batch",
          "--steps",
          "--layers",
          "--threads",
          "--iterations",
          "--warmup",
          "--seconds");

  /** Checks the threads. */
  public Options {
    atLeast(1, threads, "--threads");
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if an option or a value is not known; the message says which
   */
  public static Options parse(String... words) {
    Map<String, String> given = new HashMap<>();
    boolean start = false;
    for (int i = 0; i < words.length; i++) {
      if (words[i].equals("--start")) {
        start = true;
      } else if (!NAMES.contains(words[i])) {
        throw new IllegalArgumentException(
            words[i] + " is not an option; there are " + String.join(" ", NAMES) + " --start");
      } else if (i + 1 == words.length) {
        throw new IllegalArgumentException(words[i] + " needs a value");
      } else {
        given.put(words[i], words[++i]);
      }
    }
    return new Options(
        constant(Cell.class, given.getOrDefault("--cell", "lstm"), "--cell"),
        constant(Mode.class, given.getOrDefault("--mode", "train"), "--mode"),
        new Shape(
            integer(given, "--vocabulary", 64),
            integer(given, "--hidden", 128),
            integer(given, "--batch", 32),
            integer(given, "--steps", 64),
            integer(given, "--layers", 1)),
        integer(given, "--threads", Runtime.getRuntime().availableProcessors()),
        start
            ? Effort.start()
            : new Effort(
                integer(given, "--iterations", 200),
                integer(given, "--warmup", 50),
                number(given, "--seconds", 5)));
  }

  static void atLeast(int least, int value, String option) {
    if (value < least) {
      throw new IllegalArgumentException(
          option + " is " + value + ", but at least " + least + " is needed");
    }
  }

  private static int integer(Map<String, String> given, String option, int otherwise) {
    String word = given.getOrDefault(option, Integer.toString(otherwise));
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          option + " is " + word + ", but a whole number is needed", e);
    }
  }

  private static double number(Map<String, String> given, String option, double otherwise) {
    String word = given.getOrDefault(option, Double.toString(otherwise));
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " is " + word + ", but a number is needed", e);
    }
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String word, String option) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        option
            + " is "
            + word
            + ", but one of "
            + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT)
            + " is needed");
  }
}
