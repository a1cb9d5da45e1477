/** Steps of training and of prediction on made-up windows, their times, and what those come to. */
@NullMarked
package dev.lookback.cli.bench;

import org.jspecify.annotations.NullMarked;
