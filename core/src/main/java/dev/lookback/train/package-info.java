/** The short loop: windows in, updates out, as a lazy stream of results. */
@NullMarked
package dev.lookback.train;

import org.jspecify.annotations.NullMarked;
