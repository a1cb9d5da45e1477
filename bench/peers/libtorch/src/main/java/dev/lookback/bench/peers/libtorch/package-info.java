/** libtorch through JavaCPP. */
@NullMarked
package dev.lookback.bench.peers.libtorch;

import org.jspecify.annotations.NullMarked;
