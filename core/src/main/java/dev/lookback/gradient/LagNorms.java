package dev.lookback.gradient;

import java.util.Arrays;

/**
 * How much of a loss reaches back how far: phi_k = |dl_T / dh_{T-k}|, the norm of the last step's
 * loss gradient with respect to the state k steps before, over all layers, averaged over the lanes.
 *
 * <p>Entry k belongs to lag k, k = 1..T. The decay is beta = exp(slope) of the least-squares line
 * through log phi_k (Aicher, Foti, Fox 2019, who drop what is below exp(-50)): near 1 the network
 * remembers long, and a randomised truncation that keeps links with probability pi has bounded
 * variance only while beta^2 &lt; pi.
 *
 * @param phi entry k - 1 for lag k
 */
public record LagNorms(double[] phi) {
  private static final double LOWEST_LOG = -50;

  /** beta, the factor from one lag to the next; infinite where a norm overflowed. */
  public double decay() {
    // What overflowed, or came of an overflow, does not decay.
    if (!Arrays.stream(phi).allMatch(Double::isFinite)) {
      return Double.POSITIVE_INFINITY;
    }
    int n = 0;
    double sumK = 0;
    double sumY = 0;
    double sumKk = 0;
    double sumKy = 0;
    for (int k = 0; k < phi.length; k++) {
      double y = StrictMath.log(phi[k]);
      if (!(y > LOWEST_LOG)) {
        continue;
      }
      n++;
      sumK += k;
      sumY += y;
      sumKk += (double) k * k;
      sumKy += k * y;
    }
    if (n < 2) {
      return 0;
    }
    return StrictMath.exp((n * sumKy - sumK * sumY) / (n * sumKk - sumK * sumK));
  }

  /** Lags after which the norm has halved; infinite where it does not decay. */
  public double halfLife() {
    double beta = decay();
    return beta >= 1 ? Double.POSITIVE_INFINITY : StrictMath.log(0.5) / StrictMath.log(beta);
  }

  /**
   * sum_k phi_k / phi_1: a length that counts every lag by what still reaches it; 0 where nothing
   * reaches the first.
   */
  public double effectiveMemory() {
    return phi.length == 0 || phi[0] == 0 ? 0 : Arrays.stream(phi).sum() / phi[0];
  }
}
