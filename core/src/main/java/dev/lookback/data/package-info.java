/**
 * Sequences in: text as ids that may be larger than memory, splits by position, and the two ways to
 * draw windows from them.
 *
 * <p>Legend: T steps of a window, B lanes (or windows in a batch), V ids. {@link
 * dev.lookback.data.TextSource} names the text, {@link dev.lookback.data.Corpus} reads it once,
 * {@link dev.lookback.data.Split} cuts it, {@link dev.lookback.data.Lanes} and {@link
 * dev.lookback.data.Windows} draw from it. {@link dev.lookback.data.TaskStream} makes windows of a
 * task instead.
 */
@NullMarked
package dev.lookback.data;

import org.jspecify.annotations.NullMarked;
