package dev.lookback.schedule;

/**
 * A run of blocks that is still to be gone back through. The state that enters it is at hand.
 *
 * @param start where else that state is, and what may be kept next
 * @param blocks t
 * @param free m, bytes besides the working tape
 */
record Part(Start start, long blocks, long free) {

  enum Start {
    /** Nowhere else. */
    AT_HAND,
    /** Nowhere else; the first block's tape is kept. */
    TAPE_FIRST,
    /** At the end of a kept tape, for as long as this part lasts. */
    KEPT,
    /** The same, on the first way through: once tapes are kept, no states are until none fits. */
    BEHIND_TAPES
  }

  /** Whether nothing can start again at the first block unless its state or its tape is kept. */
  boolean keepsTapeOrState() {
    return start == Start.AT_HAND || start == Start.TAPE_FIRST;
  }
}
