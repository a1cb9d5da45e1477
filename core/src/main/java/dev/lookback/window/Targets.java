package dev.lookback.window;

import java.util.Arrays;

/** What should come out at each step of each lane, time-major: row {@code t * lanes + b}. */
public sealed interface Targets {

  /** The rows [from, to), in an array of their own. */
  Targets rows(int from, int to);

  /** The first {@code rows} rows, and behind them the first {@code more} of {@code next}. */
  Targets join(int rows, Targets next, int more);

  /**
   * Class ids for cross-entropy, {@code [T, B]}.
   *
   * @param ids the ids, at least T * B of them
   */
  record Classes(int[] ids) implements Targets {
    @Override
    public Classes rows(int from, int to) {
      return new Classes(Arrays.copyOfRange(ids, from, to));
    }

    @Override
    public Classes join(int rows, Targets next, int more) {
      if (next instanceof Classes classes) {
        return new Classes(Join.of(ids, rows, classes.ids, more));
      }
      throw new IllegalArgumentException("values cannot go on behind classes");
    }
  }

  /**
   * Values for squared error, {@code [T, B, O]}.
   *
   * @param values the rows one after another
   * @param width O, the numbers in a row
   */
  record Values(float[] values, int width) implements Targets {
    @Override
    public Values rows(int from, int to) {
      return new Values(Arrays.copyOfRange(values, from * width, to * width), width);
    }

    @Override
    public Values join(int rows, Targets next, int more) {
      if (next instanceof Values after && after.width == width) {
        return new Values(Join.of(values, rows * width, after.values, more * width), width);
      }
      throw new IllegalArgumentException(
          "only values of width " + width + " can go on behind these");
    }
  }
}
