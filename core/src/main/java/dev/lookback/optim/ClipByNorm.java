package dev.lookback.optim;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;

/**
 * Shortens a gradient whose norm exceeds a bound, keeping its direction.
 *
 * <pre>  g' = g min(1, clip / |g|)</pre>
 *
 * <p>|g| is the Euclidean norm over all tensors together, summed in double in the order of the
 * array. (Pascanu, Mikolov, Bengio 2013, algorithm 1.) PyTorch's {@code clip_grad_norm_} divides by
 * |g| + 1e-6 instead.
 *
 * @param clip the longest a gradient may be, above 0
 */
public record ClipByNorm(double clip) implements Rewrite {

  /** Checks the range. */
  public ClipByNorm {
    Require.positive("the norm to clip at", clip);
  }

  /** Clips at that norm. */
  public static ClipByNorm of(double clip) {
    return new ClipByNorm(clip);
  }

  @Override
  public Stage start(Layout layout) {
    return new Clipping(clip);
  }

  /** Knows whether it had to clip, and takes the norm from who has measured it already. */
  static final class Clipping implements Stage {
    private final double clip;
    private boolean clipped;

    private Clipping(double clip) {
      this.clip = clip;
    }

    @Override
    public void rewrite(Weights gradient, Weights weights, long update) {
      rewrite(gradient, gradient.norm());
    }

    void rewrite(Weights gradient, double norm) {
      clipped = norm > clip;
      if (clipped) {
        float scale = (float) (clip / norm);
        float[] g = gradient.values();
        for (int i = 0; i < g.length; i++) {
          g[i] *= scale;
        }
      }
    }

    boolean clipped() {
      return clipped;
    }
  }
}
