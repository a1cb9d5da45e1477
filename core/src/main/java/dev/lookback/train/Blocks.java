package dev.lookback.train;

import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import java.util.List;

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
    if (!(coupling instanceof Coupling.Sliding sliding) || memory.budget().isEmpty()) {
      return Footprint.within(
          trainer.network(), lanes, sweepSteps(lanes), memory, trainer.resets(sampling));
    }
    // What sweeps share is never computed again, so that only their blocks' size can give way.
    for (Footprint candidate : candidates(lanes)) {
      if (peak(candidate, sliding) <= memory.bytes()) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "a memory of "
            + memory.bytes()
            + " bytes is too small for "
            + sliding.label()
            + " with windows of "
            + sampling.steps()
            + " steps of "
            + lanes
            + " lanes: what its sweeps share is remembered and never computed again, and the"
            + " smallest that works is "
            + smallest(lanes)
            + " bytes. Use a shorter K2, fewer lanes, fewer hidden units or more memory");
  }

  /** The smallest memory that works for so many lanes, in bytes. */
  long smallest(int lanes) {
    long steps = sweepSteps(lanes);
    return candidates(lanes).stream()
        .mapToLong(
            candidate ->
                coupling instanceof Coupling.Sliding sliding
                    ? peak(candidate, sliding)
                    : candidate.smallest(steps))
        .min()
        .orElseThrow();
  }

  private List<Footprint> candidates(int lanes) {
    return Footprint.candidates(trainer.network(), lanes, trainer.resets(sampling));
  }

  private long peak(Footprint footprint, Coupling.Sliding sliding) {
    if (trainer.carries(sampling)) {
      return footprint.peak(sliding, sampling.steps());
    }
    Coupled coupled = sliding.couple(sampling.steps(), 1, Randomness.of(0));
    return footprint.peak(coupled);
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
