@NullMarked
package dev.lookback.cli.plan;

import org.jspecify.annotations.NullMarked;
