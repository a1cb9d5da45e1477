/** Options as files: a JSON object of option names, and a run's record of all of them. */
@NullMarked
package dev.lookback.cli.config;

import org.jspecify.annotations.NullMarked;
