/**
 * What to keep and what to recompute: plans for exact backpropagation within a number of bytes, as
 * actions over block numbers. Integers only; no network is known here, and a plan never changes a
 * bit of the gradient.
 *
 * <p>Going back through a block (S consecutive steps) needs its tape, which is made by computing
 * the block forward. What a plan counts:
 *
 * <pre>
 *   bytes = states kept * stateBytes + tapes * tapeBytes
 *   tapes = those kept, one more while blocks are advanced through; never fewer than one
 * </pre>
 *
 * <p>The running state, "at hand", is not counted. A tape also holds the states that enter and
 * leave its block, so that computing can start again behind a kept tape.
 *
 * <p>Letters: t blocks, m bytes that are free besides the working tape, s = stateBytes, a =
 * tapeBytes, y blocks advanced through, r how often a block is computed again.
 */
@NullMarked
package dev.lookback.schedule;

import org.jspecify.annotations.NullMarked;
