package dev.lookback.gradient;

import java.util.List;
import java.util.OptionalInt;

/**
 * Policies as text: {@code adaptive:0.1}, {@code adaptive:0.1,min=5,max=400}, {@code
 * random:measured}, {@code auto}, and every coupling of {@link CouplingNotation}.
 */
public final class PolicyNotation {
  private static final String ADAPTIVE =
      "write the tolerance of the relative bias, such as adaptive:0.1, and behind it what you like"
          + " of min=K and max=K, such as adaptive:0.1,max=400";

  private PolicyNotation() {}

  /** Reads one policy or coupling. */
  public static CouplingPolicy parse(String text) {
    String[] halves = text.strip().split(":", 2);
    String rest = halves.length == 2 ? halves[1].strip() : "";
    if (halves[0].equals("auto")) {
      CouplingNotation.require(text, halves.length == 1, "auto takes no number");
      return new CouplingPolicy.Auto();
    } else if (halves[0].equals("adaptive")) {
      CouplingNotation.require(text, !rest.isEmpty(), ADAPTIVE);
      return adaptive(text, rest.split(",", -1));
    } else if (isMeasuredRandom(text)) {
      CouplingNotation.require(
          text, rest.equals("measured"), "random:measured takes nothing more: it is all measured");
      return new CouplingPolicy.RandomMeasured();
    }
    return CouplingNotation.parse(text);
  }

  /** Reads a list such as {@code full,adaptive:0.1,max=40,auto,sliding:4,8}. */
  public static List<CouplingPolicy> parseList(String text) {
    return CouplingNotation.split(text).stream().map(PolicyNotation::parse).toList();
  }

  /** Whether this names a policy that measures, rightly written or not. */
  static boolean isMeasured(String text) {
    String name = text.strip().split(":", 2)[0];
    return name.equals("auto") || name.equals("adaptive") || isMeasuredRandom(text);
  }

  private static boolean isMeasuredRandom(String text) {
    return text.strip().matches("random:\\s*measured\\b.*");
  }

  private static CouplingPolicy adaptive(String text, String[] arguments) {
    double tolerance = CouplingNotation.real(text, arguments[0]);
    OptionalInt least = OptionalInt.empty();
    OptionalInt most = OptionalInt.empty();
    for (int i = 1; i < arguments.length; i++) {
      String[] option = arguments[i].strip().split("\\s*=\\s*", 2);
      CouplingNotation.require(text, option.length == 2, ADAPTIVE);
      if (option[0].equals("min") && least.isEmpty()) {
        least = OptionalInt.of(CouplingNotation.whole(text, option[1]));
      } else if (option[0].equals("max") && most.isEmpty()) {
        most = OptionalInt.of(CouplingNotation.whole(text, option[1]));
      } else {
        CouplingNotation.require(text, false, ADAPTIVE);
      }
    }
    return new CouplingPolicy.Adaptive(
        tolerance, least.orElse(CouplingPolicy.Adaptive.LEAST), most);
  }
}
