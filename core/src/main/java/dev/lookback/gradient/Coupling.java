package dev.lookback.gradient;

import dev.lookback.math.Randomness;
import dev.lookback.window.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How credit goes back through time: which xi stands on each link, and which sweeps carry it out.
 * An immutable value.
 *
 * <pre>  delta_t = q_t + xi_{t+1} J_{t+1}^T delta_{t+1}</pre>
 *
 * <p>At a window's start the link into the past is outside: what enters is a constant.
 *
 * <p>Open for couplings of one's own through {@link Custom}.
 */
public sealed interface Coupling extends CouplingPolicy {

  /**
   * A coupling of one's own: an immutable value that says xi and the sweeps of any window, by
   * {@link Coupled#tiled} or with sweeps of its own. Trained with, audited and compared as those of
   * the library; within a memory budget its sweeps may not overlap, since what overlapping ones
   * share is not computed again.
   *
   * <p>{@link #couple} has to be a function of what it is given; {@link #lagCoverage} of a random
   * one is that of a single draw unless it says better.
   */
  non-sealed interface Custom extends Coupling {
    /**
     * Whether windows of some sizes come out differently with other randomness. A coupling that
     * seldom draws, or refuses windows of other sizes than its own, has to say it itself.
     */
    @Override
    default boolean isDrawn() {
      return DrawnCheck.isDrawn(this);
    }
  }

  /** What can be said of the gradient, relative to the exact one of the same window. */
  enum Promise {
    /** It is the exact gradient. */
    EXACT,
    /** It leans towards short lags. */
    BIASED,
    /** Its expectation is the exact gradient. */
    UNBIASED
  }

  /** xi and sweeps for a window; random couplings draw them from {@code randomness}. */
  Coupled couple(int steps, int lanes, Randomness randomness);

  /** What can be said of the gradient. */
  @Override
  Promise promise();

  /**
   * Whether chance decides xi or the sweeps, whatever is promised of the gradient. Of a drawn
   * coupling audits measure the mean of many draws and their variance.
   */
  default boolean isDrawn() {
    return false;
  }

  /** As on the command line, such as {@code fixed:35}. */
  @Override
  String label();

  /**
   * How many steps the losses of a window look back, their own one counted; at most up to the
   * window's start.
   */
  default LagCoverage lagCoverage(int steps) {
    return LagCoverage.of(couple(LagCoverage.check(steps), 1, Randomness.of(0)));
  }

  /** xi = 1 on every link: the exact gradient (Werbos 1990). */
  static Coupling full() {
    return new Full();
  }

  /** xi = 0 on every tau-th link, else 1: segments of tau steps. */
  static Coupling fixed(int tau) {
    return new Fixed(tau);
  }

  /** xi = 0 with probability 1/mean, else 1 / (1 - 1/mean), one draw for all lanes. */
  static Coupling random(double mean) {
    return new Randomised(KeepProbability.geometric(mean), mean, Drawing.SHARED);
  }

  /**
   * Segments of a mean length whose tail falls as a power: the longer one is, the surer its next
   * link; see {@link KeepProbability#powerLaw}.
   */
  static Randomised randomPowerLaw(double mean, double alpha) {
    return new Randomised(KeepProbability.powerLaw(alpha, mean), mean, Drawing.SHARED);
  }

  /**
   * Segments of a mean length of which none is shorter than {@code floor} + 1 steps: no cut in the
   * first {@code floor} links after one, then a roulette that makes up the rest of the mean.
   */
  static Randomised randomFloor(double mean, int floor) {
    double rest = Randomised.beyondFloor(mean, floor);
    KeepProbability keep = KeepProbability.floor(floor, KeepProbability.geometric(rest));
    return new Randomised(keep, mean, Drawing.SHARED);
  }

  /**
   * Geometric lengths that go with how a network's credit decays, {@code phi_k = A decay^k}.
   *
   * <p>A roulette spends its steps best if a lag survives with a probability in proportion to its
   * size, which is pi = decay (Beatson and Adams 2019). It is kept within [decay^1.5, 1 -
   * 1/longestMean]. Where these cross, the lower one holds and the mean is longer than {@code
   * longestMean}: at pi = decay^2 and below the variance is infinite.
   *
   * @param decay the measured factor from one lag to the next, in (0, 1)
   * @param longestMean the most steps a segment may have on average, more than 1
   */
  static Randomised randomMeasured(double decay, double longestMean) {
    if (!(decay > 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "the measured decay is "
              + decay
              + " but has to be above 0 and below 1: credit that does not decay leaves no pi below 1"
              + " with a finite variance. Use full");
    }
    if (!(longestMean > 1)) {
      throw new IllegalArgumentException(
          "the longest mean length is " + longestMean + " but has to be more than 1 step");
    }
    double pi = Math.max(Math.min(decay, 1 - 1 / longestMean), Math.pow(decay, 1.5));
    double mean = 1 / (1 - pi);
    return new Randomised(KeepProbability.geometric(mean), mean, Drawing.SHARED);
  }

  /** Every k1 steps the last k1 losses go back k2 steps (Williams and Peng 1990). */
  static Coupling sliding(int k1, int k2) {
    return new Sliding(k1, k2);
  }

  /**
   * The sliding coupling (K, 2K - 1): the cheapest with K steps between boundaries under which
   * every loss looks back over K steps or more. Fixed truncation at K leaves it (K + 1) / 2 on
   * average.
   */
  static Sliding everyLossAtLeast(int lags) {
    if (lags < 1 || lags > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "every loss is to look back over at least "
              + lags
              + " steps but that has to be from 1 to "
              + Integer.MAX_VALUE / 2
              + ", such as every-loss-at-least:35");
    }
    return new Sliding(lags, 2 * lags - 1, true);
  }

  /** xi as given. */
  static Coupling given(Links links) {
    return new Given(links);
  }

  /** Full backpropagation through time. */
  record Full() implements Coupling {
    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      return new Coupled(Links.whole(steps), List.of(new Sweep(0, steps, 0)));
    }

    @Override
    public Promise promise() {
      return Promise.EXACT;
    }

    @Override
    public String label() {
      return "full";
    }
  }

  /**
   * Fixed truncation: segments of tau steps counted from the window's start, the last one shorter
   * where tau does not divide the window. A loss sees 1 to tau steps, (tau + 1) / 2 on average.
   *
   * @param tau steps in a segment
   */
  record Fixed(int tau) implements Coupling {
    /** Checks tau. */
    public Fixed {
      if (tau < 1) {
        throw new IllegalArgumentException(
            "tau is " + tau + " but a segment needs 1 step or more, such as fixed:35");
      }
    }

    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      float[] xi = new float[steps];
      for (int t = 0; t < steps; t++) {
        xi[t] = t > 0 && t % tau == 0 ? 0 : 1;
      }
      return Coupled.tiled(Links.shared(xi));
    }

    @Override
    public Promise promise() {
      return Promise.BIASED;
    }

    @Override
    public String label() {
      return "fixed:" + tau;
    }
  }

  /**
   * Randomised truncation: xi_t = 0 with probability 1 - pi_t, else 1/pi_t, so that E[xi_t] = 1 and
   * the gradient is unbiased (Tallec and Ollivier 2017).
   *
   * @param keep the schedule pi_t
   * @param mean the mean length of a segment; what own-stride windows divide by
   * @param drawing how the lanes come to theirs
   */
  record Randomised(KeepProbability keep, double mean, Drawing drawing) implements Coupling {
    /** Checks the mean. */
    public Randomised {
      if (!(mean > 1) || Double.isInfinite(mean)) {
        throw new IllegalArgumentException(
            "the mean length is " + mean + " but has to be more than 1 step and finite");
      }
    }

    /** With a draw for each lane, or one for all. */
    public Randomised(KeepProbability keep, double mean, boolean perLane) {
      this(keep, mean, perLane ? Drawing.PER_LANE : Drawing.SHARED);
    }

    /** What a floor leaves of a mean length. */
    static double beyondFloor(double mean, int floor) {
      if (floor >= 1 && !(mean - floor > 1)) {
        throw new IllegalArgumentException(
            "the floor is "
                + floor
                + " links and the mean length "
                + CouplingNotation.number(mean)
                + " steps, but segments that are never cut before have "
                + (floor + 1L)
                + " steps at least: the mean has to be more than that");
      }
      return mean - floor;
    }

    /** Whether each lane draws its own xi, or one draw serves all. */
    public boolean perLane() {
      return drawing != Drawing.SHARED;
    }

    /**
     * pi on a link as far from the last cut as can be. Where credit decays by a factor c from one
     * lag to the next, the variance stays finite on an endless stream only while c^2 is below it. A
     * power law's is 1 but for rounding.
     */
    public double lastingPi() {
      return keep.at(1, Integer.MAX_VALUE);
    }

    /** The same with a draw for each lane. */
    public Randomised withPerLane() {
      return with(Drawing.PER_LANE);
    }

    /** The same with lanes that come to their xi in another way. */
    public Randomised with(Drawing drawing) {
      return new Randomised(keep, mean, drawing);
    }

    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      return Coupled.tiled(
          switch (drawing) {
            case SHARED -> Draws.shared(keep, steps, randomness);
            case PER_LANE -> Draws.perLane(keep, steps, lanes, randomness);
            case STRATIFIED -> Draws.stratified(keep, steps, lanes, randomness);
          });
    }

    @Override
    public LagCoverage lagCoverage(int steps) {
      return LagCoverage.expected(keep, steps);
    }

    /**
     * One segment as the paper's protocol trains on it: up to its first cut, every link inside
     * scaled by 1/pi.
     */
    public Coupled segment(Randomness randomness, int atMost) {
      Randomness lane = randomness.with(0);
      float[] xi = new float[16];
      xi[0] = 1;
      int length = 1;
      while (length < atMost) {
        double pi = KeepProbability.check(keep.at(length, length), length);
        if (lane.uniform(length) >= pi) {
          break;
        }
        if (length == xi.length) {
          xi = Arrays.copyOf(xi, 2 * length);
        }
        xi[length++] = (float) (1 / pi);
      }
      return Coupled.tiled(Links.shared(Arrays.copyOf(xi, length)));
    }

    @Override
    public Promise promise() {
      return Promise.UNBIASED;
    }

    @Override
    public boolean isDrawn() {
      return true;
    }

    @Override
    public String label() {
      return "random:" + CouplingNotation.number(mean) + keep.notation() + drawing.notation();
    }
  }

  /**
   * Truncated BPTT(k1, k2): at the boundaries k1, 2 k1, ... and T, the losses since the last
   * boundary go back over at most k2 steps.
   *
   * @param k1 steps between boundaries
   * @param k2 steps a sweep goes back, k1 or more
   * @param saidByLags whether it is called by the lags that every loss has, {@code
   *     every-loss-at-least:K}
   */
  record Sliding(int k1, int k2, boolean saidByLags) implements Coupling {
    /** Called by k1 and k2. */
    public Sliding(int k1, int k2) {
      this(k1, k2, false);
    }

    /** Checks k1 and k2. */
    public Sliding {
      if (k1 < 1 || k2 < k1) {
        throw new IllegalArgumentException(
            "sliding:"
                + k1
                + ","
                + k2
                + " needs 1 <= K1 <= K2: every K1 steps the last K1 losses go back K2 steps");
      }
      if (saidByLags && k2 != 2 * k1 - 1) {
        throw new IllegalArgumentException(
            "every loss looks back over K1 steps or more in sliding:K1,2K1-1, and this is sliding:"
                + k1
                + ","
                + k2);
      }
    }

    /**
     * How many steps the losses of an endless stream look back where the sweeps go on through the
     * starts of windows of so many steps. The loss j steps before a boundary has k2 - j, from k2 -
     * k1 + 1 to k2. A window's end is a boundary too, and what lies more than k2 - k1 steps before
     * it is forgotten: a boundary that has only r &lt; k1 steps of its window before it looks back
     * over r + k2 - k1 steps.
     */
    public LagCoverage lagCoverageThroughWindows(int steps) {
      long sum = 0;
      int most = 0;
      for (int from = 0; from < LagCoverage.check(steps); from += k1) {
        int count = Math.min(k1, steps - from);
        int reach = (int) Math.min(k2, (long) from + count + k2 - k1);
        most = Math.max(most, reach);
        sum += count * (2L * reach - count + 1) / 2;
      }
      int fewest = k2 - k1 + 1;
      return new LagCoverage(fewest, (double) sum / steps, most);
    }

    /**
     * How many steps are gone back over for each step of the windows of an endless stream, whose
     * starts the sweeps go through.
     */
    public double backwardSteps(int steps) {
      long sum = 0;
      for (int from = 0; from < steps; from += k1) {
        sum += Math.min(k2, (long) from + Math.min(k1, steps - from) + k2 - k1);
      }
      return (double) sum / steps;
    }

    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      List<Sweep> sweeps = new ArrayList<>();
      for (int from = 0; from < steps; from += k1) {
        int to = Math.min(steps, from + k1);
        sweeps.add(new Sweep(from, to, Math.min(from, Math.max(0, to - k2))));
      }
      return new Coupled(Links.whole(steps), sweeps);
    }

    @Override
    public Promise promise() {
      return Promise.BIASED;
    }

    @Override
    public String label() {
      return saidByLags ? "every-loss-at-least:" + k1 : "sliding:" + k1 + "," + k2;
    }
  }

  /**
   * Given numbers.
   *
   * @param links xi for a window of just as many steps
   */
  record Given(Links links) implements Coupling {
    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      links.requireFits(steps, lanes);
      return Coupled.tiled(links);
    }

    /** The mean over the lanes too. */
    @Override
    public LagCoverage lagCoverage(int steps) {
      links.requireFits(steps, links.lanes());
      return LagCoverage.of(Coupled.tiled(links));
    }

    @Override
    public Promise promise() {
      return Promise.BIASED;
    }

    @Override
    public String label() {
      return "data";
    }
  }
}
