/** The lookback command. */
@NullMarked
package dev.lookback.cli;

import org.jspecify.annotations.NullMarked;
