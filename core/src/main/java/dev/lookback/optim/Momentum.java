package dev.lookback.optim;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.util.Map;

/**
 * Lets past gradients roll on.
 *
 * <pre>
 *   v  = mu v + g
 *   g' = v             heavy ball (Polyak 1964)
 *   g' = g + mu v      Nesterov's, as Sutskever, Martens, Dahl, Hinton 2013 rewrote it
 * </pre>
 *
 * <p>The rate multiplies v afterwards, as in PyTorch; the papers keep it inside v, which differs
 * where the rate changes.
 *
 * @param mu how much of v stays, in [0, 1)
 * @param nesterov whether to look one step ahead
 */
public record Momentum(double mu, boolean nesterov) implements Rewrite {

  /** Checks the range. */
  public Momentum {
    Require.fraction("the momentum", mu);
  }

  /** Heavy ball. */
  public static Momentum of(double mu) {
    return new Momentum(mu, false);
  }

  /** Nesterov's. */
  public static Momentum nesterov(double mu) {
    return new Momentum(mu, true);
  }

  @Override
  public Stage start(Layout layout) {
    return new Velocity((float) mu, nesterov, new float[layout.size()]);
  }

  private record Velocity(float mu, boolean nesterov, float[] v) implements Stage {
    @Override
    public void rewrite(Weights gradient, Weights weights, long update) {
      float[] g = gradient.values();
      if (nesterov) {
        for (int i = 0; i < v.length; i++) {
          float next = mu * v[i] + g[i];
          v[i] = next;
          g[i] = g[i] + mu * next;
        }
      } else {
        for (int i = 0; i < v.length; i++) {
          float next = mu * v[i] + g[i];
          v[i] = next;
          g[i] = next;
        }
      }
    }

    @Override
    public Map<String, float[]> state() {
      return Map.of("momentum.v", v);
    }
  }
}
