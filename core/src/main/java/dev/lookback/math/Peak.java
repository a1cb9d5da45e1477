package dev.lookback.math;

/**
 * How many floating-point operations a second the machine does at most: fused multiply-adds on
 * registers, with nothing to load or store.
 *
 * <p>Every thread of the team runs twelve chains {@code s = s x + y} side by side, so many that no
 * one waits for another's latency, in the widest vectors that the kernels use; where they are
 * scalar, so are the chains, and the peak is that of scalar code. A fused multiply-add counts as
 * two operations. All threads run at once, because cores that share power or a pipeline are slower
 * together than one is alone.
 *
 * <p>No product can do more than this, and none that has to load its numbers does quite as much.
 */
public final class Peak {
  private static final int CHAINS = 12;
  // Some microseconds of work between two looks at the clock.
  private static final int ROUNDS = 4096;
  // The first of them are compiled meanwhile; the best of them counts.
  private static final int WINDOWS = 10;
  // s = 0.5 s + 0.5 goes to 1: no number becomes infinite or subnormal.
  private static final float HALF = 0.5f;

  private final long[] rounds;
  private final float[] kept;
  private final int width;
  private volatile long deadline;

  private Peak(int threads, int width) {
    this.rounds = new long[threads];
    this.kept = new float[threads];
    this.width = width;
  }

  /**
   * Measures.
   *
   * @param seconds for how long; half a second is enough for the compiler and a few windows
   * @return 10^9 operations a second, of all threads of the team together
   */
  public static double gigaflops(Team team, double seconds) {
    if (!(seconds > 0) || seconds > 3600) {
      throw new IllegalArgumentException(
          "the peak would be measured for " + seconds + " s but needs more than 0, such as 0.5");
    }
    boolean scalar = team.worker().kernel() instanceof ScalarKernel;
    return new Peak(team.size(), scalar ? 1 : VectorPeak.width()).best(team, seconds);
  }

  private double best(Team team, double seconds) {
    double best = 0;
    for (int w = 0; w < WINDOWS; w++) {
      for (int t = 0; t < rounds.length; t++) {
        rounds[t] = 0;
      }
      long start = System.nanoTime();
      deadline = start + (long) (seconds / WINDOWS * 1e9);
      team.split(rounds.length, Integer.MAX_VALUE, this::fill);
      double elapsed = (System.nanoTime() - start) * 1e-9;
      long sum = 0;
      for (long count : rounds) {
        sum += count;
      }
      best = Math.max(best, 2.0 * CHAINS * width * sum / elapsed * 1e-9);
    }
    return best;
  }

  // A part for each thread; a part that comes after the window is over does nothing.
  private void fill(Worker worker, int from, int to) {
    for (int part = from; part < to; part++) {
      do {
        kept[part] =
            width == 1 ? chains(ROUNDS, kept[part]) : VectorPeak.chains(ROUNDS, kept[part]);
        rounds[part] += ROUNDS;
      } while (System.nanoTime() - deadline < 0);
    }
  }

  // What it starts from and what it returns keep the compiler from leaving it out, and chains that
  // start apart from doing one for all.
  private static float chains(int rounds, float start) {
    float s0 = start;
    float s1 = start + 1;
    float s2 = start + 2;
    float s3 = start + 3;
    float s4 = start + 4;
    float s5 = start + 5;
    float s6 = start + 6;
    float s7 = start + 7;
    float s8 = start + 8;
    float s9 = start + 9;
    float s10 = start + 10;
    float s11 = start + 11;
    for (int i = 0; i < rounds; i++) {
      s0 = Fused.multiplyAdd(s0, HALF, HALF);
      s1 = Fused.multiplyAdd(s1, HALF, HALF);
      s2 = Fused.multiplyAdd(s2, HALF, HALF);
      s3 = Fused.multiplyAdd(s3, HALF, HALF);
      s4 = Fused.multiplyAdd(s4, HALF, HALF);
      s5 = Fused.multiplyAdd(s5, HALF, HALF);
      s6 = Fused.multiplyAdd(s6, HALF, HALF);
      s7 = Fused.multiplyAdd(s7, HALF, HALF);
      s8 = Fused.multiplyAdd(s8, HALF, HALF);
      s9 = Fused.multiplyAdd(s9, HALF, HALF);
      s10 = Fused.multiplyAdd(s10, HALF, HALF);
      s11 = Fused.multiplyAdd(s11, HALF, HALF);
    }
    return Math.max(
        Math.max(Math.max(s0, s1), Math.max(s2, s3)),
        Math.max(
            Math.max(Math.max(s4, s5), Math.max(s6, s7)),
            Math.max(Math.max(s8, s9), Math.max(s10, s11))));
  }
}
