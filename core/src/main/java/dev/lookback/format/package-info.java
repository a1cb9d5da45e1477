/**
 * Numbers on disk: safetensors files, read strictly and written atomically.
 *
 * <p>A file is read or refused with a {@link dev.lookback.format.FormatException} that says what is
 * wrong with it. What a header claims is checked against the file's size before anything is
 * allocated.
 */
@NullMarked
package dev.lookback.format;

import org.jspecify.annotations.NullMarked;
