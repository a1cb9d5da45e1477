@NullMarked
package dev.lookback.cli.score;

import org.jspecify.annotations.NullMarked;
