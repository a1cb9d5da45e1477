/** Tests of what the peers share. */
@NullMarked
package dev.lookback.bench.peers;

import org.jspecify.annotations.NullMarked;
