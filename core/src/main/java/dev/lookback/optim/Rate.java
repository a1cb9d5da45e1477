package dev.lookback.optim;

/**
 * The learning rate of each update. An implementation of your own has to be a pure function of the
 * update's number, so that an interrupted run can go on.
 */
@FunctionalInterface
public interface Rate {

  /** The rate of one update, counted from 0. */
  double at(long update);

  /** The same rate at every update. */
  static Rate constant(double rate) {
    return new Constant(rate);
  }

  /** {@code rate} times {@code factor} after every {@code every} updates. */
  static Rate step(double rate, double factor, long every) {
    return new Step(rate, factor, every);
  }

  /** Half a cosine from {@code rate} down to {@code floor} over {@code updates} updates. */
  static Rate cosine(double rate, double floor, long updates) {
    return new Cosine(rate, floor, updates);
  }

  /**
   * This rate after {@code updates} updates of linear warm-up. Its own count begins where the
   * warm-up ends, as in optax's {@code join_schedules}.
   */
  default Rate withWarmUp(long updates) {
    return new WarmUp(this, updates);
  }

  /** So many times this rate at every update. */
  default Rate times(double factor) {
    return new Times(this, factor);
  }

  /**
   * {@code factor rate(update)}.
   *
   * @param rate what is multiplied
   * @param factor above 0
   */
  record Times(Rate rate, double factor) implements Rate {
    /** Checks the range. */
    public Times {
      Require.positive("the factor of the learning rate", factor);
    }

    @Override
    public double at(long update) {
      return factor * rate.at(update);
    }
  }

  /**
   * The same rate at every update.
   *
   * @param rate the rate, above 0
   */
  record Constant(double rate) implements Rate {
    /** Checks the range. */
    public Constant {
      Require.positive("the learning rate", rate);
    }

    @Override
    public double at(long update) {
      return rate;
    }
  }

  /**
   * {@code rate * factor^floor(update / every)}.
   *
   * @param rate the rate of the first updates, above 0
   * @param factor what it is multiplied by, above 0 and at most 1
   * @param every after how many updates each time
   */
  record Step(double rate, double factor, long every) implements Rate {
    /** Checks the ranges. */
    public Step {
      Require.positive("the learning rate", rate);
      if (!(factor > 0 && factor <= 1)) {
        throw new IllegalArgumentException(
            "the factor of the learning rate is "
                + factor
                + " but has to be above 0 and at most 1");
      }
      Require.count("the number of updates between two steps of the learning rate", every);
    }

    @Override
    public double at(long update) {
      return rate * Powers.power(factor, update / every);
    }
  }

  /**
   * {@code floor + (rate - floor) (1 + cos(pi update / updates)) / 2}, then {@code floor}
   * (Loshchilov and Hutter 2017, "SGDR", eq. 5, without restarts).
   *
   * @param rate the rate of the first update, above 0
   * @param floor the rate from update number {@code updates} on; 0 is allowed and stops learning
   * @param updates how many updates the way down takes
   */
  record Cosine(double rate, double floor, long updates) implements Rate {
    /** Checks the ranges. */
    public Cosine {
      Require.positive("the learning rate", rate);
      if (!(floor >= 0 && floor <= rate)) {
        throw new IllegalArgumentException(
            "the floor of the learning rate is "
                + floor
                + " but has to be at least 0 and at most the rate, "
                + rate);
      }
      Require.count("the number of updates of the cosine", updates);
    }

    @Override
    public double at(long update) {
      if (update >= updates) {
        return floor;
      }
      double way = (double) update / updates;
      // StrictMath: the same bits whether interpreted or compiled.
      return floor + (rate - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * way));
    }
  }

  /**
   * {@code rate(0) (update + 1) / (updates + 1)} during the warm-up, {@code rate(update - updates)}
   * after it: the first update already moves the weights and no rate comes twice.
   *
   * @param rate what follows
   * @param updates how many updates the warm-up takes
   */
  record WarmUp(Rate rate, long updates) implements Rate {
    /** Checks the range. */
    public WarmUp {
      Require.count("the number of updates of the warm-up", updates);
    }

    @Override
    public double at(long update) {
      return update >= updates
          ? rate.at(update - updates)
          : rate.at(0) * ((update + 1.0) / (updates + 1.0));
    }
  }
}
