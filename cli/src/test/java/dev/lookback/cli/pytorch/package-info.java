@NullMarked
package dev.lookback.cli.pytorch;

import org.jspecify.annotations.NullMarked;
