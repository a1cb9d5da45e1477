/** The examples of the README, compiled and run. */
@NullMarked
package dev.lookback.examples;

import org.jspecify.annotations.NullMarked;
