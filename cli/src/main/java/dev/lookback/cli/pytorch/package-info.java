/** What a PyTorch program needs to use our models. */
@NullMarked
package dev.lookback.cli.pytorch;

import org.jspecify.annotations.NullMarked;
