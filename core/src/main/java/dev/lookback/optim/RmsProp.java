package dev.lookback.optim;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.Map;

/**
 * RMSprop: the gradient over the root of the mean of its squares.
 *
 * <pre>
 *   v  = alpha v + (1 - alpha) g^2
 *   w -= lr g / (sqrt(v) + epsilon)
 * </pre>
 *
 * <p>(Tieleman and Hinton 2012, lecture 6e.) As in PyTorch, epsilon stands outside the root and v
 * starts at 0 without a correction, so that early steps are long: the first is lr / sqrt(1 -
 * alpha), ten times lr by default. TensorFlow has epsilon inside the root.
 *
 * @param rate lr
 * @param alpha how much of v stays, in [0, 1)
 * @param epsilon keeps the division finite, above 0
 */
public record RmsProp(Rate rate, double alpha, double epsilon) implements Optimizer {

  /** Checks the ranges. */
  public RmsProp {
    Require.fraction("RMSprop's alpha", alpha);
    Require.positive("RMSprop's epsilon", epsilon);
  }

  /** PyTorch's defaults: rate 0.01, alpha 0.99, epsilon 1e-8. */
  public static RmsProp standard() {
    return new RmsProp(Rate.constant(0.01), 0.99, 1e-8);
  }

  /** The defaults with that rate. */
  public static RmsProp of(double rate) {
    return of(Rate.constant(rate));
  }

  /** The defaults with that rate. */
  public static RmsProp of(Rate rate) {
    return standard().withRate(rate);
  }

  @Override
  public RmsProp withRate(Rate rate) {
    return new RmsProp(rate, alpha, epsilon);
  }

  /** The same with another alpha. */
  public RmsProp withAlpha(double alpha) {
    return new RmsProp(rate, alpha, epsilon);
  }

  /** The same with another epsilon. */
  public RmsProp withEpsilon(double epsilon) {
    return new RmsProp(rate, alpha, epsilon);
  }

  @Override
  public List<Rewrite> rewrites() {
    return List.of(new Squares(alpha, epsilon));
  }

  record Squares(double alpha, double epsilon) implements Rewrite {
    @Override
    public Stage start(Layout layout) {
      return new Running(this, new float[layout.size()]);
    }
  }

  private record Running(Squares squares, float[] v) implements Rewrite.Stage {
    @Override
    public void rewrite(Weights gradient, Weights weights, long update) {
      float keep = (float) squares.alpha;
      float add = (float) (1 - squares.alpha);
      float epsilon = (float) squares.epsilon;
      float[] g = gradient.values();
      for (int i = 0; i < v.length; i++) {
        float square = keep * v[i] + add * (g[i] * g[i]);
        v[i] = square;
        g[i] = g[i] / ((float) Math.sqrt(square) + epsilon);
      }
    }

    @Override
    public Map<String, float[]> state() {
      return Map.of("rmsprop.v", v);
    }
  }
}
