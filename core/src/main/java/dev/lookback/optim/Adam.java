package dev.lookback.optim;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.Map;

/**
 * Adam: the mean of the gradients over the root of the mean of their squares.
 *
 * <pre>
 *   m  = beta1 m + (1 - beta1) g
 *   v  = beta2 v + (1 - beta2) g^2
 *   w -= lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <p>(Kingma and Ba 2015, algorithm 1.) AdamW (Loshchilov and Hutter 2019) is {@code
 * Adam.standard().then(WeightDecay.of(0.01))}.
 *
 * @param rate lr
 * @param beta1 how much of m stays, in [0, 1)
 * @param beta2 how much of v stays, in [0, 1)
 * @param epsilon keeps the division finite, above 0
 */
public record Adam(Rate rate, double beta1, double beta2, double epsilon) implements Optimizer {

  /** Checks the ranges. */
  public Adam {
    Require.fraction("Adam's beta1", beta1);
    Require.fraction("Adam's beta2", beta2);
    Require.positive("Adam's epsilon", epsilon);
  }

  /** The paper's defaults: rate 1e-3, beta1 0.9, beta2 0.999, epsilon 1e-8. */
  public static Adam standard() {
    return new Adam(Rate.constant(1e-3), 0.9, 0.999, 1e-8);
  }

  /** The defaults with that rate. */
  public static Adam of(double rate) {
    return of(Rate.constant(rate));
  }

  /** The defaults with that rate. */
  public static Adam of(Rate rate) {
    return standard().withRate(rate);
  }

  @Override
  public Adam withRate(Rate rate) {
    return new Adam(rate, beta1, beta2, epsilon);
  }

  /** The same with other betas. */
  public Adam withBetas(double beta1, double beta2) {
    return new Adam(rate, beta1, beta2, epsilon);
  }

  /** The same with another epsilon. */
  public Adam withEpsilon(double epsilon) {
    return new Adam(rate, beta1, beta2, epsilon);
  }

  @Override
  public List<Rewrite> rewrites() {
    return List.of(new Moments(beta1, beta2, epsilon));
  }

  record Moments(double beta1, double beta2, double epsilon) implements Rewrite {
    @Override
    public Stage start(Layout layout) {
      return new Running(this, new float[layout.size()], new float[layout.size()]);
    }
  }

  private record Running(Moments moments, float[] m, float[] v) implements Rewrite.Stage {
    @Override
    public void rewrite(Weights gradient, Weights weights, long update) {
      long t = update + 1;
      float first = (float) (1 / (1 - Powers.power(moments.beta1, t)));
      float second = (float) Math.sqrt(1 / (1 - Powers.power(moments.beta2, t)));
      float keep1 = (float) moments.beta1;
      float add1 = (float) (1 - moments.beta1);
      float keep2 = (float) moments.beta2;
      float add2 = (float) (1 - moments.beta2);
      float epsilon = (float) moments.epsilon;
      float[] g = gradient.values();
      for (int i = 0; i < m.length; i++) {
        float mean = keep1 * m[i] + add1 * g[i];
        float square = keep2 * v[i] + add2 * (g[i] * g[i]);
        m[i] = mean;
        v[i] = square;
        g[i] = mean * first / ((float) Math.sqrt(square) * second + epsilon);
      }
    }

    @Override
    public Map<String, float[]> state() {
      return Map.of("adam.m", m, "adam.v", v);
    }
  }
}
