package dev.lookback.data.task;

import dev.lookback.math.Randomness;
import java.util.List;

/**
 * Copying without end: again and again a lag m is drawn from min to max, then come m tokens, the
 * first of them the sign 1 and the others drawn from 2 to 5, then m zeros; the targets are m zeros
 * and then the m tokens, so each has to be kept for m steps. Each lane begins at a step of its own.
 *
 * <p>The first zero tells that the answer begins, so the optimum is 0 for every choice of lags. Who
 * knows the place in the sequence but no token reaches E[m - 1] ln 4 / E[2m], and who sees nothing
 * but the present token has to tell the sign, one zero in E[m], from the four others:
 *
 * <pre>  1/2 (H(p) + (1 - p) ln 4),   p = 1 / E[m]</pre>
 *
 * <p>Aicher, Foti and Fox 2019, "Adaptively truncating backpropagation through time to control
 * gradient bias": fixed lag 10, and lags from 5 to 10.
 *
 * @param min the shortest lag
 * @param max the longest lag
 */
public record CopyStream(int min, int max) implements Task {
  private static final int SIGN = 1;
  private static final int KINDS = 4;
  private static final Form FORM = Form.tokens(2 + KINDS, 2 + KINDS);

  /** Checks that min is not above max. */
  public CopyStream {
    Parameter.require("min", min, 1);
    Parameter.require("max", max, 1);
    if (min > max) {
      throw new IllegalArgumentException(
          "min is " + min + " and max is " + max + ", but the lags go from min up to max");
    }
  }

  @Override
  public String label() {
    return "copy-stream?" + (min == max ? "m=" + min : "min=" + min + ",max=" + max);
  }

  @Override
  public Form form() {
    return FORM;
  }

  @Override
  public boolean independent() {
    return false;
  }

  @Override
  public boolean onlyLastCounts() {
    return false;
  }

  private double meanLag() {
    return (min + max) / 2.0;
  }

  @Override
  public double meanLength() {
    return 2 * meanLag();
  }

  private int lag(Randomness unit) {
    return min + unit.with("lag").below(max - min + 1, 0);
  }

  @Override
  public int length(Randomness lane, long number) {
    return 2 * lag(lane.with(number));
  }

  @Override
  public void write(Randomness lane, long number, Steps out) {
    Randomness unit = lane.with(number);
    int lag = lag(unit);
    for (int t = 0; t < lag; t++) {
      out.add(symbol(unit, t), 0);
    }
    for (int t = 0; t < lag; t++) {
      out.add(0, symbol(unit, t));
    }
  }

  private static int symbol(Randomness unit, int index) {
    return index == 0 ? SIGN : SIGN + 1 + unit.below(KINDS, index);
  }

  @Override
  public int shift(Randomness lane) {
    return lane.with("shift").below(length(lane, 0), 0);
  }

  // At the latest a sequence's length after its beginning a lane comes to the next one's sign.
  @Override
  public int warmUp() {
    return 2 * max;
  }

  @Override
  public double optimum() {
    return 0;
  }

  @Override
  public List<Baseline> baselines() {
    double among = StrictMath.log(KINDS);
    double sign = 1 / meanLag();
    return List.of(
        new Baseline("the present token only", (Entropy.coin(sign) + (1 - sign) * among) / 2),
        new Baseline("the place but no token", (meanLag() - 1) * among / meanLength()));
  }
}
