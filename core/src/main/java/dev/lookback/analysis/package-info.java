/**
 * Looking inside: what an estimator of the gradient is worth, how far back credit reaches, and
 * spectra.
 */
@NullMarked
package dev.lookback.analysis;

import org.jspecify.annotations.NullMarked;
