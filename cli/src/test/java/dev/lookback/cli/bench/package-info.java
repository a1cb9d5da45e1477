@NullMarked
package dev.lookback.cli.bench;

import org.jspecify.annotations.NullMarked;
