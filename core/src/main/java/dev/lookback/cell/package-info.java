/**
 * One layer of recurrence over a block of steps, forward and, right under it, backward.
 *
 * <p>Letters: T steps, B lanes, D inputs, H hidden units, t a step, b a lane. Arrays are flat and
 * time-major: row t * B + b of {@code [T, B, H]} holds lane b at step t.
 */
@NullMarked
package dev.lookback.cell;

import org.jspecify.annotations.NullMarked;
