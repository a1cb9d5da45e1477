/** Lines of a text in the order of their surprise: reading, ranking, showing. */
@NullMarked
package dev.lookback.cli.score;

import org.jspecify.annotations.NullMarked;
