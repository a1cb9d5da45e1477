/** What training would cost: bytes exactly, time from a short calibration. */
@NullMarked
package dev.lookback.cli.plan;

import org.jspecify.annotations.NullMarked;
