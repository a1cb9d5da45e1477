/** Programs that use the library as anyone would: what it exports, and nothing else of it. */
@NullMarked
package dev.lookback.examples;

import org.jspecify.annotations.NullMarked;
