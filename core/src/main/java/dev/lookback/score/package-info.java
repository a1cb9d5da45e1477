/**
 * How surprising a text is to a model, line by line: what an unusual line of a log is found by.
 *
 * <p>Surprise is counted in nats: {@code -log p} of a character given all before it.
 */
@NullMarked
package dev.lookback.score;

import org.jspecify.annotations.NullMarked;
