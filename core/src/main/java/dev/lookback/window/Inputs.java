package dev.lookback.window;

import java.util.Arrays;

/** What goes in at each step of each lane, time-major: row {@code t * lanes + b}. */
public sealed interface Inputs {

  /** The rows [from, to), in an array of their own. */
  Inputs rows(int from, int to);

  /** The first {@code rows} rows, and behind them the first {@code more} of {@code next}. */
  Inputs join(int rows, Inputs next, int more);

  /**
   * Token ids, {@code [T, B]}: stands for one-hot rows that are never formed.
   *
   * @param ids the ids, at least T * B of them
   */
  record Tokens(int[] ids) implements Inputs {
    @Override
    public Tokens rows(int from, int to) {
      return new Tokens(Arrays.copyOfRange(ids, from, to));
    }

    @Override
    public Tokens join(int rows, Inputs next, int more) {
      if (next instanceof Tokens tokens) {
        return new Tokens(Join.of(ids, rows, tokens.ids, more));
      }
      throw new IllegalArgumentException("dense inputs cannot go on behind token ids");
    }
  }

  /**
   * Dense rows, {@code [T, B, D]}.
   *
   * @param values the rows one after another
   * @param width D, the numbers in a row
   */
  record Dense(float[] values, int width) implements Inputs {
    @Override
    public Dense rows(int from, int to) {
      return new Dense(Arrays.copyOfRange(values, from * width, to * width), width);
    }

    @Override
    public Dense join(int rows, Inputs next, int more) {
      if (next instanceof Dense dense && dense.width == width) {
        return new Dense(Join.of(values, rows * width, dense.values, more * width), width);
      }
      throw new IllegalArgumentException(
          "only dense inputs of width " + width + " can go on behind these");
    }
  }
}
