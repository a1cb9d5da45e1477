/** How wrong the outputs are, and the gradient of that with respect to them. */
@NullMarked
package dev.lookback.loss;

import org.jspecify.annotations.NullMarked;
