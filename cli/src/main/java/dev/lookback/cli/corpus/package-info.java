/**
 * Texts by name: the corpora that are built in, where files for them are looked up, and the one
 * download there is.
 */
@NullMarked
package dev.lookback.cli.corpus;

import org.jspecify.annotations.NullMarked;
