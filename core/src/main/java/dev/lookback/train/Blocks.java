package dev.lookback.train;

import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.gradient.SlidingWindows;

/**
 * Into blocks of how many steps a training cuts its windows, so that it keeps to its memory.
 *
 * @param trainer what has a memory
 * @param coupling what it trains with at present
 * @param sampling its windows, at the coupling's stride
 * @param memory what they may take
 */
record Blocks(Trainer trainer, Coupling coupling, Sampling sampling, Memory memory) {

  /**
   * The blocks of a pass for so many lanes.
   *
   * @throws IllegalArgumentException if the memory is too small, with the smallest that works
   */
  Footprint within(int lanes) {
    boolean resets = trainer.resets(sampling);
    if (coupling instanceof Coupling.Sliding sliding) {
      return Footprint.within(trainer.network(), lanes, windows(sliding), memory, resets);
    }
    return Footprint.within(trainer.network(), lanes, sweepSteps(lanes), memory, resets);
  }

  /** The smallest memory that works for so many lanes, in bytes. */
  long smallest(int lanes) {
    long steps = sweepSteps(lanes);
    return Footprint.candidates(trainer.network(), lanes, trainer.resets(sampling)).stream()
        .mapToLong(
            candidate ->
                coupling instanceof Coupling.Sliding sliding
                    ? candidate.peak(windows(sliding))
                    : candidate.smallest(steps))
        .min()
        .orElseThrow();
  }

  private SlidingWindows windows(Coupling.Sliding sliding) {
    return new SlidingWindows(sliding, sampling.steps(), trainer.carries(sampling));
  }

  // The steps that a sweep has to remember, as far as that is known before.
  private long sweepSteps(int lanes) {
    boolean own = trainer.stride() == Stride.OWN;
    if (coupling instanceof Coupling.Fixed fixed) {
      return own ? fixed.tau() : Math.min(fixed.tau(), sampling.steps());
    } else if (coupling instanceof Coupling.Randomised random && own) {
      // A draw may be longer than any number: at least so long that it is cut into blocks, and with
      // room for those every length can be gone back through.
      return Math.max((long) Math.ceil(random.mean()), 2L * Pass.blockStepsFor(lanes));
    }
    return sampling.steps();
  }
}
