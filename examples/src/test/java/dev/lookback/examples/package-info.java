/** The examples, run and checked. */
@NullMarked
package dev.lookback.examples;

import org.jspecify.annotations.NullMarked;
