/** Deeplearning4j on its native backend. */
@NullMarked
package dev.lookback.bench.peers.dl4j;

import org.jspecify.annotations.NullMarked;
