/** Cells stacked on each other, a readout, and the weights of all. */
@NullMarked
package dev.lookback.network;

import org.jspecify.annotations.NullMarked;
