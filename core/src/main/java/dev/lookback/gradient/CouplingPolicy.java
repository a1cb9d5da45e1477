package dev.lookback.gradient;

import java.util.OptionalInt;

/**
 * Which coupling a training uses at which update: always the same, which is what a {@link Coupling}
 * says of itself, or one that is chosen anew by what is measured while training. An immutable
 * value.
 */
public sealed interface CouplingPolicy permits Coupling, CouplingPolicy.Measured {

  /** What can be said of every gradient, relative to the exact one of the same window. */
  Coupling.Promise promise();

  /** As on the command line, such as {@code adaptive:0.1}. */
  String label();

  /** The tolerance of {@link Auto}. */
  double AUTO_TOLERANCE = 0.1;

  /**
   * A policy that measures how gradients decay by lag, at a training's start and again and again.
   */
  sealed interface Measured extends CouplingPolicy {}

  /**
   * Truncation that goes back as far as a bound on its relative bias asks for: {@link
   * Coupling#everyLossAtLeast} with the smallest K whose bound is below a tolerance, or the largest
   * that is allowed where none is (Aicher, Foti and Fox 2019).
   *
   * @param tolerance delta, above 0 and below 1
   * @param least Kmin, 1 or more
   * @param most Kmax; the steps of a window where it is empty
   */
  record Adaptive(double tolerance, int least, OptionalInt most) implements Measured {
    /** The paper's smallest K. */
    static final int LEAST = 2;

    /** Checks the tolerance and the range. */
    public Adaptive {
      if (!(tolerance > 0 && tolerance < 1)) {
        throw new IllegalArgumentException(
            "the tolerance of the relative bias is "
                + CouplingNotation.number(tolerance)
                + " but has to be above 0 and below 1, such as adaptive:0.1: at 1 the bias may be"
                + " as large as the gradient, and only full has 0");
      }
      if (least < 1 || (most.isPresent() && most.getAsInt() < least)) {
        throw new IllegalArgumentException(
            "K is to be from "
                + least
                + " to "
                + (most.isPresent() ? Integer.toString(most.getAsInt()) : "a window's steps")
                + " but has to be 1 or more, and the largest no smaller than the smallest");
      }
      if (most.orElse(least) > Integer.MAX_VALUE / 2) {
        throw new IllegalArgumentException(
            "K is to be up to "
                + most.orElse(least)
                + " but 2K - 1 steps are gone back, so it has to be "
                + Integer.MAX_VALUE / 2
                + " or less");
      }
    }

    /** K from 2 to the steps of a window. */
    public Adaptive(double tolerance) {
      this(tolerance, LEAST, OptionalInt.empty());
    }

    @Override
    public Coupling.Promise promise() {
      return Coupling.Promise.BIASED;
    }

    @Override
    public String label() {
      return "adaptive:"
          + CouplingNotation.number(tolerance)
          + (least == LEAST ? "" : ",min=" + least)
          + (most.isPresent() ? ",max=" + most.getAsInt() : "");
    }
  }

  /**
   * Randomised truncation whose pi follows the measured decay: {@link Coupling#randomMeasured} with
   * segments of a window's steps on average at most, or of a third more where credit hardly decays.
   */
  record RandomMeasured() implements Measured {
    @Override
    public Coupling.Promise promise() {
      return Coupling.Promise.UNBIASED;
    }

    @Override
    public String label() {
      return "random:measured";
    }
  }

  /**
   * No number at all: the exact gradient of each window wherever that fits the memory, keeps to a
   * bias of {@value CouplingPolicy#AUTO_TOLERANCE} for what lies before the window, and costs no
   * more than the truncation that does; else that truncation, as {@link Adaptive}.
   */
  record Auto() implements Measured {
    /** The truncation that is held against the exact gradient. */
    public Adaptive adaptive() {
      return new Adaptive(AUTO_TOLERANCE);
    }

    @Override
    public Coupling.Promise promise() {
      return Coupling.Promise.BIASED;
    }

    @Override
    public String label() {
      return "auto";
    }
  }
}
