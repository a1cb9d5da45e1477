package dev.lookback.optim;

import dev.lookback.weights.Layout;

/**
 * Pulls the weights towards 0; where it stands in the chain decides what that means.
 *
 * <pre>  g' = g + decay w</pre>
 *
 * <p>{@code Adam.standard().then(WeightDecay.of(0.01))} is decoupled decay, AdamW (Loshchilov and
 * Hutter 2019, algorithm 2, with the rate as their schedule multiplier, as in PyTorch): each update
 * takes {@code lr * decay * w} off the weights, whatever Adam made of the gradient. {@code
 * Adam.standard().after(WeightDecay.of(0.01))} is L2 regularisation, the gradient of {@code decay /
 * 2 |w|^2}: Adam divides it by the size of the gradients too, so that weights with large gradients
 * decay less. For plain {@link Sgd} both are the same.
 *
 * <p>Behind the others, in {@code then}, it is outside of clipping and momentum: no clip shortens
 * it and no momentum keeps it. PyTorch's optimizers other than AdamW take it as L2, behind {@code
 * clip_grad_norm_} and in front of momentum: {@code
 * Sgd.of(0.1).after(Momentum.of(0.9)).after(WeightDecay.of(0.01)).after(ClipByNorm.of(1))}.
 *
 * <p>Every tensor decays: biases, embeddings and learned initial states too, as in PyTorch.
 *
 * @param decay how strongly, above 0
 */
public record WeightDecay(double decay) implements Rewrite {

  /** Checks the range. */
  public WeightDecay {
    Require.positive("the weight decay", decay);
  }

  /** Decay of that strength. */
  public static WeightDecay of(double decay) {
    return new WeightDecay(decay);
  }

  @Override
  public Stage start(Layout layout) {
    float factor = (float) decay;
    return (gradient, weights, update) -> {
      float[] g = gradient.values();
      float[] w = weights.values();
      for (int i = 0; i < g.length; i++) {
        g[i] += factor * w[i];
      }
    };
  }
}
