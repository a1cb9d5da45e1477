package dev.lookback.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Couplings as text: {@code full}, {@code fixed:35}, {@code random:35}, {@code sliding:8,16}. */
public final class CouplingNotation {
  private static final String KNOWN =
      "full, fixed:TAU, random:MEAN, random:MEAN,per-lane and sliding:K1,K2";
  private static final Set<String> NAMES = Set.of("full", "fixed", "random", "sliding");

  private CouplingNotation() {}

  /** Reads one coupling. */
  public static Coupling parse(String text) {
    String[] halves = text.strip().split(":", 2);
    String[] arguments = halves.length == 2 ? halves[1].split(",", -1) : new String[0];
    return switch (halves[0]) {
      case "full" -> {
        require(text, arguments.length == 0, "full takes no number");
        yield Coupling.full();
      }
      case "fixed" -> {
        require(text, arguments.length == 1, "write the segment length, such as fixed:35");
        yield Coupling.fixed(whole(text, arguments[0]));
      }
      case "random" -> random(text, arguments);
      case "sliding" -> {
        require(text, arguments.length == 2, "write both lengths, such as sliding:8,16");
        yield Coupling.sliding(whole(text, arguments[0]), whole(text, arguments[1]));
      }
      default ->
          throw new IllegalArgumentException("\"" + text + "\" is no coupling; there are " + KNOWN);
    };
  }

  /** Reads a list such as {@code full,fixed:8,sliding:4,8,random:35}. */
  public static List<Coupling> parseList(String text) {
    List<StringBuilder> parts = new ArrayList<>();
    for (String piece : text.split(",", -1)) {
      String name = piece.strip().split(":", 2)[0];
      boolean continues = !parts.isEmpty() && (isNumber(name) || name.equals("per-lane"));
      if (continues) {
        parts.get(parts.size() - 1).append(',').append(piece.strip());
      } else {
        parts.add(new StringBuilder(piece.strip()));
      }
    }
    return parts.stream().map(part -> parse(part.toString())).toList();
  }

  private static boolean isNumber(String text) {
    return !NAMES.contains(text) && text.matches("[-+]?[0-9.]+");
  }

  private static Coupling random(String text, String[] arguments) {
    boolean perLane = arguments.length == 2 && arguments[1].strip().equals("per-lane");
    require(
        text,
        arguments.length == 1 || perLane,
        "write the mean segment length, such as random:35 or random:35,per-lane");
    double mean;
    try {
      mean = Double.parseDouble(arguments[0].strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\": \"" + arguments[0] + "\" is not a number", e);
    }
    Coupling.Randomised random =
        new Coupling.Randomised(KeepProbability.geometric(mean), mean, false);
    return perLane ? random.withPerLane() : random;
  }

  private static int whole(String text, String number) {
    try {
      return Integer.parseInt(number.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\": \"" + number + "\" is not a whole number", e);
    }
  }

  private static void require(String text, boolean condition, String remedy) {
    if (!condition) {
      throw new IllegalArgumentException("\"" + text + "\": " + remedy);
    }
  }
}
