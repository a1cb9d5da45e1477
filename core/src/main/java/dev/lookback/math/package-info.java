/**
 * Float kernels: products, activations, the team of threads, and randomness as a function of its
 * indices. The only room that knows SIMD or threads.
 */
@NullMarked
package dev.lookback.math;

import org.jspecify.annotations.NullMarked;
