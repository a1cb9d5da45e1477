/** Words for people: which name they may have meant, and sentences on lines of a terminal. */
@NullMarked
package dev.lookback.cli.words;

import org.jspecify.annotations.NullMarked;
