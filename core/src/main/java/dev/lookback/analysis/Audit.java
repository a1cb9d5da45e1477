package dev.lookback.analysis;

import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * How good an estimate of the gradient a coupling gives, measured against the exact gradient of the
 * same weights on the same held-out windows.
 *
 * <p>With g the exact gradient averaged over the windows and g_r draw r of the estimate on the same
 * windows, r = 1..R (R = 1 where nothing is drawn):
 *
 * <pre>
 *   relative bias = |mean_r g_r - g| / |g|,  standard error sqrt(variance / R)
 *   variance      = sum_r |g_r - mean|^2 / ((R - 1) |g|^2)
 *   cosine        = mean_r cos(g_r, g)
 *   descends      = the fraction of draws with g . g_r &gt; 0
 * </pre>
 *
 * <p>Of weights whose exact gradient is 0 while the estimate is not, bias and variance have nothing
 * to be relative to and are not numbers; where both are 0 nothing is off, and they are 0. A cosine
 * with something that has no direction is 0.
 *
 * <p>An unbiased estimate still shows a relative bias near its standard error, because the mean of
 * R draws is not their expectation.
 */
public final class Audit {
  private final Network network;
  private final WindowGradients windows;
  private final float[] exact;

  /**
   * What was measured.
   *
   * @param relativeBias |mean_r g_r - g| / |g|
   * @param standardError of the relative bias
   * @param variance relative to |g|^2; 0 where nothing is drawn
   * @param cosine mean over the draws
   * @param descends fraction of the draws along which a small step lowers the loss
   */
  public record Finding(
      double relativeBias, double standardError, double variance, double cosine, double descends) {}

  /**
   * A tensor's share.
   *
   * @param tensor its name
   * @param finding over its numbers only
   */
  public record Part(String tensor, Finding finding) {}

  /**
   * The findings for one coupling.
   *
   * @param coupling its label
   * @param draws R
   * @param all over all weights
   * @param parts tensor by tensor
   */
  public record Report(String coupling, int draws, Finding all, List<Part> parts) {}

  /** Computes the exact gradient. All samples have the same number of lanes. */
  public Audit(Network network, Weights weights, List<Sample> samples, Team team) {
    this(network, weights, samples, team, Memory.unlimited());
  }

  /**
   * The same within a budget of activations: what does not fit is computed again.
   *
   * @throws IllegalArgumentException if the budget is too small, with the smallest that works
   */
  public Audit(Network network, Weights weights, List<Sample> samples, Team team, Memory memory) {
    this.network = network;
    this.windows = new WindowGradients(network, weights, samples, team, memory);
    this.exact = mean(Coupling.full(), Randomness.of(0)).clone();
  }

  /** Bytes of all arrays that grow with time, at their most so far. */
  public long peakActivationBytes() {
    return windows.peakActivationBytes();
  }

  /** |g|, the norm of the exact gradient. */
  public double exactNorm() {
    return new Weights(network.layout(), exact).norm();
  }

  /** The exact gradient, in the order of the network's layout. */
  public float[] exactGradient() {
    return exact.clone();
  }

  /**
   * Measures a coupling.
   *
   * @param draws R; taken as 1 where the coupling draws nothing
   */
  public Report measure(Coupling coupling, int draws, Randomness randomness) {
    boolean drawn = coupling.isDrawn();
    if (drawn && draws < 2) {
      throw new IllegalArgumentException(
          "there would be " + draws + " draws of " + coupling.label() + " but a variance needs 2");
    }
    int r = drawn ? draws : 1;
    Layout layout = network.layout();
    List<Tally> tallies = new ArrayList<>();
    for (Tensor tensor : layout.tensors()) {
      tallies.add(new Tally(tensor.offset(), tensor.end()));
    }
    Tally all = new Tally(0, layout.size());
    for (int draw = 0; draw < r; draw++) {
      float[] estimate = mean(coupling, randomness.with(draw));
      all.add(estimate, exact);
      for (Tally tally : tallies) {
        tally.add(estimate, exact);
      }
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < tallies.size(); i++) {
      parts.add(new Part(layout.tensors().get(i).name(), tallies.get(i).finding(exact)));
    }
    return new Report(coupling.label(), r, all.finding(exact), parts);
  }

  // The coupling's gradient averaged over the samples.
  private float[] mean(Coupling coupling, Randomness randomness) {
    float[] mean = new float[network.layout().size()];
    for (int i = 0; i < windows.count(); i++) {
      float[] gradient = windows.of(i, windows.coupled(i, coupling, randomness.with(i)));
      for (int j = 0; j < mean.length; j++) {
        mean[j] += gradient[j] / windows.count();
      }
    }
    return mean;
  }

  /** Running mean and squared deviations of the draws, over the numbers [from, to). */
  private static final class Tally {
    private final int from;
    private final int to;
    private final double[] mean;
    private int draws;
    private double squaredDeviation;
    private double cosines;
    private int descents;

    Tally(int from, int to) {
      this.from = from;
      this.to = to;
      this.mean = new double[to - from];
    }

    // Welford (1962): mean and sum of squared deviations in one pass.
    void add(float[] estimate, float[] exact) {
      draws++;
      double dot = 0;
      double estimateSquared = 0;
      double exactSquared = 0;
      for (int i = from; i < to; i++) {
        double before = estimate[i] - mean[i - from];
        mean[i - from] += before / draws;
        squaredDeviation += before * (estimate[i] - mean[i - from]);
        dot += (double) estimate[i] * exact[i];
        estimateSquared += (double) estimate[i] * estimate[i];
        exactSquared += (double) exact[i] * exact[i];
      }
      double norms = Math.sqrt(estimateSquared * exactSquared);
      cosines += norms == 0 ? 0 : dot / norms;
      if (dot > 0) {
        descents++;
      }
    }

    Finding finding(float[] exact) {
      double distance = 0;
      double exactSquared = 0;
      for (int i = from; i < to; i++) {
        double d = mean[i - from] - exact[i];
        distance += d * d;
        exactSquared += (double) exact[i] * exact[i];
      }
      double variance = draws < 2 ? 0 : relative(squaredDeviation / (draws - 1), exactSquared);
      return new Finding(
          Math.sqrt(relative(distance, exactSquared)),
          Math.sqrt(variance / draws),
          variance,
          cosines / draws,
          (double) descents / draws);
    }

    // Nothing relative to nothing is nothing: a tensor that no loss reaches has no bias. Something
    // relative to nothing is no number, not an infinite one: there is nothing to relate it to.
    private static double relative(double square, double exactSquared) {
      return square == 0 ? 0 : exactSquared == 0 ? Double.NaN : square / exactSquared;
    }
  }
}
