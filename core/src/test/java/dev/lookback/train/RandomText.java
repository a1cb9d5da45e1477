package dev.lookback.train;

import dev.lookback.data.Tokens;
import dev.lookback.math.Randomness;
import java.util.Arrays;

/** Ids that are equally likely and the same in every test. */
final class RandomText {
  private RandomText() {}

  static Tokens of(int symbols, int length) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> Randomness.of(4).below(symbols, i));
    return Tokens.of(ids);
  }
}
