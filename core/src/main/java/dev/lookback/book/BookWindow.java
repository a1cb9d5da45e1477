package dev.lookback.book;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a network is shown: T steps of B lanes.
 *
 * @param inputs numbers, or tokens
 * @param reset where a lane starts afresh, {@code [T][B]}
 * @param mask what the output of layer l is multiplied by on its way into layer l + 1, {@code
 *     [layers - 1][T][B][H of layer l]} (dropout, drawn by the caller); empty for none
 */
public record BookWindow(Inputs inputs, boolean[][] reset, double[][][][] mask) {

  /** Checks that every step of every lane is there. */
  public BookWindow {
    require("reset", reset.length, reset.length == 0 ? 0 : reset[0].length, inputs);
    for (double[][][] layer : mask) {
      require("a mask", layer.length, layer.length == 0 ? 0 : layer[0].length, inputs);
    }
  }

  /** What goes into the network at each step of each lane. */
  public sealed interface Inputs {
    /** T. */
    int steps();

    /** B. */
    int lanes();
  }

  /**
   * Rows of numbers.
   *
   * @param x {@code [T][B][D]}
   */
  public record Numbers(double[][][] x) implements Inputs {
    @Override
    public int steps() {
      return x.length;
    }

    @Override
    public int lanes() {
      return x[0].length;
    }
  }

  /**
   * Token ids.
   *
   * @param ids {@code [T][B]}
   */
  public record Tokens(int[][] ids) implements Inputs {
    @Override
    public int steps() {
      return ids.length;
    }

    @Override
    public int lanes() {
      return ids[0].length;
    }
  }

  /** Numbers {@code [T][B][D]}; no lane starts afresh, nothing is masked. */
  public static BookWindow of(double[][][] x) {
    return of(new Numbers(x));
  }

  /** Token ids {@code [T][B]}; no lane starts afresh, nothing is masked. */
  public static BookWindow of(int[][] ids) {
    return of(new Tokens(ids));
  }

  private static BookWindow of(Inputs inputs) {
    return new BookWindow(inputs, new boolean[inputs.steps()][inputs.lanes()], new double[0][][][]);
  }

  /** The same inputs with lanes that start afresh where {@code reset}, {@code [T][B]}, says so. */
  public BookWindow withReset(boolean[][] reset) {
    return new BookWindow(inputs, reset, mask);
  }

  /** The same window with every lane starting afresh at the first step. */
  public BookWindow startingAfresh() {
    boolean[][] more = reset.clone();
    more[0] = new boolean[lanes()];
    Arrays.fill(more[0], true);
    return new BookWindow(inputs, more, mask);
  }

  /** The same window with masks {@code [layers - 1][T][B][H]}. */
  public BookWindow withMask(double[][][][] mask) {
    return new BookWindow(inputs, reset, mask);
  }

  /** T. */
  public int steps() {
    return inputs.steps();
  }

  /** B. */
  public int lanes() {
    return inputs.lanes();
  }

  private static void require(String what, int steps, int lanes, Inputs inputs) {
    if (steps != inputs.steps() || lanes != inputs.lanes()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s is [%d][%d] but the inputs are %d steps of %d lanes",
              what,
              steps,
              lanes,
              inputs.steps(),
              inputs.lanes()));
    }
  }
}
