/** One flat array with names: layouts, and how a fresh network's numbers are drawn. */
@NullMarked
package dev.lookback.weights;

import org.jspecify.annotations.NullMarked;
