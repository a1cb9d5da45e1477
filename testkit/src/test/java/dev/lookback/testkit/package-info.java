/** Whether the checks pass what is right and catch what is wrong. */
@NullMarked
package dev.lookback.testkit;

import org.jspecify.annotations.NullMarked;
