/**
 * What a network is shown: T steps of B lanes, time-major, with inputs, targets, resets and
 * weights.
 */
@NullMarked
package dev.lookback.window;

import org.jspecify.annotations.NullMarked;
