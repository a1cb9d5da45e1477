/**
 * From gradient to change: a chain of small rewrites, then a rate.
 *
 * <p>An {@link dev.lookback.optim.Optimizer} is an immutable value, {@link
 * dev.lookback.optim.Updater} its running state. Letters: w weights, g gradient, t updates counted
 * from 1, m and v running means, lr the rate.
 *
 * <p>Everything here is float addition, subtraction, multiplication, division and square root in
 * the order of the array, with factors computed once an update in double: the same bits whether
 * interpreted or compiled.
 */
@NullMarked
package dev.lookback.optim;

import org.jspecify.annotations.NullMarked;
