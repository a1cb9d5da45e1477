/** JMH benchmarks: ratios, run by hand. */
@NullMarked
package dev.lookback.bench;

import org.jspecify.annotations.NullMarked;
