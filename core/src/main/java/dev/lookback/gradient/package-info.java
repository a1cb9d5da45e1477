/**
 * How credit travels through time: couplings, sweeps, and the pass that carries them out.
 *
 * <p>Letters: xi the coupling vector, delta the adjoint of a state, q the gradient that enters a
 * state through its own output.
 */
@NullMarked
package dev.lookback.gradient;

import org.jspecify.annotations.NullMarked;
