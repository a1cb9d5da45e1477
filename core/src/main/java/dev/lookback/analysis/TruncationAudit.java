package dev.lookback.analysis;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagCoverage;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Sweep;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What couplings that draw nothing cost and lose, against the exact gradient over the windows'
 * length as the horizon, with confidence intervals over the windows.
 *
 * <pre>
 *   relative bias = |mean_i e_i - mean_i g_i| / |mean_i g_i|
 *   cosine        = cos(mean_i e_i, mean_i g_i)
 *   descends      = mean_i e_i . mean_i g_i &gt; 0
 *   variance      = sum_i |g_i - mean|^2 / ((N - 1) |mean|^2)
 * </pre>
 *
 * <p>e_i is the coupling's gradient on window i, g_i the exact one, N the number of windows. The
 * intervals are the jackknife's for 95 %, that of the bias on a logarithmic scale. A part of the
 * weights whose exact gradient is 0 while the estimate is not has no relative bias: it is not a
 * number, because there is nothing to relate it to. Where both are 0 nothing is off, and it is 0.
 *
 * <p>Kept are 2 N gradients.
 */
public final class TruncationAudit {
  private final WindowGradients windows;
  private final List<float[]> exact = new ArrayList<>();
  private long peak;

  /**
   * What was measured over some of the weights.
   *
   * @param relativeBias of the mean over the windows
   * @param cosine between the means
   * @param descends whether a small step along the mean estimate lowers the mean loss
   * @param descendingWindows the share of single windows on which it does
   * @param variance of the exact gradient from window to window: the noise of a batch of one window
   */
  public record Finding(
      Estimate relativeBias,
      Estimate cosine,
      boolean descends,
      double descendingWindows,
      double variance) {}

  /**
   * A tensor's share.
   *
   * @param tensor its name
   * @param finding over its numbers only
   */
  public record Part(String tensor, Finding finding) {}

  /**
   * What the way back takes.
   *
   * @param longestSegment the most steps a sweep has to remember
   * @param backwardSteps steps gone back for each step of the window
   * @param activationBytes arrays that grow with time, in whole blocks of steps, if nothing is
   *     computed again
   * @param lags how many steps the window's losses look back
   */
  public record Cost(
      int longestSegment, double backwardSteps, long activationBytes, LagCoverage lags) {}

  /**
   * The findings for one coupling.
   *
   * @param coupling its label
   * @param cost in memory and steps
   * @param all over all weights
   * @param parts tensor by tensor
   */
  public record Report(String coupling, Cost cost, Finding all, List<Part> parts) {}

  /** Computes the exact gradient of each window. All have the same number of lanes and of steps. */
  public TruncationAudit(Network network, Weights weights, List<Sample> samples, Team team) {
    this(network, weights, samples, team, Memory.unlimited());
  }

  /**
   * The same within a budget of activations: what does not fit is computed again.
   *
   * @throws IllegalArgumentException if the budget is too small, with the smallest that works
   */
  public TruncationAudit(
      Network network, Weights weights, List<Sample> samples, Team team, Memory memory) {
    if (samples.size() < 2) {
      throw new IllegalArgumentException(
          "there would be " + samples.size() + " windows but an interval needs 2 or more");
    }
    this.windows = new WindowGradients(network, weights, samples, team, memory);
    for (int i = 0; i < windows.count(); i++) {
      exact.add(windows.of(i, couple(windows, i, Coupling.full())).clone());
    }
    this.peak = windows.peakActivationBytes();
  }

  /** Bytes of all arrays that grow with time, at their most so far. */
  public long peakActivationBytes() {
    return peak;
  }

  /**
   * Whether the budget has room for a coupling: what sliding sweeps remember is not computed again.
   */
  public boolean fits(Coupling coupling) {
    return windows.fits(coupling);
  }

  /** |g|, the norm of the exact gradient averaged over the windows. */
  public double exactNorm() {
    double squares = 0;
    for (int k = 0; k < exact.get(0).length; k++) {
      double mean = 0;
      for (float[] g : exact) {
        mean += (double) g[k] / exact.size();
      }
      squares += mean * mean;
    }
    return Math.sqrt(squares);
  }

  /**
   * Measures a coupling that draws nothing.
   *
   * @throws IllegalArgumentException if it is drawn, or if the budget has no room for it
   */
  public Report measure(Coupling coupling) {
    if (coupling.isDrawn()) {
      throw new IllegalArgumentException(
          coupling.label() + " is drawn: measure it with Audit, which averages draws");
    }
    WindowGradients afresh =
        windows
            .afresh(coupling)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        coupling.label()
                            + " remembers more than the memory has room for: sweeps that overlap"
                            + " are not computed again. Use a shorter one or more memory"));
    List<float[]> off = new ArrayList<>();
    Coupled coupled = couple(afresh, 0, coupling);
    for (int i = 0; i < afresh.count(); i++) {
      float[] d = afresh.of(i, coupled).clone();
      for (int k = 0; k < d.length; k++) {
        d[k] -= exact.get(i)[k];
      }
      off.add(d);
    }
    List<Part> parts = new ArrayList<>();
    for (Tensor tensor : windows.network().layout().tensors()) {
      Products products = Products.of(exact, off, tensor.offset(), tensor.end());
      parts.add(new Part(tensor.name(), finding(products)));
    }
    Products all = Products.of(exact, off, 0, exact.get(0).length);
    peak = Math.max(peak, afresh.peakActivationBytes());
    LagCoverage lags = coupling.lagCoverage(coupled.links().steps());
    Cost cost = cost(coupled, afresh.bytesFor(coupled), lags);
    return new Report(coupling.label(), cost, finding(all), parts);
  }

  private static Coupled couple(WindowGradients windows, int i, Coupling coupling) {
    return windows.coupled(i, coupling, Randomness.of(0));
  }

  private static Cost cost(Coupled coupled, long bytes, LagCoverage lags) {
    long back = 0;
    for (Sweep sweep : coupled.sweeps()) {
      back += sweep.length();
    }
    return new Cost(coupled.longestSegment(), (double) back / coupled.links().steps(), bytes, lags);
  }

  private Finding finding(Products products) {
    int n = windows.count();
    double[] all = new double[n];
    Arrays.fill(all, 1);
    return new Finding(
        Jackknife.ratio(n, products::relativeBias),
        Jackknife.bounded(n, -1, 1, products::cosine),
        products.descends(all),
        products.descendingWindows(),
        products.variance());
  }
}
