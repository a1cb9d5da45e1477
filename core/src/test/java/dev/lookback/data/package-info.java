/** Tests of the data room. */
@NullMarked
package dev.lookback.data;

import org.jspecify.annotations.NullMarked;
