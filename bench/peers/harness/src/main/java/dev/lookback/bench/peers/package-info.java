/**
 * What the programs of the peers share: their options, the clock and the report, one JSON line.
 *
 * <p>Letters: V vocabulary, H hidden, B streams, T steps.
 */
@NullMarked
package dev.lookback.bench.peers;

import org.jspecify.annotations.NullMarked;
