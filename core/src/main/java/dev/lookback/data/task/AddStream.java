package dev.lookback.data.task;

import dev.lookback.math.Randomness;
import java.util.List;

/**
 * A stream of coins in which the answer depends on two earlier ones:
 *
 * <pre>  x_t ~ Bernoulli(1/2),   P(y_t = 1) = 1/2 + 1/2 x_{t-t1} - 1/4 x_{t-t2}</pre>
 *
 * <p>The loss shows how far back a network sees, because it has plateaus. In nats, with both lags H
 * averaged over the four cases, {@code .4545}; with t1 only, {@code .5192}; with t2 only, {@code
 * .6277}; with none, {@code .6616}.
 *
 * <p>Pitis 2016, "Recurrent neural networks in TensorFlow I", with lags 3 and 8; Marschall, Cho and
 * Savin 2020, "A unified framework of online learning algorithms for training recurrent neural
 * networks".
 *
 * @param t1 the lag of the coin that raises the chance
 * @param t2 the lag of the coin that lowers it
 */
public record AddStream(int t1, int t2) implements Task {
  private static final Form FORM = Form.tokens(2, 2);

  /** Checks that there are two lags. */
  public AddStream {
    Parameter.require("t1", t1, 0);
    Parameter.require("t2", t2, 0);
    if (t1 == t2) {
      throw new IllegalArgumentException(
          "t1 and t2 are both " + t1 + ", but the answer depends on two coins: use two lags");
    }
  }

  @Override
  public String label() {
    return "add-stream?t1=" + t1 + ",t2=" + t2;
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

  @Override
  public double meanLength() {
    return 1;
  }

  @Override
  public int length(Randomness lane, long number) {
    return 1;
  }

  // The coins before a lane's first step were thrown too, only nobody saw them.
  @Override
  public void write(Randomness lane, long t, Steps out) {
    double p = chance(coin(lane, t - t1), coin(lane, t - t2));
    out.add(coin(lane, t), lane.with("y").uniform(t) < p ? 1 : 0);
  }

  private static int coin(Randomness lane, long t) {
    return lane.with("x").below(2, t);
  }

  private static double chance(double first, double second) {
    return 0.5 + 0.5 * first - 0.25 * second;
  }

  @Override
  public int warmUp() {
    return Math.max(t1, t2);
  }

  @Override
  public double optimum() {
    double sum = 0;
    for (int first = 0; first < 2; first++) {
      for (int second = 0; second < 2; second++) {
        sum += Entropy.coin(chance(first, second)) / 4;
      }
    }
    return sum;
  }

  // A coin that is not seen counts one half, the mean of its two sides: the chance is linear in it.
  @Override
  public List<Baseline> baselines() {
    double none = Entropy.coin(chance(0.5, 0.5));
    double onlySecond = (Entropy.coin(chance(0.5, 0)) + Entropy.coin(chance(0.5, 1))) / 2;
    double onlyFirst = (Entropy.coin(chance(0, 0.5)) + Entropy.coin(chance(1, 0.5))) / 2;
    return List.of(
        new Baseline("neither lag", none),
        new Baseline("only lag " + t2, onlySecond),
        new Baseline("only lag " + t1, onlyFirst));
  }
}
