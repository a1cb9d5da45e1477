/**
 * Sequences that are made up, and whose least possible loss is known: what a network that remembers
 * enough reaches, and what one reaches that remembers less.
 *
 * <p>Legend: T a length in steps, V ids, H(p) = -p ln p - (1 - p) ln(1 - p) the entropy of a coin
 * in nats. {@link dev.lookback.data.task.Tasks} lists them and reads their labels; {@link
 * dev.lookback.data.TaskStream} makes windows of them.
 */
@NullMarked
package dev.lookback.data.task;

import org.jspecify.annotations.NullMarked;
