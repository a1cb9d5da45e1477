/** The command line: commands, their options, and what people see. */
@NullMarked
package dev.lookback.cli;

import org.jspecify.annotations.NullMarked;
