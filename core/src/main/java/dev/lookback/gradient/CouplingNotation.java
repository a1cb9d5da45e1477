package dev.lookback.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Couplings as text: {@code full}, {@code fixed:35}, {@code random:35}, {@code
 * random:50,alpha=4,floor=20,stratified}, {@code sliding:8,16}.
 */
public final class CouplingNotation {
  private static final String KNOWN =
      "full, fixed:TAU, random:MEAN[,alpha=A][,floor=K][,per-lane or ,stratified], sliding:K1,K2 and"
          + " every-loss-at-least:K; train and compare have adaptive:DELTA, random:measured and auto"
          + " too";
  private static final String RANDOM =
      "write the mean segment length, such as random:35, and behind it what you like of alpha=A,"
          + " floor=K, and per-lane or stratified, such as random:50,alpha=4,per-lane";

  private CouplingNotation() {}

  /** Reads one coupling. */
  public static Coupling parse(String text) {
    require(
        text,
        !PolicyNotation.isMeasured(text),
        "this measures and chooses a coupling while a network is trained, which only train and"
            + " compare do. Name a coupling, such as every-loss-at-least:35");
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
      case "every-loss-at-least" -> {
        require(
            text,
            arguments.length == 1,
            "write how many steps every loss looks back over at least, such as"
                + " every-loss-at-least:35");
        yield Coupling.everyLossAtLeast(whole(text, arguments[0]));
      }
      default ->
          throw new IllegalArgumentException("\"" + text + "\" is no coupling; there are " + KNOWN);
    };
  }

  /** Reads a list such as {@code full,fixed:8,sliding:4,8,random:35}. */
  public static List<Coupling> parseList(String text) {
    return split(text).stream().map(CouplingNotation::parse).toList();
  }

  /** The couplings of a list, each with its arguments. */
  static List<String> split(String text) {
    List<StringBuilder> parts = new ArrayList<>();
    for (String piece : text.split(",", -1)) {
      String name = piece.strip().split(":", 2)[0];
      boolean continues = !parts.isEmpty() && isArgument(name);
      if (continues) {
        parts.get(parts.size() - 1).append(',').append(piece.strip());
      } else {
        parts.add(new StringBuilder(piece.strip()));
      }
    }
    return parts.stream().map(StringBuilder::toString).toList();
  }

  // What stands behind a comma inside a coupling, as no coupling's name does.
  private static boolean isArgument(String text) {
    return text.matches("[-+]?[0-9][-+.0-9eE]*|per-lane|stratified|(alpha|floor|min|max)\\s*=.*");
  }

  private static Coupling random(String text, String[] arguments) {
    require(text, arguments.length > 0, RANDOM);
    double mean = real(text, arguments[0]);
    Optional<Double> alpha = Optional.empty();
    Optional<Integer> floor = Optional.empty();
    Drawing drawing = Drawing.SHARED;
    for (int i = 1; i < arguments.length; i++) {
      String[] option = arguments[i].strip().split("\\s*=\\s*", 2);
      boolean valued = option.length == 2;
      if (option[0].equals("alpha") && valued) {
        require(text, alpha.isEmpty(), "alpha stands there twice");
        alpha = Optional.of(real(text, option[1]));
      } else if (option[0].equals("floor") && valued) {
        require(text, floor.isEmpty(), "floor stands there twice");
        floor = Optional.of(whole(text, option[1]));
      } else {
        drawing = drawing(text, arguments[i].strip(), drawing);
      }
    }
    return new Coupling.Randomised(keep(mean, alpha, floor), mean, drawing);
  }

  private static Drawing drawing(String text, String option, Drawing before) {
    Drawing drawing =
        switch (option) {
          case "per-lane" -> Drawing.PER_LANE;
          case "stratified" -> Drawing.STRATIFIED;
          default -> Drawing.SHARED;
        };
    require(text, drawing != Drawing.SHARED, RANDOM);
    require(
        text,
        before == Drawing.SHARED,
        "say per-lane or stratified, once; stratified is a draw for each lane too");
    return drawing;
  }

  private static KeepProbability keep(
      double mean, Optional<Double> alpha, Optional<Integer> floor) {
    double rest = floor.isPresent() ? Coupling.Randomised.beyondFloor(mean, floor.get()) : mean;
    KeepProbability after =
        alpha.isPresent()
            ? KeepProbability.powerLaw(alpha.get(), rest)
            : KeepProbability.geometric(rest);
    return floor.isPresent() ? KeepProbability.floor(floor.get(), after) : after;
  }

  static double real(String text, String number) {
    try {
      return Double.parseDouble(number.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\": \"" + number + "\" is not a number", e);
    }
  }

  static int whole(String text, String number) {
    try {
      return Integer.parseInt(number.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\": \"" + number + "\" is not a whole number", e);
    }
  }

  static void require(String text, boolean condition, String remedy) {
    if (!condition) {
      throw new IllegalArgumentException("\"" + text + "\": " + remedy);
    }
  }

  /** A number as on the command line: without a point where it is whole. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
