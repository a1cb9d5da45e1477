package dev.lookback.data;

import dev.lookback.math.Randomness;
import java.util.Optional;

/**
 * B parallel lanes over the tokens: after the first k tokens, the epoch's {@link #offset}, the rest
 * is divided into B contiguous lanes of {@code L = (length - k - 1) / B} steps, and successive
 * windows of T steps advance all lanes together, so that state can be carried from one to the next.
 *
 * <p>Lane b at step t reads token {@code k + b L + t} and has the next one as its target. Left out
 * of an epoch are the first k tokens, the {@code (length - k - 1) mod B} that do not fill all
 * lanes, and, unless {@link #keepingRemainder()}, the last {@code L mod T} steps of each lane.
 * Every token but the first is a target exactly once with one lane, no offset and the remainder
 * kept.
 *
 * <p>This is the sequential partitioning of "Dive into Deep Learning", first edition. There k is
 * drawn from [0, T], here from [0, T) by {@link #withOffsets}; by default it is 0.
 *
 * @param tokens the ids
 * @param lanes B
 * @param steps T
 * @param keepRemainder whether the shorter last window of an epoch is drawn
 * @param offsets where each epoch's offset comes from: empty for 0
 */
public record Lanes(
    Tokens tokens, int lanes, int steps, boolean keepRemainder, Optional<Randomness> offsets)
    implements Sampling {

  /** Checks that there is at least one window. */
  public Lanes {
    if (lanes < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "there are "
              + lanes
              + " lanes of "
              + steps
              + " steps but at least one of each is needed");
    }
    Gather.requireFits(lanes, steps);
    long needed = (long) lanes * (keepRemainder ? 1 : steps) + 1;
    if (tokens.length() < needed) {
      throw new DataException(
          "the "
              + tokens.what()
              + " has "
              + tokens.length()
              + " characters but --batch "
              + lanes
              + " lanes of --steps "
              + steps
              + " need at least "
              + needed
              + ". Lower --batch or --steps, or pass more text.");
    }
  }

  /** Lanes from the first token on; the last steps that do not fill a window are left out. */
  public static Lanes of(Tokens tokens, int lanes, int steps) {
    return new Lanes(tokens, lanes, steps, false, Optional.empty());
  }

  /** The same, with the shorter last window of each epoch. */
  public Lanes keepingRemainder() {
    return new Lanes(tokens, lanes, steps, true, offsets);
  }

  /**
   * The same, each epoch from an offset of its own in [0, T). Where the tokens do not suffice for
   * that, the offset is drawn from as many as leave one window.
   */
  public Lanes withOffsets(Randomness randomness) {
    return new Lanes(tokens, lanes, steps, keepRemainder, Optional.of(randomness));
  }

  @Override
  public boolean carriesState() {
    return true;
  }

  /** How many tokens the epoch leaves out at the start. */
  public int offset(long epoch) {
    if (offsets.isEmpty()) {
      return 0;
    }
    long spare = tokens.length() - 1 - (long) lanes * (keepRemainder ? 1 : steps);
    int bound = (int) Math.min(steps, spare + 1);
    return offsets.get().with("offset").with(epoch).below(bound, 0);
  }

  @Override
  public LaneCursor epoch(long epoch) {
    return new LaneCursor(this, offset(epoch));
  }
}
